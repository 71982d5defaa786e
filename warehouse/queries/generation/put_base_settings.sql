-- Store how pictures of a base are asked for, unless it is known.
insert or ignore into base_settings
values ($base_model, $width, $height, $steps, $cfg_scale, $sampler, $guidance_rescale)
