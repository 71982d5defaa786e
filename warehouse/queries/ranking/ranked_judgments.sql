-- Votes and orders in force, but for attention checks, of a campaign or all, on some prompts or all; the same answer given often is one row.
select
    prompt_id,
    kind,
    shown_image_ids,
    outcome,
    ranked_image_ids,
    rejected_image_ids,
    count(*) as times
from answers_in_force
where kind <> 'skip'
    and not is_check
    and ($with_simulated or not simulated)
    and ($campaign::varchar is null or campaign = $campaign::varchar)
    and ($prompt_ids::bigint[] is null or prompt_id in (select unnest($prompt_ids::bigint[])))
group by all
order by all;
