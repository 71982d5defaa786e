-- Features and places of the pictures that a kept map was drawn from, hidden ones included: later ones are placed by them.
select
    projection_points.image_id,
    image_features.vector,
    projection_points.x,
    projection_points.y,
    coalesce(projection_points.cluster, -1) as cluster
from projection_points
inner join image_features using (image_id)
inner join encoders using (encoder)
where projection_points.projection_id = $projection_id
    and image_features.encoder = $encoder
    and not projection_points.placed_later
    and len(image_features.vector) = encoders.dimension
    and len(list_filter(image_features.vector, lambda x: x is null or not isfinite(x))) = 0
order by projection_points.image_id
