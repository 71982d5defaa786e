-- Hashes of pictures that only hidden images show.
with pictures as (
    select
        images.sha256,
        bool_and(image_scores.hidden) as hidden
    from images
    inner join image_scores using (image_id)
    where images.sha256 is not null
    group by images.sha256
),

final as (
    select sha256 from pictures where hidden
)

select * from final
