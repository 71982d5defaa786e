-- Land prompts: new ones are added; of known ones only what describes them may change, never what was asked.
merge into prompts
using incoming_prompts using (prompt_id)
when matched and (
    prompts.tag is distinct from coalesce(incoming_prompts.tag, prompts.tag)
    or prompts.sampler is distinct from coalesce(incoming_prompts.sampler, prompts.sampler)
    or prompts.cfg_scale is distinct from coalesce(incoming_prompts.cfg_scale, prompts.cfg_scale)
    or prompts.note is distinct from coalesce(incoming_prompts.note, prompts.note)
) then update set
    tag = coalesce(incoming_prompts.tag, prompts.tag),
    sampler = coalesce(incoming_prompts.sampler, prompts.sampler),
    cfg_scale = coalesce(incoming_prompts.cfg_scale, prompts.cfg_scale),
    note = coalesce(incoming_prompts.note, prompts.note)
when not matched then insert by name
returning merge_action
