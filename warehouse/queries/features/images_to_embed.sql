-- Images with a picture but without features of an encoder, prompt by prompt.
select
    image_id,
    path
from images
where path is not null
    and image_id not in (select image_id from image_features where encoder = $encoder)
order by prompt_id, image_id
