-- Every model with its name and version in one text.
select
    model_version_id,
    concat_ws(' ', model_name, version_name) as name
from models
order by model_version_id;
