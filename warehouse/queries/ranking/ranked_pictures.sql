-- Pictures by id as a ranking session shows them: file, words of the prompt and whether they are hidden now; and the model, for after the answer.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        images.image_id,
        images.sha256,
        images.width,
        images.height,
        images.simulated,
        coalesce(images.nsfw_score > threshold.nsfw_threshold, false) as hidden,
        images.prompt_id,
        prompts.prompt,
        images.model_version_id,
        models.model_name,
        models.version_name
    from images
    cross join threshold
    left join prompts on images.prompt_id = prompts.prompt_id
    left join models on images.model_version_id = models.model_version_id
    where images.image_id in (select unnest($image_ids::varchar[]))
)

select * from final;
