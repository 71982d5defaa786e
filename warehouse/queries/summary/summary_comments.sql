-- What a person wrote in ranking sessions, of one session or all, newest first; simulated ones only where asked for.
select
    created_at,
    session_id,
    prompt_id,
    shown_image_ids,
    comment
from judgments
where kind = 'comment'
    and person_id = $person_id
    and ($session_id::varchar is null or session_id = $session_id::varchar)
    and ($with_simulated or not simulated)
order by created_at desc, judgment_id;
