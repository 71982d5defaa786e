-- Land models: new ones are added, known ones brought up to date; what a roster leaves out is kept.
merge into models
using incoming_models using (model_version_id)
when matched and (
    models.model_name is distinct from incoming_models.model_name
    or models.model_id is distinct from coalesce(incoming_models.model_id, models.model_id)
    or models.version_name is distinct from coalesce(incoming_models.version_name, models.version_name)
    or models.base_model is distinct from coalesce(incoming_models.base_model, models.base_model)
    or (models.kind <> incoming_models.kind and incoming_models.kind <> 'checkpoint')
    or (models.tags <> incoming_models.tags and incoming_models.tags <> [])
    or (models.trained_words <> incoming_models.trained_words and incoming_models.trained_words <> [])
    or models.downloads is distinct from coalesce(incoming_models.downloads, models.downloads)
    or models.url is distinct from coalesce(incoming_models.url, models.url)
    or models.path is distinct from coalesce(incoming_models.path, models.path)
    or models.sha256 is distinct from coalesce(incoming_models.sha256, models.sha256)
    or models.licence is distinct from coalesce(incoming_models.licence, models.licence)
) then update set
    model_name = incoming_models.model_name,
    model_id = coalesce(incoming_models.model_id, models.model_id),
    version_name = coalesce(incoming_models.version_name, models.version_name),
    base_model = coalesce(incoming_models.base_model, models.base_model),
    kind = if(incoming_models.kind = 'checkpoint', models.kind, incoming_models.kind),
    tags = if(incoming_models.tags = [], models.tags, incoming_models.tags),
    trained_words = if(incoming_models.trained_words = [], models.trained_words, incoming_models.trained_words),
    downloads = coalesce(incoming_models.downloads, models.downloads),
    url = coalesce(incoming_models.url, models.url),
    path = coalesce(incoming_models.path, models.path),
    sha256 = coalesce(incoming_models.sha256, models.sha256),
    licence = coalesce(incoming_models.licence, models.licence)
when not matched then insert by name
returning merge_action
