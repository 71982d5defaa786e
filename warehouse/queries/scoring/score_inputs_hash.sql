-- One fingerprint of everything that scores are computed from; it changes when any of it does.
-- Hashed twice: hash(a, b) mixes b in by xor alone, so two rows that swap their b would cancel out.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

image_part as (
    select
        bit_xor(hash(hash(
            image_id, prompt_id, model_version_id, nsfw_score, coalesce(nsfw_score > nsfw_threshold, false)
        ))) as hashed
    from images
    cross join threshold
),

model_part as (
    select bit_xor(hash(hash(model_version_id, downloads))) as hashed from models
),

metric_part as (
    select bit_xor(hash(hash(image_id, metric, value))) as hashed from image_metrics
),

definition_part as (
    select bit_xor(hash(hash(metric, scope, larger_is_better))) as hashed from metrics
),

image_feature_part as (
    select bit_xor(hash(hash(image_id, vector))) as hashed from image_features where encoder = $encoder
),

prompt_feature_part as (
    select bit_xor(hash(hash(prompt_id, vector))) as hashed from prompt_features where encoder = $encoder
),

final as (
    select
        md5(concat_ws(
            '|', image_part.hashed, model_part.hashed, metric_part.hashed, definition_part.hashed,
            image_feature_part.hashed, prompt_feature_part.hashed, $encoder
        )) as inputs_hash
    from image_part, model_part, metric_part, definition_part, image_feature_part, prompt_feature_part
)

select * from final;
