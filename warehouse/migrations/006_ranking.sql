-- Campaigns of ranking, who opened and closed them, sessions ended early; a session has each step once.
-- Whether a campaign is open and a session under way follows from what happened: nothing is updated.

create table campaigns (
    campaign_id varchar primary key,
    name varchar not null unique,
    prompt_ids bigint[] not null,
    mode varchar not null check (mode in ('random', 'sort', 'battle')),
    settings json not null,
    person_id varchar not null,
    created_at timestamptz not null default now()
);

create sequence campaign_change_steps;

create table campaign_changes (
    change_id bigint primary key default nextval('campaign_change_steps'),
    campaign_id varchar not null,
    state varchar not null check (state in ('open', 'closed')),
    person_id varchar not null,
    note varchar,
    changed_at timestamptz not null default now()
);

create table session_ends (
    session_id varchar not null,
    step integer not null,
    person_id varchar not null,
    created_at timestamptz not null default now(),
    primary key (session_id, step)
);

create unique index judgment_steps on judgments (session_id, step);

-- Answers of ranking sessions that nobody took back: votes, orders and skips. Attention checks are among them.
create view answers_in_force as
with undone as (
    select undoes_judgment_id as judgment_id
    from judgments
    where undoes_judgment_id is not null
),

final as (
    select
        judgments.judgment_id,
        judgments.session_id,
        sessions.campaign,
        judgments.person_id,
        judgments.mode,
        judgments.step,
        judgments.kind,
        judgments.prompt_id,
        judgments.shown_image_ids,
        judgments.outcome,
        judgments.ranked_image_ids,
        judgments.rejected_image_ids,
        judgments.response_time_ms,
        coalesce(judgments.pairing = 'check', false) as is_check,
        judgments.simulated,
        judgments.created_at
    from judgments
    anti join undone using (judgment_id)
    left join sessions on judgments.session_id = sessions.session_id
    where judgments.kind in ('vote', 'order', 'skip')
)

select * from final;
