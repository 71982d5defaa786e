-- A block of the prompt x model grid with the best image of each cell by the chosen score; models best on average first. Reads the rows of explore_matches.
with candidates as (
    select
        image_id,
        prompt_id,
        model_version_id,
        case $sort
            when 'gre' then gre
            when 'clip' then clip_score
            when 'distinctiveness' then q_mcos
            when 'popularity' then downloads::double
            when 'nearest' then cosine
        end as score
    from matches
    where kept_out_by = '' and ($sort <> 'nearest' or cosine is not null)
),

model_places as (
    select
        model_version_id,
        row_number() over (order by avg(score) desc nulls last, model_version_id) as model_place,
        count(*) over () as models
    from candidates
    group by model_version_id
),

prompt_places as (
    select
        candidates.prompt_id,
        row_number() over (order by any_value(prompts.tag) nulls last, candidates.prompt_id) as prompt_place,
        count(*) over () as prompts
    from candidates
    left join prompts using (prompt_id)
    group by candidates.prompt_id
),

cells as (
    select
        candidates.*,
        count(*) over (partition by candidates.prompt_id, candidates.model_version_id) as seeds,
        row_number() over (
            partition by candidates.prompt_id, candidates.model_version_id
            order by candidates.score desc nulls last, candidates.image_id
        ) as place_in_cell,
        model_places.model_place,
        model_places.models,
        prompt_places.prompt_place,
        prompt_places.prompts
    from candidates
    inner join model_places using (model_version_id)
    inner join prompt_places using (prompt_id)
    where model_places.model_place > $skip_models
        and model_places.model_place <= $skip_models + $models_shown
        and prompt_places.prompt_place > $skip_prompts
        and prompt_places.prompt_place <= $skip_prompts + $prompts_shown
),

threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        cells.* exclude (place_in_cell, prompts, models),
        cells.prompts as total_prompts,
        cells.models as total_models,
        images.sha256,
        images.width,
        images.height,
        images.simulated,
        images.nsfw_score,
        coalesce(images.nsfw_score > threshold.nsfw_threshold, false) as hidden,
        prompts.tag,
        prompts.prompt,
        models.model_name,
        models.version_name
    from cells
    inner join images using (image_id)
    cross join threshold
    left join prompts on cells.prompt_id = prompts.prompt_id
    left join models on cells.model_version_id = models.model_version_id
    where cells.place_in_cell = 1
)

select * from final order by prompt_place, model_place
