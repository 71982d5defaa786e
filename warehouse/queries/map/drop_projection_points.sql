-- Forget the places of the map that a newly drawn one replaces.
delete from projection_points
where projection_id in (
    select projection_id
    from projections
    where encoder = $encoder and prompt_id is not distinct from $prompt_id::bigint
)
