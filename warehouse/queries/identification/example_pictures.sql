-- Features, model and prompt of shown pictures that are given as examples.
select
    image_id,
    model_version_id,
    prompt_id,
    vector
from identification_pictures
where encoder = $encoder
    and image_id in (select unnest($image_ids::varchar[]))
order by image_id;
