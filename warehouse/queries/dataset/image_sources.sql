-- Where the images come from: one row per source and mark, most images first.
with final as (
    select
        source,
        simulated,
        count(*) as images
    from images
    group by source, simulated
    order by images desc, source, simulated
)

select * from final;
