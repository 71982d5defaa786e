-- Models with a shown picture, with features, of a prompt of their own makers'.
select distinct model_version_id
from identification_pictures
where own
order by model_version_id;
