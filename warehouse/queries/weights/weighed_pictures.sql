-- Shown images of one prompt with their model and picture.
with final as (
    select
        image_scores.image_id,
        image_scores.model_version_id,
        images.sha256
    from image_scores
    inner join images on image_scores.image_id = images.image_id
    where image_scores.prompt_id = $prompt_id and not image_scores.hidden
)

select * from final order by image_id;
