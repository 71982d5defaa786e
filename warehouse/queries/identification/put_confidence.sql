-- Keep a temperature and abstention in place of those that were fitted on earlier pictures.
insert or replace into identification_confidences (
    encoder, prompt_set, method, wording, examples, fingerprint, temperature, log_loss,
    calibration_error, tasks, abstention, fitted_at
)
values (
    $encoder, $prompt_set, $method, $wording, $examples, $fingerprint, $temperature, $log_loss,
    $calibration_error, $tasks, $abstention, now()
);
