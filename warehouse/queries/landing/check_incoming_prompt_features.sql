-- Longest and shortest vector of an import, one unknown id, and how many vectors are broken.
select
    max(len(vector)) as dimension,
    min(len(vector)) as shortest,
    min(incoming_features.prompt_id) filter (where prompts.prompt_id is null) as unknown_id,
    count(*) filter (
        where vector is null
        or len(list_filter(vector, lambda x: x is null or not isfinite(x))) > 0
    ) as broken
from incoming_features
left join prompts on incoming_features.prompt_id = prompts.prompt_id
