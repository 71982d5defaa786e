-- Events of a ranking session from a step on, in their order.
select
    judgment_id,
    idempotency_key,
    step,
    kind,
    prompt_id,
    shown_image_ids,
    outcome,
    ranked_image_ids,
    rejected_image_ids,
    undoes_judgment_id,
    comment,
    response_time_ms,
    profile,
    pairing,
    pairing_probability
from judgments
where session_id = $session_id and step >= $from_step
order by step;
