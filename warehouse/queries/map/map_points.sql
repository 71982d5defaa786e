-- The pictures of a kept map that are not hidden, in the order they are drawn: highest GRE-Score last, ties by image id.
select
    projection_points.image_id,
    projection_points.x,
    projection_points.y,
    projection_points.cluster,
    projection_points.placed_later,
    image_scores.prompt_id,
    image_scores.model_version_id,
    image_scores.gre,
    images.sha256,
    images.simulated
from projection_points
inner join images using (image_id)
inner join image_scores using (image_id)
where projection_points.projection_id = $projection_id and not image_scores.hidden
order by image_scores.gre asc nulls first, projection_points.image_id desc
