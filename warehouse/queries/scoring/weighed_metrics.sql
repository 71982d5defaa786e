-- Metrics that some weight profile weighs, in force or not.
with entries as (
    select unnest(map_entries(lambdas)) as entry
    from weight_profiles
),

final as (
    select distinct entry.key as metric
    from entries
    where entry.value <> 0
)

select * from final order by metric;
