-- The other images of an image's cell (same prompt, same model) that are not hidden, by seed.
with asked as (
    select
        prompt_id,
        model_version_id
    from images
    where image_id = $image_id
),

final as (
    select
        images.image_id,
        images.seed
    from images
    inner join asked
        on images.prompt_id = asked.prompt_id and images.model_version_id = asked.model_version_id
    cross join (
        select max(value::double) as nsfw_threshold
        from warehouse_settings
        where name = 'nsfw_threshold'
    ) as threshold
    where images.image_id <> $image_id
        and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
    order by images.seed nulls last, images.image_id
)

select * from final
