-- Votes and orders in force of a slice, oldest first, without attention checks; what is null is not asked for.
select
    answers.judgment_id,
    answers.person_id,
    answers.session_id,
    answers.prompt_id,
    answers.kind,
    answers.shown_image_ids,
    answers.outcome,
    answers.ranked_image_ids,
    answers.rejected_image_ids,
    answers.simulated,
    answers.created_at
from answers_in_force as answers
left join prompts on answers.prompt_id = prompts.prompt_id
left join people on answers.person_id = people.person_id
where answers.kind in ('vote', 'order')
    and not answers.is_check
    and ($with_simulated or not answers.simulated)
    and ($tag::varchar is null or prompts.tag = $tag::varchar)
    and ($prompt_ids::bigint[] is null or answers.prompt_id in (select unnest($prompt_ids::bigint[])))
    and ($role::varchar is null or people.role = $role::varchar)
    and ($person_id::varchar is null or answers.person_id = $person_id::varchar)
    and ($campaign::varchar is null or answers.campaign = $campaign::varchar)
    and ($since::timestamptz is null or answers.created_at >= $since::timestamptz)
    and ($until::timestamptz is null or answers.created_at < $until::timestamptz)
order by answers.created_at, answers.session_id, answers.step;
