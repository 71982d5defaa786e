-- How many visible images of a prompt (all prompts where null) have sound features but no place on the kept map.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

on_map as (
    select image_id from projection_points where projection_id = $projection_id
),

final as (
    select count(*) as images
    from image_features
    inner join images using (image_id)
    inner join encoders using (encoder)
    cross join threshold
    anti join on_map using (image_id)
    where image_features.encoder = $encoder
        and ($prompt_id::bigint is null or images.prompt_id = $prompt_id::bigint)
        and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
        and len(image_features.vector) = encoders.dimension
        and len(list_filter(image_features.vector, lambda x: x is null or not isfinite(x))) = 0
        and len(list_filter(image_features.vector, lambda x: x <> 0)) > 0
)

select * from final
