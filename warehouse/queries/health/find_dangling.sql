-- Rows that refer to something that is not there: what is wrong, how many, and up to five examples.
with references_found as (
    select 'images without their prompt' as problem, image_id as example
    from images anti join prompts using (prompt_id)
    union all
    select 'images without their model', image_id
    from images anti join models using (model_version_id)
    union all
    select 'image features without their image', image_id || ' (' || encoder || ')'
    from image_features anti join images using (image_id)
    union all
    select 'prompt features without their prompt', prompt_id || ' (' || encoder || ')'
    from prompt_features anti join prompts using (prompt_id)
    union all
    select 'image features of an unknown encoder', image_id || ' (' || encoder || ')'
    from image_features anti join encoders using (encoder)
    union all
    select 'prompt features of an unknown encoder', prompt_id || ' (' || encoder || ')'
    from prompt_features anti join encoders using (encoder)
    union all
    select 'metrics without their image', image_id || ' (' || metric || ')'
    from image_metrics anti join images using (image_id)
    union all
    select 'unknown metrics', image_id || ' (' || metric || ')'
    from image_metrics anti join metrics using (metric)
    union all
    select 'selections without their image', selection_id
    from selections anti join images using (image_id)
    union all
    select 'judgments without their session', judgment_id
    from judgments anti join sessions using (session_id)
    union all
    select 'judgments of pictures that are not there', shown.judgment_id
    from (select judgment_id, unnest(shown_image_ids) as image_id from judgments) as shown
    anti join images using (image_id)
    union all
    select 'judgments without their person', judgment_id
    from judgments anti join people using (person_id)
    union all
    select 'selections without their person', selection_id
    from selections anti join people using (person_id)
    union all
    select 'sessions without their person', session_id
    from sessions anti join people using (person_id)
    union all
    select 'recipes without their image', image_id
    from image_recipes anti join images using (image_id)
    union all
    select 'kept pictures of jobs without their image', job_id || ' (' || place || ')'
    from generated_pictures anti join images using (image_id)
    where state in ('kept', 'found')
    union all
    select 'pictures of an unknown job', job_id || ' (' || place || ')'
    from generated_pictures anti join jobs using (job_id)
    union all
    select 'model parts without their model', model_parts.model_version_id || ' (' || part_version_id || ')'
    from model_parts anti join models on model_parts.part_version_id = models.model_version_id
),

final as (
    select
        problem,
        count(*) as found,
        list(example order by example)[1:5] as examples
    from references_found
    group by problem
)

select * from final order by problem
