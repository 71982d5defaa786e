-- The prompt of this text and negative prompt that pictures made here join, where there is one; sources kept apart are left.
select prompt_id
from prompts
where prompt = $prompt
    and coalesce(negative_prompt, '') = $negative_prompt
    and not list_contains($kept_apart, source)
order by prompt_id
limit 1
