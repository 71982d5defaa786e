-- Which of these images people picked or judged, or are asked about in a session.
with used as (
    select image_id
    from selections
    union all
    select unnest(shown_image_ids) as image_id
    from judgments
    union all
    select unnest(ranked_image_ids) as image_id
    from judgments
    union all
    select unnest(candidate_image_ids) as image_id
    from sessions
),

final as (
    select distinct image_id
    from used
    where list_contains($image_ids, image_id)
)

select * from final
