-- Land metrics that a dataset brought for its images.
merge into image_metrics
using incoming_metrics using (image_id, metric)
when matched and image_metrics.value <> incoming_metrics.value then update set
    value = incoming_metrics.value,
    origin = 'dataset'
when not matched then insert (image_id, metric, value, origin)
    values (incoming_metrics.image_id, incoming_metrics.metric, incoming_metrics.value, 'dataset')
returning merge_action
