-- Every fact about the named images that are not hidden, flat, for CSV and Parquet, in the order named; reads the relation `wanted`.
with lambdas as (
    select name
    from weight_profiles
    where active
),

final as (
    select
        images.image_id,
        images.prompt_id,
        prompts.tag,
        prompts.prompt,
        nullif(trim(prompts.negative_prompt), '') as negative_prompt,
        images.model_version_id,
        models.model_id,
        models.model_name,
        models.version_name,
        models.base_model,
        models.kind,
        array_to_string(models.tags, ', ') as model_tags,
        models.downloads,
        models.licence,
        models.url,
        images.seed,
        images.width,
        images.height,
        images.steps,
        images.cfg_scale,
        images.sampler,
        image_scores.clip_score,
        image_scores.mcos,
        image_scores.q_clip,
        image_scores.q_mcos,
        image_scores.q_pop,
        image_scores.gre,
        (select name from lambdas) as weight_profile,
        images.source,
        images.simulated,
        images.created_at,
        images.sha256,
        images.path
    from wanted
    inner join images using (image_id)
    inner join image_scores on images.image_id = image_scores.image_id
    left join prompts on images.prompt_id = prompts.prompt_id
    left join models on images.model_version_id = models.model_version_id
    where not image_scores.hidden
    order by wanted.place
)

select * from final
