-- Every image as a row of GEMRec's metadata.csv, with its scores as GEMRec names them.
select
    images.path,
    images.image_id,
    prompts.tag,
    models.model_id,
    images.model_version_id as "modelVersion_id",
    images.prompt_id,
    images.width || 'x' || images.height as size,
    images.seed,
    prompts.prompt,
    coalesce(prompts.negative_prompt, '') as "negativePrompt",
    images.cfg_scale as "cfgScale",
    images.sampler,
    prompts.note,
    images.steps,
    images.nsfw_score,
    clip.value as clip_score,
    mcos.value as mcos_score,
    image_scores.q_clip as norm_clip,
    image_scores.q_mcos as norm_mcos,
    image_scores.q_pop as norm_pop,
    image_scores.gre,
    images.source,
    images.simulated
from images
inner join prompts on images.prompt_id = prompts.prompt_id
inner join models on images.model_version_id = models.model_version_id
inner join image_scores on images.image_id = image_scores.image_id
left join image_metrics as clip on images.image_id = clip.image_id and clip.metric = 'clip'
left join image_metrics as mcos on images.image_id = mcos.image_id and mcos.metric = 'mcos'
order by images.prompt_id, images.model_version_id, images.image_id
