-- Every model version with what its pictures are coloured and labelled by, most downloads first.
select
    model_version_id,
    model_name,
    version_name,
    base_model,
    tags,
    downloads
from models
order by downloads desc nulls last, model_version_id
