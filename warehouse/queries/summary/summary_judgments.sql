-- Votes and orders in force, but for attention checks: a person's own, of one session or all, and everybody else's; of a tag or all.
with final as (
    select
        answers_in_force.judgment_id,
        answers_in_force.person_id,
        answers_in_force.person_id = $person_id as own,
        prompts.tag,
        answers_in_force.kind,
        answers_in_force.shown_image_ids,
        answers_in_force.outcome,
        answers_in_force.ranked_image_ids,
        answers_in_force.rejected_image_ids,
        answers_in_force.simulated,
        1 as times
    from answers_in_force
    left join prompts using (prompt_id)
    where answers_in_force.kind <> 'skip'
        and not answers_in_force.is_check
        and ($with_simulated or not answers_in_force.simulated)
        and (
            answers_in_force.person_id <> $person_id
            or $session_id::varchar is null
            or answers_in_force.session_id = $session_id::varchar
        )
        and ($tag::varchar is null or coalesce(prompts.tag, '') = $tag::varchar)
)

select * from final order by own desc, judgment_id;
