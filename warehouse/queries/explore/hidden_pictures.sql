-- Hashes of pictures that only hidden images show, or that wait unkept in a job above the NSFW threshold.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

shown as (
    select
        images.sha256,
        image_scores.hidden
    from images
    inner join image_scores using (image_id)
    where images.sha256 is not null
    union all
    select
        generated_pictures.sha256,
        coalesce(generated_pictures.nsfw_score > threshold.nsfw_threshold, false) as hidden
    from generated_pictures
    cross join threshold
    where generated_pictures.state = 'fresh'
),

pictures as (
    select
        sha256,
        bool_and(hidden) as hidden
    from shown
    group by sha256
),

final as (
    select sha256 from pictures where hidden
)

select * from final
