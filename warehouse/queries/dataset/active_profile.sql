-- The active weight profile, one row per metric that it weighs, heaviest first.
with lambdas as (
    select
        name,
        author,
        created_at,
        unnest(map_entries(lambdas)) as entry
    from weight_profiles
    where active
),

final as (
    select
        lambdas.name,
        lambdas.author,
        lambdas.created_at,
        lambdas.entry.key as metric,
        lambdas.entry.value as lambda,
        coalesce(metrics.label, lambdas.entry.key) as label,
        metrics.description
    from lambdas
    left join metrics on lambdas.entry.key = metrics.metric
    order by lambdas.entry.value desc, metric
)

select * from final;
