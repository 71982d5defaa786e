-- Cells of a grid that hold a picture.
select distinct
    model_version_id,
    prompt_id
from images
where path is not null
    and list_contains($model_version_ids, model_version_id)
    and list_contains($prompt_ids, prompt_id)
