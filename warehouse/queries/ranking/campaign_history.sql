-- When a campaign was opened and closed, by whom and why, newest first.
select
    campaign_changes.state,
    campaign_changes.changed_at,
    campaign_changes.person_id,
    coalesce(people.name, campaign_changes.person_id) as person_name,
    campaign_changes.note
from campaign_changes
left join people using (person_id)
where campaign_changes.campaign_id = $campaign_id
order by campaign_changes.change_id desc;
