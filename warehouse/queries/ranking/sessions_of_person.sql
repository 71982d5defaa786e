-- Ranking sessions of a person, the one touched last first, with when that was and whether they were ended early.
with touched as (
    select
        session_id,
        max(created_at) as last_at,
        max(step) filter (where kind <> 'comment') as last_step
    from judgments
    where person_id = $person_id
    group by session_id
),

ended as (
    select
        session_id,
        max(step) as end_step
    from session_ends
    group by session_id
),

final as (
    select
        sessions.session_id,
        sessions.campaign,
        campaigns.name as campaign_name,
        sessions.mode,
        sessions.prompt_ids,
        sessions.created_at,
        greatest(sessions.created_at, touched.last_at) as last_at,
        coalesce(ended.end_step > coalesce(touched.last_step, -1), false) as ended
    from sessions
    left join touched on sessions.session_id = touched.session_id
    left join ended on sessions.session_id = ended.session_id
    left join campaigns on sessions.campaign = campaigns.campaign_id
    where sessions.person_id = $person_id
)

select * from final
order by last_at desc, session_id
limit $most;
