-- Who judged how much of which prompt in a campaign, and who holds a prompt by a recent session that is not ended.
with begun as (
    select
        sessions.session_id,
        sessions.person_id,
        unnest(sessions.prompt_ids) as prompt_id,
        sessions.created_at
    from sessions
    where sessions.campaign = $campaign_id and ($with_simulated or not sessions.simulated)
),

judged as (
    select
        prompt_id,
        person_id,
        count(*) as judgments,
        sum(
            case
                when kind = 'vote' then (outcome <> 'both_bad')::integer
                else len(ranked_image_ids) * (len(ranked_image_ids) - 1) // 2
                    + len(ranked_image_ids) * len(rejected_image_ids)
            end
        )::bigint as pairs
    from answers_in_force
    where campaign = $campaign_id
        and kind <> 'skip'
        and not is_check
        and ($with_simulated or not simulated)
    group by prompt_id, person_id
),

ended as (
    select distinct session_id
    from session_ends
),

held as (
    select
        begun.prompt_id,
        begun.person_id,
        bool_or(begun.created_at >= $since and ended.session_id is null) as held
    from begun
    left join ended on begun.session_id = ended.session_id
    group by begun.prompt_id, begun.person_id
),

final as (
    select
        held.prompt_id,
        held.person_id,
        coalesce(judged.judgments, 0) as judgments,
        coalesce(judged.pairs, 0) as pairs,
        held.held
    from held
    left join judged on held.prompt_id = judged.prompt_id and held.person_id = judged.person_id
)

select * from final
order by prompt_id, person_id;
