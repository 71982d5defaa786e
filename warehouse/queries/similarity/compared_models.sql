-- Models that made at least one shown image that the encoder has features of, with what names and orders them.
with makers as (
    select distinct image_scores.model_version_id
    from image_scores
    inner join image_features on image_scores.image_id = image_features.image_id
    where not image_scores.hidden and image_features.encoder = $encoder
),

final as (
    select
        makers.model_version_id,
        models.model_name,
        models.version_name,
        models.downloads
    from makers
    left join models on makers.model_version_id = models.model_version_id
)

select * from final order by model_version_id;
