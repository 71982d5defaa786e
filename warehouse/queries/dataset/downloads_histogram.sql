-- Models in bins of their downloads, four bins to each power of ten of downloads + 1; unknown downloads are left out.
with binned as (
    select
        model_version_id,
        floor(4 * log10(downloads::double + 1)) / 4 as lower_log10
    from models
    where downloads is not null
),

final as (
    select
        pow(10, lower_log10) as lower_downloads,
        pow(10, lower_log10 + 0.25) as upper_downloads,
        count(*)::integer as models
    from binned
    group by lower_log10
    order by lower_log10
)

select * from final;
