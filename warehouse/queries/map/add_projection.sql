-- Keep a newly drawn map.
insert into projections by name
select
    $projection_id as projection_id,
    $encoder as encoder,
    $prompt_id::bigint as prompt_id,
    $method as method,
    $settings::json as settings,
    $fitted_images as fitted_images,
    $trustworthiness::double as trustworthiness,
    $trust_neighbours as trust_neighbours,
    $trust_sample as trust_sample,
    $seconds as seconds
