-- The recipe of a picture that was made here and is not hidden.
with final as (
    select image_recipes.recipe::varchar as recipe
    from image_recipes
    inner join image_scores using (image_id)
    where image_recipes.image_id = $image_id and not image_scores.hidden
)

select * from final
