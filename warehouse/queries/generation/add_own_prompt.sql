-- A prompt that somebody wrote here, with a number above those of datasets.
insert into prompts (prompt_id, tag, prompt, negative_prompt, width, height, sampler, cfg_scale, source)
select
    greatest(coalesce(max(prompt_id), 0), $numbers_from - 1) + 1,
    $tag,
    $prompt,
    nullif($negative_prompt, ''),
    $width,
    $height,
    $sampler,
    $cfg_scale,
    $source
from prompts
returning prompt_id
