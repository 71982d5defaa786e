-- Pictures of the prompts that are kept apart for the benchmark, with features of an encoder.
select
    image_id,
    model_version_id,
    prompt_id,
    vector
from identification_pictures
where encoder = $encoder
    and prompt_source = $kept_apart
order by model_version_id, prompt_id, image_id;
