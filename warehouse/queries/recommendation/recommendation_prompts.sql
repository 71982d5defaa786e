-- Prompts that compare models (two or more have a shown picture), with text features of an encoder where there are any.
with compared as (
    select prompt_id
    from image_scores
    where not hidden
    group by prompt_id
    having count(distinct model_version_id) > 1
),

features as (
    select
        prompt_features.prompt_id,
        prompt_features.vector
    from prompt_features
    inner join encoders on prompt_features.encoder = encoders.encoder
    where prompt_features.encoder = $encoder::varchar
        and len(prompt_features.vector) = encoders.dimension
),

final as (
    select
        prompts.prompt_id,
        prompts.tag,
        prompts.prompt,
        features.vector
    from prompts
    inner join compared on prompts.prompt_id = compared.prompt_id
    left join features on prompts.prompt_id = features.prompt_id
)

select * from final
order by prompt_id;
