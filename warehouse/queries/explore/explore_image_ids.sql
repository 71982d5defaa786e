-- Ids of all images that no filter keeps out, best first by the chosen score. Reads the rows of explore_matches.
with scored as (
    select
        image_id,
        gre,
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

final as (
    select image_id
    from scored
    order by score desc nulls last, gre desc nulls last, image_id
)

select * from final
