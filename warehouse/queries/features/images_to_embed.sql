-- Images with a picture but without features of an encoder, prompt by prompt; of all, or of some.
select
    image_id,
    path
from images
where path is not null
    and image_id not in (select image_id from image_features where encoder = $encoder)
    and ($image_ids::varchar[] is null or list_contains($image_ids::varchar[], image_id))
order by prompt_id, image_id
