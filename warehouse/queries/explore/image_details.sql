-- Every fact about the named images that are not hidden, with their prompt and model, in the order named.
with named as (
    select
        unnest($image_ids::varchar[]) as image_id,
        generate_subscripts($image_ids::varchar[], 1) as place
),

visible_scores as (
    select
        image_id,
        gre
    from image_scores
    where list_contains($image_ids::varchar[], image_id) and not hidden
),

final as (
    select
        named.place,
        images.image_id,
        images.prompt_id,
        prompts.tag,
        prompts.prompt,
        nullif(trim(prompts.negative_prompt), '') as negative_prompt,
        prompts.note,
        images.model_version_id,
        models.model_id,
        models.model_name,
        models.version_name,
        models.base_model,
        models.kind,
        models.tags,
        models.trained_words,
        models.downloads,
        models.licence,
        models.url,
        images.seed,
        images.width,
        images.height,
        images.steps,
        images.cfg_scale,
        images.sampler,
        images.sha256,
        images.nsfw_score,
        images.source,
        images.simulated,
        images.created_at,
        visible_scores.gre
    from named
    inner join images using (image_id)
    inner join visible_scores using (image_id)
    left join prompts on images.prompt_id = prompts.prompt_id
    left join models on images.model_version_id = models.model_version_id
)

select * from final order by place;
