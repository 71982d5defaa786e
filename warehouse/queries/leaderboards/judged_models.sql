-- Every picture that was ever judged, with its model and that model's base.
with judged as (
    select distinct unnest(shown_image_ids) as image_id
    from answers_in_force
    where kind in ('vote', 'order')
),

final as (
    select
        judged.image_id,
        images.model_version_id,
        models.base_model
    from judged
    inner join images on judged.image_id = images.image_id
    inner join models on images.model_version_id = models.model_version_id
)

select * from final
order by image_id;
