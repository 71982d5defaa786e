-- Forget what earlier versions of a metric measured; what a dataset brought stays.
delete from image_metrics
where metric = $metric and origin <> $origin and starts_with(origin, $metric || ' ');
