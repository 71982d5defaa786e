-- One page of the images that no filter keeps out, best first by the chosen score; images without that score come last, without a rank. Reads the rows of explore_matches.
with candidates as (
    select
        image_id,
        prompt_id,
        model_version_id,
        gre,
        clip_score,
        q_mcos,
        downloads,
        cosine,
        case $sort
            when 'gre' then gre
            when 'clip' then clip_score
            when 'distinctiveness' then q_mcos
            when 'popularity' then downloads::double
            when 'nearest' then cosine
        end as score
    from matches
    where kept_out_by = '' and ($sort <> 'nearest' or cosine is not null)
),

ranked as (
    select
        *,
        count(*) over () as total,
        case when score is not null then rank() over (order by score desc nulls last) end as rank,
        row_number() over (order by score desc nulls last, gre desc nulls last, image_id) as place
    from candidates
),

page as (
    select *
    from ranked
    where place > $skip and place <= $skip + $page_size
),

seeds as (
    select
        prompt_id,
        model_version_id,
        count(*) as seeds
    from images
    semi join page using (prompt_id, model_version_id)
    group by prompt_id, model_version_id
),

threshold as (
    select max(value::double) as nsfw_threshold
    from warehouse_settings
    where name = 'nsfw_threshold'
),

final as (
    select
        page.*,
        seeds.seeds,
        images.sha256,
        images.width,
        images.height,
        images.seed,
        images.simulated,
        images.source,
        images.nsfw_score,
        coalesce(images.nsfw_score > threshold.nsfw_threshold, false) as hidden,
        prompts.tag,
        prompts.prompt,
        models.model_name,
        models.version_name,
        models.base_model
    from page
    inner join images using (image_id)
    inner join seeds on page.prompt_id = seeds.prompt_id and page.model_version_id = seeds.model_version_id
    cross join threshold
    left join prompts on page.prompt_id = prompts.prompt_id
    left join models on page.model_version_id = models.model_version_id
)

select * from final order by place
