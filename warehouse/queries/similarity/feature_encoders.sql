-- Encoders with image features, the scoring one first: whose they are and how many pictures they cover.
with counts as (
    select
        encoder,
        count(*) as images
    from image_features
    group by encoder
),

chosen as (
    select max(value) as scoring_encoder
    from warehouse_settings
    where name = 'scoring_encoder'
),

final as (
    select
        encoders.encoder,
        encoders.name,
        encoders.dimension,
        counts.images,
        coalesce(encoders.encoder = chosen.scoring_encoder, false) as scores
    from encoders
    inner join counts on encoders.encoder = counts.encoder
    cross join chosen
)

select * from final order by scores desc, encoder;
