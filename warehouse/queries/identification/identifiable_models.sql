-- Every model with what names it, what it is filtered by, and its downloads.
select
    model_version_id,
    model_name,
    version_name,
    base_model,
    licence,
    tags,
    downloads
from models
order by model_version_id;
