-- What prompts ask for, in their order; of all, or of some.
select
    prompt_id,
    prompt,
    coalesce(negative_prompt, '') as negative_prompt,
    width,
    height,
    seed,
    sampler,
    cfg_scale
from prompts
where $prompt_ids::bigint[] is null or list_contains($prompt_ids::bigint[], prompt_id)
order by prompt_id
