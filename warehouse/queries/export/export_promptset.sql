-- Every prompt as a row of GEMRec's prompt set.
select
    prompt_id,
    tag,
    width || 'x' || height as size,
    seed,
    prompt,
    coalesce(negative_prompt, ' ') as "negativePrompt",
    sampler,
    cfg_scale as "cfgScale",
    note,
    source
from prompts
order by prompt_id
