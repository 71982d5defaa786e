-- The kept map of an encoder's features of one prompt, or of all pictures where the prompt is null.
select
    projections.projection_id,
    projections.method,
    projections.settings,
    projections.fitted_images,
    projections.trustworthiness,
    projections.trust_neighbours,
    projections.trust_sample,
    projections.seconds,
    projections.created_at,
    (
        select count(*)
        from projection_points
        where projection_points.projection_id = projections.projection_id and placed_later
    ) as placed_later
from projections
where encoder = $encoder and prompt_id is not distinct from $prompt_id::bigint
order by created_at desc, projection_id
limit 1
