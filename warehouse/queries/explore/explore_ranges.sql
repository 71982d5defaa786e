-- Bins of the measured filters with the images that would remain in each, the filter itself set aside; reads the rows of explore_matches.
with measured as (
    select 'downloads' as facet, log10(downloads::double + 1) as value, kept_out_by
    from matches
    union all
    select 'gre', gre, kept_out_by
    from matches
    union all
    select 'clip', clip_score, kept_out_by
    from matches
    union all
    select 'distinctiveness', q_mcos, kept_out_by
    from matches
    union all
    select 'added', epoch(added) / 86400, kept_out_by
    from matches
),

spans as (
    select
        facet,
        min(value) as lowest,
        max(value) as highest
    from measured
    group by facet
),

binned as (
    select
        measured.facet,
        case
            when spans.highest > spans.lowest
                then least(
                    floor((measured.value - spans.lowest) / (spans.highest - spans.lowest) * $bins),
                    $bins - 1
                )
            else 0
        end::integer as bin,
        count(*) as remaining
    from measured
    inner join spans using (facet)
    where measured.value is not null and measured.kept_out_by in ('', measured.facet)
    group by measured.facet, bin
),

final as (
    select
        spans.facet,
        spans.lowest,
        spans.highest,
        binned.bin,
        coalesce(binned.remaining, 0) as remaining
    from spans
    left join binned using (facet)
    where spans.lowest is not null
    order by spans.facet, binned.bin
)

select * from final
