-- Say what a model is combined of: its checkpoint without a scale, a LoRA with one.
insert or replace into model_parts (model_version_id, part_version_id, scale)
values ($model_version_id, $part_version_id, $scale)
