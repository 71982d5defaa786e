-- Prompts that a model's own makers show, as hubs do; for identification.

create table specification_prompts (
    model_version_id bigint not null,
    prompt_id bigint not null,
    primary key (model_version_id, prompt_id)
);
