-- Every event of a person's ranking sessions, of one session or all, of a tag or all, with whether it was taken back later.
with undone as (
    select undoes_judgment_id as judgment_id
    from judgments
    where undoes_judgment_id is not null
),

shown as (
    select
        judgment_id,
        unnest(shown_image_ids) as image_id,
        generate_subscripts(shown_image_ids, 1) as place
    from judgments
    where person_id = $person_id
),

shown_models as (
    select
        shown.judgment_id,
        list(images.model_version_id order by shown.place) as model_version_ids
    from shown
    left join images on shown.image_id = images.image_id
    group by shown.judgment_id
),

final as (
    select
        judgments.judgment_id,
        judgments.session_id,
        judgments.person_id,
        campaigns.name as campaign,
        judgments.mode,
        judgments.step,
        judgments.kind,
        judgments.prompt_id,
        prompts.tag,
        prompts.prompt,
        judgments.shown_image_ids,
        shown_models.model_version_ids as shown_model_version_ids,
        judgments.outcome,
        judgments.ranked_image_ids,
        judgments.rejected_image_ids,
        judgments.undoes_judgment_id,
        undone.judgment_id is not null as undone,
        judgments.comment,
        judgments.response_time_ms,
        judgments.profile,
        judgments.pairing,
        judgments.pairing_probability,
        judgments.simulated,
        judgments.created_at
    from judgments
    left join shown_models on judgments.judgment_id = shown_models.judgment_id
    left join undone on judgments.judgment_id = undone.judgment_id
    left join sessions on judgments.session_id = sessions.session_id
    left join campaigns on sessions.campaign = campaigns.campaign_id
    left join prompts on judgments.prompt_id = prompts.prompt_id
    where judgments.person_id = $person_id
        and ($session_id::varchar is null or judgments.session_id = $session_id::varchar)
        and ($tag::varchar is null or coalesce(prompts.tag, '') = $tag::varchar)
        and ($with_simulated or not judgments.simulated)
)

select * from final
order by created_at, session_id, step;
