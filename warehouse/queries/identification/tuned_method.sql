-- The option of a method that was tuned on specifications with this fingerprint.
select
    tuned_option,
    reached
from tuned_methods
where encoder = $encoder
    and prompt_set = $prompt_set
    and method = $method
    and fingerprint = $fingerprint;
