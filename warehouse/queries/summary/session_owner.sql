-- Whose a ranking session is.
select person_id
from sessions
where session_id = $session_id;
