-- Every prompt with its shown and hidden images, and how many of the shown ones the encoder has features of.
with stored as (
    select
        image_features.image_id,
        len(image_features.vector) = encoders.dimension as fits
    from image_features
    inner join encoders on image_features.encoder = encoders.encoder
    where image_features.encoder = $encoder
),

image_counts as (
    select
        image_scores.prompt_id,
        count(*) filter (where not hidden) as shown,
        count(*) filter (where hidden) as hidden,
        count(*) filter (where not hidden and stored.fits) as featured,
        count(*) filter (where not hidden and not stored.fits) as misfits,
        count(distinct model_version_id) filter (where not hidden) as models
    from image_scores
    left join stored on image_scores.image_id = stored.image_id
    group by image_scores.prompt_id
),

final as (
    select
        prompts.prompt_id,
        prompts.tag,
        prompts.prompt,
        coalesce(image_counts.shown, 0) as shown,
        coalesce(image_counts.hidden, 0) as hidden,
        coalesce(image_counts.featured, 0) as featured,
        coalesce(image_counts.misfits, 0) as misfits,
        coalesce(image_counts.models, 0) as models
    from prompts
    left join image_counts on prompts.prompt_id = image_counts.prompt_id
)

select * from final order by tag nulls last, prompt_id;
