-- Shown images of two models for one prompt, the best GRE-Score of each model first.
select
    image_scores.image_id,
    image_scores.model_version_id,
    image_scores.gre
from image_scores
where
    image_scores.prompt_id = $prompt_id
    and image_scores.model_version_id in ($first_model, $second_model)
    and not image_scores.hidden
order by image_scores.model_version_id, image_scores.gre desc nulls last, image_scores.image_id;
