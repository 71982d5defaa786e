"""Which prompt a page begins with."""

from dashboard.components.pickers import widest_prompt


def row(prompt_id, models, featured):
    return {"prompt_id": prompt_id, "models": models, "featured": featured}


def test_a_page_begins_with_the_prompt_of_most_models_not_of_most_pictures():
    assert widest_prompt([row(1, 2, 90), row(2, 5, 10)]) == 2


def test_of_several_the_first_id_comes_first():
    assert widest_prompt([row(9, 5, 30), row(4, 5, 10), row(7, 5, 20)]) == 4


def test_a_prompt_without_pictures_to_use_comes_last():
    assert widest_prompt([row(1, 5, 0), row(2, 1, 3)]) == 2
    assert widest_prompt([row(3, 5, 0)]) == 3


def test_rows_that_count_images_do_too():
    rows = [{"prompt_id": 1, "models": 3, "images": 0}, {"prompt_id": 2, "models": 1, "images": 1}]
    assert widest_prompt(rows) == 2
