-- How many events a person's ranking sessions have: it rises with each vote and each undo.
select count(*) as events
from judgments
where person_id = $person_id;
