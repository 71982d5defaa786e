-- The profile in force, the one before it, and who put it into force when.
select
    weight_profiles.name,
    profile_activations.previous,
    coalesce(people.name, profile_activations.person_id, 'Somebody') as person,
    coalesce(profile_activations.activated_at, now()) as activated_at
from weight_profiles
left join profile_activations on weight_profiles.name = profile_activations.profile
left join people on profile_activations.person_id = people.person_id
where weight_profiles.active
order by profile_activations.activation_id desc
limit 1;
