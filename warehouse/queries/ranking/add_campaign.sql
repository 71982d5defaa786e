-- Store a campaign when it is made.
insert into campaigns by name
select
    $campaign_id as campaign_id,
    $name as name,
    $prompt_ids::bigint[] as prompt_ids,
    $mode as mode,
    $settings::json as settings,
    $person_id as person_id;
