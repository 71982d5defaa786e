-- The selection basket: gestures group the picks that one action made, say what was on screen, and can be undone.
-- The basket is what gestures that are not undone leave behind; nothing is ever updated.

create sequence selection_gesture_steps;

create table selection_gestures (
    gesture_id varchar primary key,
    step bigint not null default nextval('selection_gesture_steps'),
    person_id varchar not null,
    kind varchar not null check (kind in ('pick', 'unpick', 'undo')),
    page varchar not null,
    shown_image_ids varchar[] not null default [],
    shown_count integer not null default 0,
    undoes_gesture_id varchar,
    simulated boolean not null default false,
    created_at timestamptz not null default now()
);

-- The table is made anew: DuckDB 1.5 cannot replay an `alter table` of one whose defaults call functions, so that a
-- kill right after it would leave a file that does not open.
create temporary table earlier_selections as
select * from selections;

drop table selections;

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
    created_at timestamptz not null default now(),
    gesture_id varchar,
    place integer default 0
);

insert into selections by name
select *, selection_id as gesture_id from earlier_selections;

drop table earlier_selections;

insert into selection_gestures (gesture_id, person_id, kind, page, simulated, created_at)
select
    selection_id,
    person_id,
    case when picked then 'pick' else 'unpick' end,
    page,
    simulated,
    created_at
from selections
order by created_at;

-- One row per person and picture that is in their basket now, in the order of picking.
create view baskets as
with undone as (
    select undoes_gesture_id as gesture_id
    from selection_gestures
    where undoes_gesture_id is not null
),

events as (
    select
        selections.person_id,
        selections.image_id,
        selections.picked,
        selections.page,
        selections.simulated,
        selections.created_at,
        selection_gestures.step,
        selections.place,
        row_number() over (
            partition by selections.person_id, selections.image_id
            order by selection_gestures.step desc
        ) as from_last
    from selections
    inner join selection_gestures using (gesture_id)
    anti join undone using (gesture_id)
),

final as (
    select
        events.person_id,
        events.image_id,
        images.prompt_id,
        images.model_version_id,
        events.page,
        events.simulated,
        events.created_at as picked_at,
        events.step,
        events.place
    from events
    inner join images using (image_id)
    where events.from_last = 1 and events.picked
)

select * from final;
