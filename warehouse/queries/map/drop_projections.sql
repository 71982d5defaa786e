-- Forget the map that a newly drawn one replaces.
delete from projections
where encoder = $encoder and prompt_id is not distinct from $prompt_id::bigint
