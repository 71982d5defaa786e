-- Model versions whose weights have a given hash.
select
    model_version_id,
    model_name,
    version_name,
    kind,
    base_model,
    path,
    sha256
from models
where sha256 = $sha256
order by path is null, model_version_id
