-- Land image features that are not there yet.
insert into image_features (image_id, encoder, vector)
select
    image_id,
    $encoder,
    vector
from incoming_features
where image_id not in (
    select image_id from image_features where encoder = $encoder
)
returning image_id
