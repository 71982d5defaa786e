-- Jobs that make pictures, the newest first: of one person, or of all where no person is named.
select
    jobs.job_id,
    jobs.person_id,
    coalesce(people.name, jobs.person_id) as person_name,
    jobs.request,
    jobs.state,
    jobs.progress,
    coalesce(jobs.message, '') as message,
    jobs.created_at,
    jobs.finished_at
from jobs
left join people on jobs.person_id = people.person_id
where jobs.kind = $kind
    and ($person_id::varchar is null or jobs.person_id = $person_id)
    and ($job_id::varchar is null or jobs.job_id = $job_id)
order by jobs.created_at desc, jobs.job_id
limit $most
