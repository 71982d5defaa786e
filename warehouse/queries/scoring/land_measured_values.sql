-- Keep what was measured; a value that is there already stands.
insert or ignore into image_metrics (image_id, metric, value, origin)
select
    image_id,
    $metric,
    value,
    $origin
from incoming_values;
