-- Every registered metric with what names and describes it.
select
    metric,
    label,
    description
from metrics
order by metric;
