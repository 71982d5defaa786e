-- What a job made so far, in the order of its places, and whether the picture may be shown.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        generated_pictures.place,
        generated_pictures.identity,
        generated_pictures.state,
        generated_pictures.image_id,
        generated_pictures.sha256,
        generated_pictures.path,
        generated_pictures.nsfw_score,
        generated_pictures.recipe,
        generated_pictures.model_version_id,
        generated_pictures.prompt_id,
        coalesce(generated_pictures.nsfw_score > threshold.nsfw_threshold, false) as hidden
    from generated_pictures
    cross join threshold
    where generated_pictures.job_id = $job_id
)

select * from final order by place
