-- Mean GRE-Score of each model on each prompt, over its shown pictures that have one.
select
    prompt_id,
    model_version_id,
    avg(gre) as gre
from image_scores
where not hidden
    and gre is not null
group by prompt_id, model_version_id
order by prompt_id, model_version_id;
