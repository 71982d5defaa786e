-- Pictures that take part in a campaign's sessions, with their models.
with taking_part as (
    select distinct unnest(candidate_image_ids) as image_id
    from sessions
    where campaign = $campaign_id and ($with_simulated or not simulated)
)

select
    image_id,
    images.model_version_id
from taking_part
inner join images using (image_id)
order by images.model_version_id, image_id;
