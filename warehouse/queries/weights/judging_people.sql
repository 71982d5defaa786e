-- People by id: names on screen, and whether they are simulated.
select
    person_id,
    name,
    simulated
from people
order by person_id;
