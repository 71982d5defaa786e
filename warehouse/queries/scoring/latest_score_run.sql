-- The last run of `score`: from what, how it normalised, and which metrics it scored.
select
    score_run_id,
    encoder,
    inputs_hash,
    normalisation,
    metrics
from score_runs
order by scored_at desc
limit 1;
