-- Store a ranking session at its start.
insert into sessions by name
select
    $session_id as session_id,
    $person_id as person_id,
    $campaign::varchar as campaign,
    $mode as mode,
    $prompt_ids::bigint[] as prompt_ids,
    $candidate_image_ids::varchar[] as candidate_image_ids,
    $profile as profile,
    $settings::json as settings,
    $simulated as simulated;
