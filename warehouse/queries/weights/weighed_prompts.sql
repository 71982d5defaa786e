-- Every prompt with its tag, and how many shown images of how many models answer it.
with shown as (
    select
        prompt_id,
        count(*) as images,
        count(distinct model_version_id) as models
    from image_scores
    where not hidden
    group by prompt_id
),

final as (
    select
        prompts.prompt_id,
        prompts.tag,
        prompts.prompt,
        coalesce(shown.images, 0) as images,
        coalesce(shown.models, 0) as models
    from prompts
    left join shown on prompts.prompt_id = shown.prompt_id
)

select * from final order by prompt_id;
