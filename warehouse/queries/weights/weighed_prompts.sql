-- Every prompt with its tag, and how many shown images answer it.
with shown as (
    select
        prompt_id,
        count(*) as images
    from image_scores
    where not hidden
    group by prompt_id
),

final as (
    select
        prompts.prompt_id,
        prompts.tag,
        prompts.prompt,
        coalesce(shown.images, 0) as images
    from prompts
    left join shown on prompts.prompt_id = shown.prompt_id
)

select * from final order by prompt_id;
