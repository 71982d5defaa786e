-- Record that everything was scored.
insert into score_runs (encoder, nsfw_threshold, images, inputs_hash, normalisation, metrics)
select
    $encoder,
    max(value::double),
    $images,
    $inputs_hash,
    $normalisation,
    $metrics::varchar[]
from warehouse_settings
where name = 'nsfw_threshold';
