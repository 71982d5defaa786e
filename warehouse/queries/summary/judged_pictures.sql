-- Pictures of `wanted`: model, GRE-Score, and the hash under which they are shown; hidden ones have neither of the last two.
select
    wanted.image_id,
    images.model_version_id,
    coalesce(models.model_name, concat('Model ', images.model_version_id, ' (not in the roster)')) as model_name,
    coalesce(models.version_name, '') as version_name,
    image_scores.gre,
    image_scores.hidden,
    case when not image_scores.hidden then images.sha256 end as sha256
from wanted
inner join images on wanted.image_id = images.image_id
inner join image_scores on wanted.image_id = image_scores.image_id
left join models on images.model_version_id = models.model_version_id
order by wanted.image_id;
