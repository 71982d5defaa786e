-- Options of the filters with the images that would remain under each, the filter itself set aside; reads the rows of explore_matches.
with tallies as (
    select
        prompt_id,
        model_version_id,
        kept_out_by,
        count(*) as images
    from matches
    where kept_out_by <> 'several'
    group by prompt_id, model_version_id, kept_out_by
),

by_image as (
    select
        kept_out_by,
        source,
        simulated,
        hidden,
        count(*) as images
    from matches
    where kept_out_by in ('', 'source', 'simulated', 'hidden')
    group by kept_out_by, source, simulated, hidden
),

model_options as (
    select
        models.*,
        tallies.kept_out_by,
        tallies.images
    from tallies
    left join models using (model_version_id)
),

options as (
    select
        'tag' as facet,
        coalesce(prompts.tag, '') as value,
        coalesce(prompts.tag, '') as label,
        sum(tallies.images) as remaining
    from tallies
    left join prompts using (prompt_id)
    where tallies.kept_out_by in ('', 'tag')
    group by prompts.tag
    union all
    select
        'prompt',
        prompt_id::varchar,
        coalesce(any_value(left(prompts.prompt, 300)), ''),
        sum(tallies.images)
    from tallies
    left join prompts using (prompt_id)
    where tallies.kept_out_by in ('', 'prompt')
    group by prompt_id
    union all
    select
        'model',
        tallies.model_version_id::varchar,
        coalesce(any_value(models.model_name || coalesce(' · ' || models.version_name, '')), ''),
        sum(tallies.images)
    from tallies
    left join models using (model_version_id)
    where tallies.kept_out_by in ('', 'model')
    group by tallies.model_version_id
    union all
    select 'base_model', coalesce(base_model, ''), coalesce(base_model, ''), sum(images)
    from model_options
    where kept_out_by in ('', 'base_model')
    group by base_model
    union all
    select 'kind', coalesce(kind, ''), coalesce(kind, ''), sum(images)
    from model_options
    where kept_out_by in ('', 'kind')
    group by kind
    union all
    select 'licence', coalesce(licence, ''), coalesce(licence, ''), sum(images)
    from model_options
    where kept_out_by in ('', 'licence')
    group by licence
    union all
    select 'model_tag', model_tag, model_tag, sum(images)
    from (
        select
            unnest(list_distinct(tags)) as model_tag,
            images
        from model_options
        where kept_out_by in ('', 'model_tag')
    )
    group by model_tag
    union all
    select 'source', source, source, sum(images)
    from by_image
    where kept_out_by in ('', 'source')
    group by source
    union all
    select 'simulated', simulated::varchar, '', sum(images)
    from by_image
    where kept_out_by in ('', 'simulated')
    group by simulated
    union all
    select 'hidden', hidden::varchar, '', sum(images)
    from by_image
    where kept_out_by in ('', 'hidden')
    group by hidden
),

final as (
    select
        facet,
        value,
        label,
        remaining::bigint as remaining
    from options
    order by facet, remaining desc, label, value
)

select * from final
