-- Models with a shown picture: what names them and what they are filtered by.
select
    model_version_id,
    model_name,
    version_name,
    base_model,
    licence,
    downloads
from models
where model_version_id in (select model_version_id from image_scores where not hidden)
order by model_version_id;
