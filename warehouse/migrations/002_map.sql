-- Maps of pictures: one projection per encoder and prompt (or all pictures), kept, and the place of each picture.

create table projections (
    projection_id varchar primary key,
    encoder varchar not null,
    prompt_id bigint,
    method varchar not null check (method in ('tsne', 'axes')),
    settings json not null,
    fitted_images integer not null,
    trustworthiness double check (trustworthiness between 0 and 1),
    trust_neighbours integer not null,
    trust_sample integer not null,
    seconds double not null,
    created_at timestamptz not null default now()
);

create table projection_points (
    projection_id varchar not null,
    image_id varchar not null,
    x float not null,
    y float not null,
    cluster integer,
    placed_later boolean not null default false,
    primary key (projection_id, image_id)
);
