-- Models with a shown image of the prompt: their names, downloads, mean GRE-Score there and best picture.
with shown as (
    select
        image_scores.model_version_id,
        image_scores.image_id,
        image_scores.gre,
        images.sha256
    from image_scores
    inner join images on image_scores.image_id = images.image_id
    where image_scores.prompt_id = $prompt_id and not image_scores.hidden
),

cells as (
    select
        model_version_id,
        count(*) as images,
        avg(gre) as gre,
        first(sha256 order by sha256 is null, gre desc nulls last, image_id) as sha256
    from shown
    group by model_version_id
),

final as (
    select
        cells.model_version_id,
        models.model_name,
        models.version_name,
        models.downloads,
        cells.images,
        cells.gre,
        cells.sha256
    from cells
    left join models on cells.model_version_id = models.model_version_id
)

select * from final order by model_version_id;
