-- Pictures of prompts that may be ranked, with their model, GRE-Score and whether the person picked them; hidden ones and those without a file are left out.
-- Drawn pictures stand among real ones only where the person picked them or they are asked for.
with picks as (
    select image_id
    from baskets
    where person_id = $person_id::varchar
),

shown as (
    select
        image_scores.prompt_id,
        image_scores.image_id,
        images.model_version_id,
        image_scores.gre,
        picks.image_id is not null as picked,
        images.simulated,
        bool_and(images.simulated) over (partition by image_scores.prompt_id) as all_simulated
    from image_scores
    inner join images using (image_id)
    left join picks using (image_id)
    where image_scores.prompt_id in (select unnest($prompt_ids::bigint[]))
        and not image_scores.hidden
        and images.path is not null
),

final as (
    select
        prompt_id,
        image_id,
        model_version_id,
        gre,
        picked
    from shown
    where not simulated or picked or all_simulated or $with_simulated
)

select * from final order by prompt_id, image_id;
