-- Features of the wrong length, or with values that are no finite numbers, or all zero.
with features as (
    select 'image ' || image_id as owner, encoder, vector from image_features
    union all
    select 'prompt ' || prompt_id, encoder, vector from prompt_features
),

judged as (
    select
        owner || ' (' || encoders.encoder || ')' as example,
        case
            when len(vector) <> encoders.dimension then 'features of the wrong length'
            when not isfinite(list_sum(vector)) or list_count(vector) < len(vector)
                then 'features that are not finite'
            when list_max(vector) = 0 and list_min(vector) = 0 then 'features that are all zero'
        end as problem
    from features
    inner join encoders on features.encoder = encoders.encoder
),

final as (
    select
        problem,
        count(*) as found,
        list(example order by example)[1:5] as examples
    from judged
    where problem is not null
    group by problem
)

select * from final order by problem
