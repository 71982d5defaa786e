-- Add votes and sorted batches of simulated annotators.
insert into judgments by name
select *, true as simulated
from incoming_judgments;
