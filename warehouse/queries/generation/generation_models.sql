-- Every model version with where its weights lie and what it is combined of, most downloaded first.
with
parts as (
    select
        model_version_id,
        list({'part_version_id': part_version_id, 'scale': scale} order by part_version_id) as parts
    from model_parts
    group by model_version_id
),

final as (
    select
        models.model_version_id,
        models.model_name,
        models.version_name,
        models.kind,
        models.base_model,
        models.downloads,
        models.path,
        models.sha256,
        models.tags,
        models.trained_words,
        coalesce(parts.parts, []) as parts
    from models
    left join parts on models.model_version_id = parts.model_version_id
)

select * from final
order by downloads desc nulls last, model_name, model_version_id
