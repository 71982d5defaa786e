-- Where weights of the given hashes lie, below the home.
select
    sha256,
    path
from models
where list_contains($hashes, sha256) and path is not null
order by sha256, model_version_id
