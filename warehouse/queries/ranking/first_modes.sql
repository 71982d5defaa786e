-- The mode that chance gave each person: that of their first session whose mode was drawn.
select
    person_id,
    mode,
    simulated
from sessions
where settings ->> 'mode_from' = 'chance'
qualify row_number() over (partition by person_id order by created_at, session_id) = 1
order by person_id;
