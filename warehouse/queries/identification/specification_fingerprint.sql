-- What tells whether specifications have changed: a count and an order-free hash of their pictures and texts.
with pictures as (
    select hash(image_id, model_version_id, prompt_id, vector) as part
    from identification_pictures
    where encoder = $encoder
        and prompt_source is distinct from $kept_apart
        and case $prompt_set
            when 'default' then shared
            when 'own' then own or (shared and not model_has_own)
            else own or shared
        end
),

texts as (
    select hash(prompt_features.prompt_id, prompt_features.vector) as part
    from prompt_features
    where prompt_features.encoder = $encoder
),

final as (
    select
        (select count(*) from pictures) as pictures,
        (select coalesce(bit_xor(part), 0) from pictures) as picture_hash,
        (select coalesce(bit_xor(part), 0) from texts) as text_hash
)

select * from final;
