-- Prompts (all, or those named) with the pictures that may be ranked, of how many models, and the judgments so far; without what cannot be ranked.
with threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

pictures as (
    select
        images.prompt_id,
        count(*) filter (where not images.simulated) as real_pictures,
        count(*) as all_pictures,
        count(distinct images.model_version_id) as models
    from images
    cross join threshold
    where images.path is not null
        and not coalesce(images.nsfw_score > threshold.nsfw_threshold, false)
        and (
            $prompt_ids::bigint[] is null
            or images.prompt_id in (select unnest($prompt_ids::bigint[]))
        )
    group by images.prompt_id
),

judged as (
    select
        prompt_id,
        count(*) as judgments,
        bool_or(person_id = $person_id::varchar) as judged_by_person
    from answers_in_force
    where kind <> 'skip' and not is_check and ($with_simulated or not simulated)
    group by prompt_id
),

final as (
    select
        pictures.prompt_id,
        pictures.real_pictures = 0 as all_simulated,
        case
            when pictures.real_pictures = 0 or $with_simulated then pictures.all_pictures
            else pictures.real_pictures
        end as pictures,
        pictures.models,
        coalesce(judged.judgments, 0) as judgments,
        coalesce(judged.judged_by_person, false) as judged_by_person
    from pictures
    inner join prompts using (prompt_id)
    left join judged using (prompt_id)
)

select * from final
where pictures > 1
order by prompt_id;
