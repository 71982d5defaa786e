-- Pictures of the starter's grid that simulated annotators may judge: shown ones with a GRE-Score.
select
    image_scores.prompt_id,
    image_scores.image_id,
    image_scores.model_version_id,
    models.tags,
    image_scores.q_clip,
    image_scores.gre
from image_scores
inner join images using (image_id)
inner join models on image_scores.model_version_id = models.model_version_id
inner join prompts on image_scores.prompt_id = prompts.prompt_id
where images.source = 'starter'
    and prompts.tag <> 'specification'
    and image_scores.gre is not null
    and not image_scores.hidden
order by image_scores.prompt_id, image_scores.image_id;
