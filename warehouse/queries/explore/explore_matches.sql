-- Every image with its scores, and which filter keeps it out: none (''), the one named, or 'several'; reads the rows of explore_catalogue.
with prompt_judgments as (
    select
        prompt_id,
        len($tags::varchar[]) = 0 or list_contains($tags::varchar[], coalesce(tag, '')) as fits_tag,
        len($prompt_ids::bigint[]) = 0 or list_contains($prompt_ids::bigint[], prompt_id) as fits_prompt,
        len($words::varchar[]) = 0
        or list_bool_and([contains(lower(prompt), word) for word in $words::varchar[]]) as fits_words
    from prompts
),

model_judgments as (
    select
        model_version_id,
        downloads,
        len($model_version_ids::bigint[]) = 0
        or list_contains($model_version_ids::bigint[], model_version_id) as fits_model,
        len($base_models::varchar[]) = 0
        or list_contains($base_models::varchar[], coalesce(base_model, '')) as fits_base_model,
        len($kinds::varchar[]) = 0 or list_contains($kinds::varchar[], kind) as fits_kind,
        len($model_tags::varchar[]) = 0 or list_has_any($model_tags::varchar[], tags) as fits_model_tag,
        len($licences::varchar[]) = 0 or list_contains($licences::varchar[], coalesce(licence, '')) as fits_licence,
        ($downloads_from::double is null or coalesce(downloads >= $downloads_from, false))
        and ($downloads_to::double is null or coalesce(downloads <= $downloads_to, false)) as fits_downloads
    from models
),

judged as (
    select
        catalogue.*,
        model_judgments.downloads,
        coalesce(prompt_judgments.fits_tag, len($tags::varchar[]) = 0) as fits_tag,
        coalesce(prompt_judgments.fits_prompt, len($prompt_ids::bigint[]) = 0) as fits_prompt,
        coalesce(prompt_judgments.fits_words, len($words::varchar[]) = 0) as fits_words,
        coalesce(model_judgments.fits_model, len($model_version_ids::bigint[]) = 0) as fits_model,
        coalesce(model_judgments.fits_base_model, len($base_models::varchar[]) = 0) as fits_base_model,
        coalesce(model_judgments.fits_kind, len($kinds::varchar[]) = 0) as fits_kind,
        coalesce(model_judgments.fits_model_tag, len($model_tags::varchar[]) = 0) as fits_model_tag,
        coalesce(model_judgments.fits_licence, len($licences::varchar[]) = 0) as fits_licence,
        coalesce(
            model_judgments.fits_downloads,
            $downloads_from::double is null and $downloads_to::double is null
        ) as fits_downloads,
        len($sources::varchar[]) = 0 or list_contains($sources::varchar[], catalogue.source) as fits_source,
        $simulated::boolean is null or catalogue.simulated = $simulated as fits_simulated,
        catalogue.hidden = $hidden as fits_hidden,
        ($gre_from::double is null or coalesce(catalogue.gre >= $gre_from, false))
        and ($gre_to::double is null or coalesce(catalogue.gre <= $gre_to, false)) as fits_gre,
        ($clip_from::double is null or coalesce(catalogue.clip_score >= $clip_from, false))
        and ($clip_to::double is null or coalesce(catalogue.clip_score <= $clip_to, false)) as fits_clip,
        ($distinctiveness_from::double is null or coalesce(catalogue.q_mcos >= $distinctiveness_from, false))
        and ($distinctiveness_to::double is null or coalesce(catalogue.q_mcos <= $distinctiveness_to, false))
            as fits_distinctiveness,
        ($added_from::date is null or catalogue.added >= $added_from)
        and ($added_to::date is null or catalogue.added <= $added_to) as fits_added
    from catalogue
    left join prompt_judgments on catalogue.prompt_id = prompt_judgments.prompt_id
    left join model_judgments on catalogue.model_version_id = model_judgments.model_version_id
),

final as (
    select
        image_id,
        prompt_id,
        model_version_id,
        gre,
        clip_score,
        q_mcos,
        downloads,
        source,
        simulated,
        hidden,
        added,
        case (
            (not fits_tag)::utinyint + (not fits_prompt)::utinyint + (not fits_words)::utinyint
            + (not fits_model)::utinyint + (not fits_base_model)::utinyint + (not fits_kind)::utinyint
            + (not fits_model_tag)::utinyint + (not fits_licence)::utinyint + (not fits_downloads)::utinyint
            + (not fits_source)::utinyint + (not fits_simulated)::utinyint + (not fits_hidden)::utinyint
            + (not fits_gre)::utinyint + (not fits_clip)::utinyint + (not fits_distinctiveness)::utinyint
            + (not fits_added)::utinyint
        )
            when 0 then ''
            when 1 then case
                when not fits_tag then 'tag'
                when not fits_prompt then 'prompt'
                when not fits_words then 'words'
                when not fits_model then 'model'
                when not fits_base_model then 'base_model'
                when not fits_kind then 'kind'
                when not fits_model_tag then 'model_tag'
                when not fits_licence then 'licence'
                when not fits_downloads then 'downloads'
                when not fits_source then 'source'
                when not fits_simulated then 'simulated'
                when not fits_hidden then 'hidden'
                when not fits_gre then 'gre'
                when not fits_clip then 'clip'
                when not fits_distinctiveness then 'distinctiveness'
                else 'added'
            end
            else 'several'
        end as kept_out_by
    from judged
)

select * from final
