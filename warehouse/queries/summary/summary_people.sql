-- People with judgments in force, the busiest first; simulated ones only where asked for.
with judged as (
    select
        person_id,
        bool_or(simulated) as simulated,
        count(*) as judgments
    from answers_in_force
    where kind <> 'skip' and not is_check and ($with_simulated or not simulated)
    group by person_id
),

final as (
    select
        judged.person_id,
        coalesce(people.name, judged.person_id) as name,
        judged.simulated,
        judged.judgments
    from judged
    left join people on judged.person_id = people.person_id
)

select * from final
order by judgments desc, person_id;
