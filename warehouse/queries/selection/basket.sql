-- The pictures in a person's basket that are not hidden, in the order of picking.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        baskets.image_id,
        baskets.prompt_id,
        baskets.model_version_id,
        models.model_name,
        models.version_name,
        images.sha256,
        images.simulated
    from baskets
    inner join images using (image_id)
    cross join threshold
    left join models on baskets.model_version_id = models.model_version_id
    where baskets.person_id = $person_id
        and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
    order by baskets.step, baskets.place, baskets.image_id
)

select * from final
