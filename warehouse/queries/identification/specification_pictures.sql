-- Pictures that specify models, with features of an encoder; queries that are kept apart are out.
select
    image_id,
    model_version_id,
    prompt_id,
    vector
from identification_pictures
where encoder = $encoder
    and prompt_source is distinct from $kept_apart
    and case $prompt_set
        when 'default' then shared
        when 'own' then own or (shared and not model_has_own)
        else own or shared
    end
order by model_version_id, prompt_id, image_id;
