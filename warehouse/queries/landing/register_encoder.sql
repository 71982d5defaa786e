-- Note an encoder with its full identity, once.
insert into encoders (encoder, name, weights_sha256, preprocessing, dimension)
select
    $encoder,
    $name,
    $weights_sha256,
    $preprocessing,
    $dimension
where $encoder not in (select encoder from encoders)
