-- Add sessions of simulated annotators.
insert into sessions by name
select *, true as simulated
from incoming_sessions;
