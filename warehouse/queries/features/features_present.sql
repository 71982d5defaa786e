-- How much has features of an encoder already, and how many images have no picture to take them from.
select
    (select count(*) from image_features where encoder = $encoder) as images,
    (select count(*) from prompt_features where encoder = $encoder) as prompts,
    (
        select count(*)
        from images
        where path is null
            and image_id not in (select image_id from image_features where encoder = $encoder)
    ) as images_without_picture
