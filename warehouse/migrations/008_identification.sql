-- Identification: options and calibration of each method, reused while the pictures they were tuned on stay.

create table tuned_methods (
    encoder varchar not null,
    prompt_set varchar not null check (prompt_set in ('default', 'own', 'both')),
    method varchar not null,
    fingerprint varchar not null,
    tuned_option json,
    reached json not null,
    tuned_at timestamptz not null default now(),
    primary key (encoder, prompt_set, method)
);

create table identification_confidences (
    encoder varchar not null,
    prompt_set varchar not null check (prompt_set in ('default', 'own', 'both')),
    method varchar not null,
    wording varchar not null check (wording in ('typed', 'nearest', 'none')),
    examples integer not null check (examples > 0),
    fingerprint varchar not null,
    temperature double not null,
    log_loss double not null,
    calibration_error double not null,
    tasks integer not null,
    abstention json,
    fitted_at timestamptz not null default now(),
    primary key (encoder, prompt_set, method, wording, examples)
);

-- Shown pictures with whole features, and whether their prompt is asked of several models or is their model's own.
create view identification_pictures as
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

shown as (
    select
        images.image_id,
        images.prompt_id,
        images.model_version_id,
        prompts.source as prompt_source,
        specification_prompts.prompt_id is not null as own
    from images
    cross join threshold
    inner join prompts on images.prompt_id = prompts.prompt_id
    left join specification_prompts
        on images.prompt_id = specification_prompts.prompt_id
            and images.model_version_id = specification_prompts.model_version_id
    where not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
),

placed as (
    select
        *,
        min(model_version_id) over (partition by prompt_id)
        <> max(model_version_id) over (partition by prompt_id) as shared,
        bool_or(own) over (partition by model_version_id) as model_has_own
    from shown
),

final as (
    select
        placed.*,
        image_features.encoder,
        image_features.vector
    from placed
    inner join image_features on placed.image_id = image_features.image_id
    inner join encoders
        on image_features.encoder = encoders.encoder
            and len(image_features.vector) = encoders.dimension
)

select * from final;
