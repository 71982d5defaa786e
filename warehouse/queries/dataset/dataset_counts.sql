-- One row of what the warehouse holds: counts by kind, and how many images are simulated, hidden or without a picture.
with image_counts as (
    select
        count(*) as images,
        count(sha256) as pictures,
        count(*) filter (where simulated) as simulated_images,
        count(distinct (prompt_id, model_version_id)) as cells
    from images
),

score_counts as (
    select
        count(*) filter (where hidden) as hidden_images,
        count(gre) as scored_images
    from image_scores
),

judgment_counts as (
    select
        count(*) as judgments,
        count(*) filter (where simulated) as simulated_judgments
    from judgments
),

final as (
    select
        (select count(*) from prompts) as prompts,
        (select count(*) from models) as models,
        (select count(*) from people) as people,
        (select count(*) from sessions) as sessions,
        image_counts.*,
        score_counts.*,
        judgment_counts.*
    from image_counts
    cross join score_counts
    cross join judgment_counts
)

select * from final;
