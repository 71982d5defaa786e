-- Add what simulated annotators picked.
insert into selections by name
select *, true as picked, true as simulated
from incoming_selections;
