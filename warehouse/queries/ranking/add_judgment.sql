-- Store one event of a ranking session.
insert into judgments by name
select
    $judgment_id as judgment_id,
    $idempotency_key as idempotency_key,
    $session_id as session_id,
    $person_id as person_id,
    $mode as mode,
    $step as step,
    $kind as kind,
    $prompt_id::bigint as prompt_id,
    $shown_image_ids::varchar[] as shown_image_ids,
    $outcome::varchar as outcome,
    $ranked_image_ids::varchar[] as ranked_image_ids,
    $rejected_image_ids::varchar[] as rejected_image_ids,
    $undoes_judgment_id::varchar as undoes_judgment_id,
    $comment::varchar as comment,
    $response_time_ms::bigint as response_time_ms,
    $profile as profile,
    $pairing::varchar as pairing,
    $pairing_probability::double as pairing_probability,
    $simulated as simulated;
