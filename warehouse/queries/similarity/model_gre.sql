-- Mean GRE-Score of each model over its shown images that have one.
with final as (
    select
        model_version_id,
        avg(gre) as gre,
        count(gre) as images
    from image_scores
    where not hidden and gre is not null
    group by model_version_id
)

select * from final order by model_version_id;
