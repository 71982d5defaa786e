-- Every image with its scores and marks: what filters look at, read once for many of them.
with final as (
    select
        images.image_id,
        images.prompt_id,
        images.model_version_id,
        image_scores.gre,
        image_scores.clip_score,
        image_scores.q_mcos,
        images.source,
        images.simulated,
        image_scores.hidden,
        images.created_at::date as added
    from images
    inner join image_scores using (image_id)
)

select * from final
