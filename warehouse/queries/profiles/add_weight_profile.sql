-- Store a profile that is not in force.
insert into weight_profiles (name, lambdas, author, normalisation, note)
select
    $name,
    map(cast($metrics as varchar[]), cast($weights as double[])),
    $author,
    $normalisation,
    $note;
