-- What each annotator did in a campaign: sessions, judgments, skips, pace, and when last.
with taken as (
    select
        person_id,
        count(*) as sessions,
        max(created_at) as last_start
    from sessions
    where campaign = $campaign_id and ($with_simulated or not simulated)
    group by person_id
),

answered as (
    select
        person_id,
        count(*) filter (where kind <> 'skip' and not is_check) as judgments,
        count(*) filter (where kind = 'skip') as skips,
        median(response_time_ms) as response_time_ms,
        max(created_at) as last_answer
    from answers_in_force
    where campaign = $campaign_id and ($with_simulated or not simulated)
    group by person_id
),

final as (
    select
        taken.person_id,
        coalesce(people.name, taken.person_id) as person_name,
        taken.sessions,
        coalesce(answered.judgments, 0) as judgments,
        coalesce(answered.skips, 0) as skips,
        answered.response_time_ms,
        greatest(taken.last_start, answered.last_answer) as last_at
    from taken
    left join answered on taken.person_id = answered.person_id
    left join people on taken.person_id = people.person_id
)

select * from final
order by judgments desc, person_id;
