-- Models of each base model and kind, most models first.
with final as (
    select
        coalesce(base_model, 'unknown') as base_model,
        kind,
        count(*) as models
    from models
    group by base_model, kind
    order by models desc, base_model, kind
)

select * from final;
