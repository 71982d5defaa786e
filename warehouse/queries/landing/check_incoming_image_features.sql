-- Longest and shortest vector of an import, one unknown id, and how many vectors are broken.
select
    max(len(vector)) as dimension,
    min(len(vector)) as shortest,
    min(incoming_features.image_id) filter (where images.image_id is null) as unknown_id,
    count(*) filter (
        where vector is null
        or len(list_filter(vector, lambda x: x is null or not isfinite(x))) > 0
    ) as broken
from incoming_features
left join images on incoming_features.image_id = images.image_id
