-- Prompts without features of an encoder.
select
    prompt_id,
    prompt
from prompts
where prompt_id not in (select prompt_id from prompt_features where encoder = $encoder)
order by prompt_id
