-- Prompts that have at least one visible image with features of the encoder, in order.
select distinct image_scores.prompt_id
from image_scores
inner join image_features
    on image_scores.image_id = image_features.image_id and image_features.encoder = $encoder
where not image_scores.hidden
order by image_scores.prompt_id
