-- Land prompt features that are not there yet.
insert into prompt_features (prompt_id, encoder, vector)
select
    prompt_id,
    $encoder,
    vector
from incoming_features
where prompt_id not in (
    select prompt_id from prompt_features where encoder = $encoder
)
returning prompt_id
