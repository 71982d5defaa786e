-- The first schema: the grid of prompts, models and images, their features and scores, and what people do with them.
-- No foreign keys: DuckDB checks them too eagerly when a parent row is updated. Importers check, `check` finds.

create table prompts (
    prompt_id bigint primary key,
    tag varchar,
    prompt varchar not null,
    negative_prompt varchar,
    width integer,
    height integer,
    seed ubigint,
    sampler varchar,
    cfg_scale double,
    note varchar,
    source varchar not null
);

create table models (
    model_version_id bigint primary key,
    model_id bigint,
    model_name varchar not null,
    version_name varchar,
    base_model varchar,
    kind varchar not null default 'checkpoint' check (kind in ('checkpoint', 'lora', 'merge')),
    tags varchar[] not null default [],
    trained_words varchar[] not null default [],
    downloads bigint check (downloads >= 0),
    url varchar,
    path varchar,
    sha256 varchar,
    licence varchar
);

create table images (
    image_id varchar primary key,
    prompt_id bigint not null,
    model_version_id bigint not null,
    seed ubigint,
    width integer,
    height integer,
    steps integer,
    cfg_scale double,
    sampler varchar,
    path varchar,
    sha256 varchar,
    nsfw_score double,
    source varchar not null,
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

create table encoders (
    encoder varchar primary key,
    name varchar not null,
    weights_sha256 varchar,
    preprocessing varchar not null,
    dimension integer not null check (dimension > 0),
    created_at timestamptz not null default now()
);

create table image_features (
    image_id varchar not null,
    encoder varchar not null,
    vector float[] not null,
    primary key (image_id, encoder)
);

create table prompt_features (
    prompt_id bigint not null,
    encoder varchar not null,
    vector float[] not null,
    primary key (prompt_id, encoder)
);

create table metrics (
    metric varchar primary key,
    label varchar not null,
    description varchar not null,
    scope varchar not null check (scope in ('prompt', 'models')),
    larger_is_better boolean not null
);

insert into metrics values
    ('clip', 'CLIP score', '100 x cosine of image and prompt features', 'prompt', true),
    ('mcos', 'mCos', 'Mean cosine of an image with all images of its prompt, itself included', 'prompt', false),
    ('pop', 'Popularity', 'log10(downloads + 1) of the model', 'models', true);

create table image_metrics (
    image_id varchar not null,
    metric varchar not null,
    value double not null,
    origin varchar not null,
    primary key (image_id, metric)
);

create table scored_metrics (
    image_id varchar not null,
    prompt_id bigint not null,
    metric varchar not null,
    value double not null,
    q double check (q between 0 and 1)
);

create table score_runs (
    score_run_id varchar primary key default uuid(),
    scored_at timestamptz not null default now(),
    encoder varchar,
    nsfw_threshold double,
    images bigint not null,
    inputs_hash varchar not null
);

create table weight_profiles (
    name varchar primary key,
    lambdas map(varchar, double) not null,
    author varchar not null,
    created_at timestamptz not null default now(),
    active boolean not null default false
);

insert into weight_profiles (name, lambdas, author, active)
values ('GEMRec default', map {'clip': 1.0, 'mcos': 0.8, 'pop': 0.2}, 'GEMRec paper', true);

create table warehouse_settings (
    name varchar primary key,
    value varchar not null,
    changed_at timestamptz not null default now()
);

insert into warehouse_settings (name, value) values ('nsfw_threshold', '0.8');

create table people (
    person_id varchar primary key,
    name varchar not null,
    role varchar not null check (role in ('viewer', 'annotator', 'analyst', 'maintainer')),
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

create table sessions (
    session_id varchar primary key,
    person_id varchar not null,
    campaign varchar,
    mode varchar not null check (mode in ('sort', 'battle')),
    prompt_ids bigint[] not null,
    candidate_image_ids varchar[] not null,
    profile varchar not null,
    settings json,
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

create table selections (
    selection_id varchar primary key default uuid(),
    person_id varchar not null,
    session_id varchar,
    prompt_id bigint not null,
    image_id varchar not null,
    model_version_id bigint not null,
    picked boolean not null,
    page varchar not null,
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

create table judgments (
    judgment_id varchar primary key default uuid(),
    idempotency_key varchar not null unique,
    session_id varchar not null,
    person_id varchar not null,
    mode varchar not null check (mode in ('sort', 'battle')),
    step integer not null,
    kind varchar not null check (kind in ('vote', 'order', 'skip', 'undo', 'comment')),
    prompt_id bigint,
    shown_image_ids varchar[] not null default [],
    outcome varchar check (outcome in ('left', 'right', 'tie', 'both_bad')),
    ranked_image_ids varchar[] not null default [],
    rejected_image_ids varchar[] not null default [],
    undoes_judgment_id varchar,
    comment varchar,
    response_time_ms bigint,
    profile varchar not null,
    pairing varchar,
    pairing_probability double,
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

create table jobs (
    job_id varchar primary key default uuid(),
    kind varchar not null,
    person_id varchar not null,
    request json not null,
    request_sha256 varchar not null,
    state varchar not null default 'queued'
        check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress double not null default 0 check (progress between 0 and 1),
    message varchar,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);

create table audit (
    audit_id varchar primary key default uuid(),
    created_at timestamptz not null default now(),
    person_id varchar not null,
    action varchar not null,
    subject varchar not null,
    before json,
    after json
);

-- One row per image. gre is null while a metric that the active profile weighs is missing, and for hidden images.
create view image_scores as
with weights as (
    select
        entry.key as metric,
        entry.value as lambda
    from (
        select unnest(map_entries(lambdas)) as entry
        from weight_profiles
        where active
    )
    where entry.value <> 0
),

threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

scored as (
    select
        scored_metrics.image_id,
        scored_metrics.prompt_id,
        max(value) filter (where metric = 'clip') as clip_score,
        max(value) filter (where metric = 'mcos') as mcos,
        max(q) filter (where metric = 'clip') as q_clip,
        max(q) filter (where metric = 'mcos') as q_mcos,
        max(q) filter (where metric = 'pop') as q_pop,
        coalesce(sum(weights.lambda * q), 0) as weighted_sum,
        count(q) filter (where weights.lambda is not null) as metrics_present
    from scored_metrics
    left join weights using (metric)
    group by scored_metrics.image_id, scored_metrics.prompt_id
),

final as (
    select
        images.image_id,
        images.prompt_id,
        images.model_version_id,
        scored.clip_score,
        scored.mcos,
        scored.q_clip,
        scored.q_mcos,
        scored.q_pop,
        case
            when exists (select 1 from weight_profiles where active)
                and scored.metrics_present = (select count(*) from weights)
                and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
                then scored.weighted_sum
        end as gre,
        coalesce(images.nsfw_score > threshold.nsfw_threshold, false) as hidden
    from images
    cross join threshold
    left join scored on images.image_id = scored.image_id and images.prompt_id = scored.prompt_id
)

select * from final;
