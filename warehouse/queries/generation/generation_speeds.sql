-- Batches made before, the newest first: what an estimate rests on.
select
    device,
    model_sha256,
    loras,
    pictures,
    width,
    height,
    steps,
    load_s,
    make_s
from generation_runs
order by created_at desc
limit $most
