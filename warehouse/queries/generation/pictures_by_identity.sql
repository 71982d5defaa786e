-- Pictures in the warehouse that were made by these requests, one for each request: the first that was made.
select
    image_recipes.identity,
    images.image_id,
    images.prompt_id,
    images.sha256,
    images.path,
    images.nsfw_score
from image_recipes
inner join images using (image_id)
where list_contains($identities, image_recipes.identity) and images.path is not null
qualify row_number() over (
    partition by image_recipes.identity
    order by image_recipes.created_at, images.image_id
) = 1
