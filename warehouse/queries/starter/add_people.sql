-- Add simulated annotators.
insert into people by name
select *, 'annotator' as role, true as simulated
from incoming_people;
