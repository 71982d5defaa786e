-- Example pictures of some models, at most $most each: the best by GRE-Score of every prompt, those of the nearest prompts (relation near_prompts) first.
with shown as (
    select
        scores.model_version_id,
        scores.prompt_id,
        scores.image_id,
        images.sha256,
        images.simulated,
        prompts.prompt,
        coalesce(near_prompts.nearness, 0) as nearness,
        scores.gre
    from image_scores as scores
    inner join images on scores.image_id = images.image_id
    inner join prompts on scores.prompt_id = prompts.prompt_id
    left join near_prompts on scores.prompt_id = near_prompts.prompt_id
    where not scores.hidden
        and scores.model_version_id in (select unnest($models::bigint[]))
    qualify row_number() over (
        partition by scores.model_version_id, scores.prompt_id
        order by images.sha256 is null, scores.gre desc nulls last, scores.image_id
    ) = 1
),

placed as (
    select
        *,
        row_number() over (
            partition by model_version_id
            order by nearness desc, sha256 is null, gre desc nulls last, prompt_id
        ) as place
    from shown
),

final as (
    select * exclude (gre)
    from placed
    where place <= $most
)

select * from final
order by model_version_id, place;
