-- Pictures made here: their recipes, what each job made, what combined models are made of, speeds, words not allowed.

-- The hash of a model that is a folder no longer depends on the folder's name.
update models
set sha256 = '987d432fe2b54644a88a9851d6eee3b9211dafe13f932789af383da441ec6af6'
where path = 'models/starter/base';

create table image_recipes (
    image_id varchar primary key,
    identity varchar not null,
    recipe json not null,
    job_id varchar,
    created_at timestamptz not null default now()
);

create index image_recipe_identities on image_recipes (identity);

create table generated_pictures (
    job_id varchar not null,
    place integer not null,
    identity varchar not null,
    model_version_id bigint not null,
    prompt_id bigint,
    image_id varchar not null,
    sha256 varchar not null,
    path varchar not null,
    nsfw_score double,
    recipe json,
    state varchar not null check (state in ('found', 'fresh', 'kept', 'discarded')),
    created_at timestamptz not null default now(),
    primary key (job_id, place)
);

create table model_parts (
    model_version_id bigint not null,
    part_version_id bigint not null,
    scale double,
    primary key (model_version_id, part_version_id)
);

create table base_settings (
    base_model varchar primary key,
    width integer not null,
    height integer not null,
    steps integer not null,
    cfg_scale double not null,
    sampler varchar not null,
    guidance_rescale double not null default 0
);

-- Where the starter world is here already; an empty home gets this row with it.
insert into base_settings
select distinct 'Gemboard Base 1.0', 128, 128, 16, 4.0, 'DDIM trailing', 0.6
from models
where path = 'models/starter/base';

create table generation_runs (
    run_id varchar primary key default uuid(),
    job_id varchar,
    device varchar not null,
    model_sha256 varchar not null,
    loras integer not null,
    pictures integer not null,
    width integer not null,
    height integer not null,
    steps integer not null,
    load_s double not null,
    make_s double not null,
    created_at timestamptz not null default now()
);

create table blocked_words (
    word varchar primary key,
    person_id varchar not null,
    created_at timestamptz not null default now()
);

-- What no studio should make unasked; maintainers add to it and take from it.
insert into blocked_words (word, person_id)
select word, 'default'
from (values
    ('child porn'),
    ('child pornography'),
    ('child erotica'),
    ('csam'),
    ('naked child'),
    ('naked children'),
    ('nude child'),
    ('nude children'),
    ('sexualized child'),
    ('sexualized minor'),
    ('underage sex'),
    ('underage nude'),
    ('underage nudity'),
    ('preteen nude'),
    ('lolicon'),
    ('shotacon'),
    ('jailbait'),
    ('pedophilia'),
    ('paedophilia'),
    ('rape'),
    ('raped'),
    ('raping'),
    ('sexual assault'),
    ('sexual violence'),
    ('gore'),
    ('guro'),
    ('decapitated'),
    ('dismembered'),
    ('disemboweled'),
    ('snuff film')
) as defaults (word);
