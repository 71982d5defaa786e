-- Features of all shown images, prompt after prompt, with the model that made each.
select
    image_scores.prompt_id,
    image_scores.model_version_id,
    image_features.vector
from image_scores
inner join image_features on image_scores.image_id = image_features.image_id
inner join encoders on image_features.encoder = encoders.encoder
where
    not image_scores.hidden
    and image_features.encoder = $encoder
    and len(image_features.vector) = encoders.dimension
order by image_scores.prompt_id;
