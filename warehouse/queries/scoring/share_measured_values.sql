-- Give images the value that was measured from the same picture for another image.
insert or ignore into image_metrics (image_id, metric, value, origin)
with measured as (
    select
        images.sha256,
        any_value(image_metrics.value) as value
    from image_metrics
    inner join images using (image_id)
    where image_metrics.metric = $metric and image_metrics.origin = $origin
    group by images.sha256
),

final as (
    select
        images.image_id,
        $metric,
        measured.value,
        $origin
    from images
    inner join measured using (sha256)
)

select * from final
returning image_id;
