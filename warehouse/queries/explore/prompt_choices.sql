-- Every prompt in its full words, with its visible, hidden and unscored images.
with image_counts as (
    select
        prompt_id,
        count(*) filter (where not hidden) as visible,
        count(*) filter (where hidden) as hidden,
        count(*) filter (where not hidden and gre is null) as unscored
    from image_scores
    group by prompt_id
),

final as (
    select
        prompts.prompt_id,
        prompts.tag,
        prompts.prompt,
        nullif(trim(prompts.negative_prompt), '') as negative_prompt,
        prompts.width,
        prompts.height,
        prompts.note,
        coalesce(image_counts.visible, 0) as visible,
        coalesce(image_counts.hidden, 0) as hidden,
        coalesce(image_counts.unscored, 0) as unscored
    from prompts
    left join image_counts using (prompt_id)
    order by prompts.tag nulls last, prompts.prompt_id
)

select * from final;
