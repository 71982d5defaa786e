-- Keep the option of a method in place of the one that was tuned on earlier pictures.
insert or replace into tuned_methods (
    encoder, prompt_set, method, fingerprint, tuned_option, reached, tuned_at
)
values ($encoder, $prompt_set, $method, $fingerprint, $tuned_option, $reached, now());
