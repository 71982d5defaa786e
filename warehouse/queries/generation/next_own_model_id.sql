-- The next id for a model that no hub numbered.
select greatest(coalesce(max(model_version_id), 0), $lowest - 1) + 1 as model_version_id
from models
