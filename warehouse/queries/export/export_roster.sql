-- Every model as a row of GEMRec's roster.
select
    array_to_string(tags, '|') as tag,
    model_name,
    model_id,
    version_name as "modelVersion_name",
    model_version_id as "modelVersion_id",
    url as "modelVersion_url",
    trained_words,
    downloads as model_download_count,
    base_model as "baseModel",
    kind,
    licence
from models
order by model_version_id
