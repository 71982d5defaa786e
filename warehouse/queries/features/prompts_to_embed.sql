-- Prompts without features of an encoder; of all, or of the prompts of some images.
select
    prompt_id,
    prompt
from prompts
where prompt_id not in (select prompt_id from prompt_features where encoder = $encoder)
    and (
        $image_ids::varchar[] is null
        or prompt_id in (
            select images.prompt_id
            from images
            where list_contains($image_ids::varchar[], images.image_id)
        )
    )
order by prompt_id
