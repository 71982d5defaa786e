-- Ranking sessions of a person with what was done in them, the one touched last first; simulated ones only where asked for.
with events as (
    select
        session_id,
        max(created_at) as last_at,
        count(*) filter (where kind = 'undo') as undone,
        count(*) filter (where kind = 'comment') as comments
    from judgments
    where person_id = $person_id
    group by session_id
),

answers as (
    select
        session_id,
        count(*) filter (where kind <> 'skip' and not is_check) as judgments,
        count(*) filter (where kind = 'skip') as skips,
        count(*) filter (where is_check) as checks,
        count(distinct prompt_id) filter (where kind <> 'skip') as prompts,
        median(response_time_ms) / 1000 as response_time_s
    from answers_in_force
    where person_id = $person_id
    group by session_id
),

final as (
    select
        sessions.session_id,
        sessions.mode,
        campaigns.name as campaign_name,
        sessions.created_at,
        coalesce(events.last_at, sessions.created_at) as last_at,
        coalesce(answers.prompts, 0) as prompts,
        coalesce(answers.judgments, 0) as judgments,
        coalesce(answers.skips, 0) as skips,
        coalesce(answers.checks, 0) as checks,
        coalesce(events.undone, 0) as undone,
        answers.response_time_s,
        coalesce(events.comments, 0) as comments,
        sessions.simulated
    from sessions
    left join events on sessions.session_id = events.session_id
    left join answers on sessions.session_id = answers.session_id
    left join campaigns on sessions.campaign = campaigns.campaign_id
    where sessions.person_id = $person_id and ($with_simulated or not sessions.simulated)
)

select * from final
order by last_at desc, session_id;
