-- One page of a prompt's visible images, best first by the chosen score; images without that score come last, without a rank.
with candidates as (
    select
        image_scores.image_id,
        image_scores.model_version_id,
        images.sha256,
        images.width,
        images.height,
        images.seed,
        images.simulated,
        image_scores.gre,
        image_scores.clip_score,
        image_scores.q_mcos,
        models.model_name,
        models.version_name,
        models.downloads,
        case $sort
            when 'gre' then image_scores.gre
            when 'clip' then image_scores.clip_score
            when 'distinctiveness' then image_scores.q_mcos
            when 'popularity' then models.downloads::double
        end as score
    from image_scores
    inner join images using (image_id)
    left join models on image_scores.model_version_id = models.model_version_id
    where image_scores.prompt_id = $prompt_id and not image_scores.hidden
),

ranked as (
    select
        *,
        count(*) over () as total,
        count(*) over (partition by model_version_id) as seeds,
        case when score is not null then rank() over (order by score desc nulls last) end as rank,
        row_number() over (order by score desc nulls last, gre desc nulls last, image_id) as place
    from candidates
),

final as (
    select *
    from ranked
    where place > $skip and place <= $skip + $page_size
)

select * from final order by place;
