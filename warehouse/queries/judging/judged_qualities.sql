-- Normalised metrics of the pictures that were judged.
select
    image_id,
    metric,
    q
from scored_metrics
where image_id in (select unnest($image_ids::varchar[]));
