-- Images of a grid that were made here: a run that was killed may have left some without features.
select image_id
from images
where source = $source
    and path is not null
    and list_contains($model_version_ids, model_version_id)
    and list_contains($prompt_ids, prompt_id)
order by image_id
