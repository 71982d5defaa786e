-- Weight profiles say how metrics are normalised and carry a note; who put which into force is kept; more metrics.
-- Tables are made anew, as 003 says.

create temporary table earlier_profiles as
select * from weight_profiles;

drop table weight_profiles;

create table weight_profiles (
    name varchar primary key,
    lambdas map(varchar, double) not null,
    author varchar not null,
    created_at timestamptz not null default now(),
    active boolean not null default false,
    normalisation varchar not null default 'min-max' check (normalisation in ('min-max', 'rank', 'z-score')),
    note varchar
);

insert into weight_profiles by name
select * from earlier_profiles;

create sequence profile_activation_steps;

create table profile_activations (
    activation_id bigint primary key default nextval('profile_activation_steps'),
    profile varchar not null,
    previous varchar,
    person_id varchar not null,
    note varchar,
    activated_at timestamptz not null default now()
);

-- The default was in force from the start; what followed is in the audit log.
insert into profile_activations (profile, person_id, activated_at)
select
    name,
    author,
    created_at
from earlier_profiles
where name = 'GEMRec default';

insert into profile_activations (profile, previous, person_id, activated_at)
select
    subject,
    before ->> 'active',
    person_id,
    created_at
from audit
where action = 'activate weight profile' and subject is distinct from (before ->> 'active')
order by created_at;

drop table earlier_profiles;

-- Runs say how they normalised and which metrics they scored, so that a change of either is noticed.
create temporary table earlier_runs as
select * from score_runs;

drop table score_runs;

create table score_runs (
    score_run_id varchar primary key default uuid(),
    scored_at timestamptz not null default now(),
    encoder varchar,
    nsfw_threshold double,
    images bigint not null,
    inputs_hash varchar not null,
    normalisation varchar not null default 'min-max',
    metrics varchar[] not null default ['clip 1', 'mcos 1', 'pop 1']
);

insert into score_runs by name
select * from earlier_runs;

drop table earlier_runs;

insert or ignore into metrics values
    ('nsfw', 'NSFW score', 'Unsafe-content score of the picture, 0 to 1', 'prompt', false),
    ('sharpness', 'Sharpness', 'Variance of the Laplacian of the grey picture at a longer side of 512 px', 'prompt', true),
    ('aesthetic', 'Aesthetic score', 'What a predictor head reads from the features of the picture', 'prompt', true);
