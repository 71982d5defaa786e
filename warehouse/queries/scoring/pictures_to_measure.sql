-- Pictures whose images lack a value of a metric, each content once, with its images.
with unmeasured as (
    select
        image_id,
        prompt_id,
        path,
        coalesce(sha256, path) as content
    from images
    where path is not null
        and image_id not in (select image_id from image_metrics where metric = $metric)
),

final as (
    select
        min(path) as path,
        list(image_id order by image_id) as image_ids
    from unmeasured
    group by content
    order by min(prompt_id), min(image_id)
)

select * from final;
