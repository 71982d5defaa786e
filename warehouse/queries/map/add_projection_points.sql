-- Places of pictures on a kept map; pictures that are on it already stay where they are.
insert into projection_points (projection_id, image_id, x, y, cluster, placed_later)
select
    $projection_id,
    image_id,
    x,
    y,
    cluster,
    $placed_later
from incoming_points
where image_id not in (
    select image_id from projection_points where projection_id = $projection_id
)
    and $projection_id in (select projection_id from projections)
