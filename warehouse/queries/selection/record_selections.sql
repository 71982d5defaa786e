-- Record the pictures that one gesture of a person moves: picks of what is neither in the basket nor hidden, or takes out what is in it.
with named as (
    select
        unnest($image_ids::varchar[]) as image_id,
        generate_subscripts($image_ids::varchar[], 1) as place
),

once as (
    select
        image_id,
        min(place) as place
    from named
    group by image_id
),

final as (
    select
        $person_id as person_id,
        images.prompt_id,
        images.image_id,
        images.model_version_id,
        $picked as picked,
        $page as page,
        $simulated as simulated,
        $gesture_id as gesture_id,
        once.place::integer as place
    from once
    inner join images using (image_id)
    cross join (
        select max(value::double) as nsfw_threshold
        from warehouse_settings
        where name = 'nsfw_threshold'
    ) as threshold
    left join baskets on once.image_id = baskets.image_id and baskets.person_id = $person_id
    where (baskets.image_id is null) = $picked
        and not ($picked and coalesce(images.nsfw_score > threshold.nsfw_threshold, false))
)

insert into selections by name select * from final returning image_id
