-- Prompts with text features of an encoder, and whether they belong to the queries that are kept apart.
with final as (
    select
        prompts.prompt_id,
        prompts.prompt,
        coalesce(prompts.source = $kept_apart, false) as kept_apart,
        prompt_features.vector
    from prompt_features
    inner join prompts on prompt_features.prompt_id = prompts.prompt_id
    inner join encoders on prompt_features.encoder = encoders.encoder
    where prompt_features.encoder = $encoder
        and len(prompt_features.vector) = encoders.dimension
)

select * from final
order by prompt_id;
