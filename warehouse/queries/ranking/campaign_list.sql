-- Campaigns with their state and who made them, open ones first, then the newest.
with latest as (
    select
        campaign_id,
        state,
        changed_at
    from campaign_changes
    qualify row_number() over (partition by campaign_id order by change_id desc) = 1
),

final as (
    select
        campaigns.campaign_id,
        campaigns.name,
        campaigns.prompt_ids,
        campaigns.mode,
        campaigns.settings,
        campaigns.person_id,
        coalesce(people.name, campaigns.person_id) as person_name,
        campaigns.created_at,
        latest.state,
        latest.changed_at
    from campaigns
    inner join latest using (campaign_id)
    left join people on campaigns.person_id = people.person_id
)

select * from final
order by state desc, created_at desc, campaign_id;
