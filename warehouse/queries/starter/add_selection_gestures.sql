-- Add the gestures by which simulated annotators picked, one for each picture.
insert into selection_gestures (gesture_id, person_id, kind, page, simulated, created_at)
select
    gesture_id,
    person_id,
    'pick',
    page,
    true,
    created_at
from incoming_selections
order by created_at;
