-- How pictures of one base are asked for, where it was said.
select
    width,
    height,
    steps,
    cfg_scale,
    sampler,
    guidance_rescale
from base_settings
where base_model = $base_model
