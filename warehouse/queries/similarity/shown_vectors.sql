-- Features of shown images, prompt after prompt, with the model that made each; of one prompt or of some models where asked.
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
    and ($prompt_id::bigint is null or image_scores.prompt_id = $prompt_id)
    and ($models::bigint[] is null or image_scores.model_version_id in (select unnest($models::bigint[])))
order by image_scores.prompt_id, image_scores.model_version_id, image_scores.image_id;
