-- The prompt x model grid as cells with their number of images; large grids are drawn in blocks of neighbours.
with ordered_prompts as (
    select
        prompt_id,
        coalesce(tag || ' · ', '') || left(prompt, 90) as label,
        row_number() over (order by tag nulls last, prompt_id) - 1 as place,
        count(*) over () as prompts
    from prompts
),

ordered_models as (
    select
        model_version_id,
        left(model_name, 60) || coalesce(' · ' || left(version_name, 30), '') as label,
        row_number() over (order by downloads desc nulls last, model_version_id) - 1 as place,
        count(*) over () as models
    from models
),

prompt_blocks as (
    select
        prompt_id,
        label,
        place,
        (place * least(prompts, $max_prompts) // prompts)::smallint as prompt_place
    from ordered_prompts
),

model_blocks as (
    select
        model_version_id,
        label,
        place,
        (place * least(models, $max_models) // models)::smallint as model_place
    from ordered_models
),

prompt_axis as (
    select
        prompt_place,
        min_by(label, place) || case when count(*) > 1 then ' and ' || (count(*) - 1) || ' more' else '' end as prompt,
        count(*) as prompts
    from prompt_blocks
    group by prompt_place
),

model_axis as (
    select
        model_place,
        min_by(label, place) || case when count(*) > 1 then ' and ' || (count(*) - 1) || ' more' else '' end as model,
        count(*) as models
    from model_blocks
    group by model_place
),

cell_images as (
    select
        prompt_id,
        model_version_id,
        count(*) as images
    from images
    group by prompt_id, model_version_id
),

block_images as (
    select
        prompt_blocks.prompt_place,
        model_blocks.model_place,
        sum(cell_images.images) as images,
        count(*) as filled
    from cell_images
    inner join prompt_blocks using (prompt_id)
    inner join model_blocks using (model_version_id)
    group by prompt_blocks.prompt_place, model_blocks.model_place
),

final as (
    select
        prompt_axis.prompt_place,
        model_axis.model_place,
        prompt_axis.prompt,
        model_axis.model,
        least(coalesce(block_images.images, 0), 32767)::smallint as images,
        floor(100 * coalesce(block_images.filled, 0) / (prompt_axis.prompts * model_axis.models))::utinyint as percent_filled
    from prompt_axis
    cross join model_axis
    left join block_images
        on prompt_axis.prompt_place = block_images.prompt_place
        and model_axis.model_place = block_images.model_place
    order by prompt_axis.prompt_place, model_axis.model_place
)

select * from final;
