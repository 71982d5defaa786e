-- Every image with what its scores need, grouped by prompt; hidden ones last.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        images.image_id,
        images.prompt_id,
        images.model_version_id,
        images.nsfw_score,
        coalesce(images.nsfw_score > threshold.nsfw_threshold, false) as hidden
    from images
    cross join threshold
)

select * from final order by hidden, prompt_id, image_id;
