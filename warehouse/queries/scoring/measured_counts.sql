-- How many images have a value of a metric, and how many lack one and have no picture to measure.
with valued as (
    select image_id
    from image_metrics
    where metric = $metric
)

select
    (select count(*) from valued) as images,
    (
        select count(*)
        from images
        where path is null and image_id not in (select image_id from valued)
    ) as images_without_picture;
