-- Rows that did not come with the starter world, by table.
select
    (select count(*) from prompts where source not in ('starter', 'starter queries')) as prompts,
    (select count(*) from models where model_version_id not in (select unnest($model_version_ids::bigint[]))) as models,
    (select count(*) from images where source not in ('starter', 'starter queries')) as images,
    (select count(*) from judgments where not simulated) as judgments;
