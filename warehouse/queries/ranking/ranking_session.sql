-- One ranking session as it was started.
select
    session_id,
    person_id,
    campaign,
    mode,
    prompt_ids,
    candidate_image_ids,
    profile,
    settings,
    simulated
from sessions
where session_id = $session_id;
