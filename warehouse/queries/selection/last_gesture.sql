-- The last gesture of a person that is neither undone nor an undo: its kind, its page and how many pictures it moved.
with undone as (
    select undoes_gesture_id as gesture_id
    from selection_gestures
    where undoes_gesture_id is not null
),

final as (
    select
        selection_gestures.gesture_id,
        selection_gestures.kind,
        selection_gestures.page,
        (
            select count(*)
            from selections
            where selections.gesture_id = selection_gestures.gesture_id
        ) as images
    from selection_gestures
    anti join undone using (gesture_id)
    where selection_gestures.person_id = $person_id and selection_gestures.kind <> 'undo'
    order by selection_gestures.step desc
    limit 1
)

select * from final
