-- How each annotator answered the attention checks of a campaign: the same picture again, the other one, or unclear.
-- A check repeats an earlier pair of its session, sides swapped; where that came more than once, the latest counts.
with answers as (
    select
        session_id,
        person_id,
        step,
        is_check,
        shown_image_ids,
        case outcome
            when 'left' then shown_image_ids[1]
            when 'right' then shown_image_ids[2]
        end as preferred
    from answers_in_force
    where campaign = $campaign_id and mode = 'battle' and ($with_simulated or not simulated)
),

repeated as (
    select
        checks.person_id,
        checks.preferred as again,
        arg_max(earlier.preferred, earlier.step) as before
    from answers as checks
    inner join answers as earlier
        on checks.session_id = earlier.session_id
        and checks.step > earlier.step
        and checks.shown_image_ids = list_reverse(earlier.shown_image_ids)
    where checks.is_check and not earlier.is_check and earlier.preferred is not null
    group by checks.person_id, checks.session_id, checks.step, checks.preferred
),

final as (
    select
        person_id,
        count(*) filter (where again = before) as passed,
        count(*) filter (where again <> before) as failed,
        count(*) filter (where again is null) as unclear
    from repeated
    group by person_id
)

select * from final
order by person_id;
