-- Every time that a profile was put into force, newest first; a person nobody knows goes by their id.
select
    profile_activations.activation_id,
    profile_activations.profile,
    profile_activations.previous,
    profile_activations.person_id,
    coalesce(people.name, profile_activations.person_id) as person_name,
    profile_activations.note,
    profile_activations.activated_at
from profile_activations
left join people on profile_activations.person_id = people.person_id
order by profile_activations.activation_id desc;
