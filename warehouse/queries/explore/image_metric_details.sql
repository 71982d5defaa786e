-- Every scored or weighed metric of the named images: raw and normalised value, its lambda in the active profile and what it adds to the GRE-Score.
with lambdas as (
    select unnest(map_entries(lambdas)) as entry
    from weight_profiles
    where active
),

weights as (
    select
        entry.key as metric,
        entry.value as lambda
    from lambdas
),

named as (
    select unnest($image_ids::varchar[]) as image_id
),

final as (
    select
        named.image_id,
        metrics.metric,
        metrics.label,
        metrics.description,
        metrics.larger_is_better,
        scored_metrics.value,
        scored_metrics.q,
        weights.lambda,
        weights.lambda * scored_metrics.q as contribution
    from named
    cross join metrics
    left join scored_metrics
        on named.image_id = scored_metrics.image_id and metrics.metric = scored_metrics.metric
    left join weights on metrics.metric = weights.metric
    where weights.metric is not null or metrics.metric in (select metric from scored_metrics)
    order by named.image_id, weights.lambda desc nulls last, metrics.metric
)

select * from final;
