-- Features of visible images of a prompt (all prompts where null) that are on no map yet, or not on the one named.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

on_map as (
    select image_id from projection_points where projection_id = $projection_id::varchar
)

select
    image_features.image_id,
    image_features.vector
from image_features
inner join images using (image_id)
inner join encoders using (encoder)
cross join threshold
anti join on_map using (image_id)
where image_features.encoder = $encoder
    and ($prompt_id::bigint is null or images.prompt_id = $prompt_id::bigint)
    and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
    and len(image_features.vector) = encoders.dimension
order by image_features.image_id
