-- Votes and orders that nobody took back, oldest first, without attention checks; simulated ones only where asked for.
with undone as (
    select undoes_judgment_id as judgment_id
    from judgments
    where kind = 'undo' and undoes_judgment_id is not null
),

final as (
    select
        judgments.judgment_id,
        judgments.session_id,
        judgments.person_id,
        judgments.prompt_id,
        judgments.kind,
        judgments.shown_image_ids,
        judgments.outcome,
        judgments.ranked_image_ids,
        judgments.rejected_image_ids,
        judgments.simulated,
        judgments.created_at
    from judgments
    anti join undone using (judgment_id)
    where
        judgments.kind in ('vote', 'order')
        and judgments.pairing is distinct from 'check'
        and ($with_simulated or not judgments.simulated)
)

select * from final order by created_at, judgment_id;
