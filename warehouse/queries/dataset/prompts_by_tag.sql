-- Prompts of each tag with their images, most prompts first.
with prompt_images as (
    select
        prompt_id,
        count(*) as images
    from images
    group by prompt_id
),

final as (
    select
        coalesce(prompts.tag, 'no tag') as tag,
        count(*) as prompts,
        coalesce(sum(prompt_images.images), 0)::bigint as images
    from prompts
    left join prompt_images using (prompt_id)
    group by prompts.tag
    order by prompts desc, tag
)

select * from final;
