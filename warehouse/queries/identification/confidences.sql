-- Temperatures and abstention of a method, fitted on specifications with this fingerprint.
select
    wording,
    examples,
    temperature,
    log_loss,
    calibration_error,
    tasks,
    abstention
from identification_confidences
where encoder = $encoder
    and prompt_set = $prompt_set
    and method = $method
    and fingerprint = $fingerprint
order by wording, examples;
