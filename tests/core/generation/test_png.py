"""PNG files that carry their recipe, and files from anywhere."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.errors import PictureError
from core.generation.parameters_text import read_parameters, write_parameters
from core.generation.png import png_with_recipe, read_png
from core.generation.recipe import write_recipe
from tests.core.generation.asking import a_recipe, a_request, requests

PICTURE = Image.linear_gradient("L").resize((16, 8)).convert("RGB")
RECIPE = a_recipe(a_request(prompt="un chat à l'encre 墨\nzweite Zeile", negative_prompt="blurry"))
WHOLE = png_with_recipe(PICTURE, RECIPE)


def a_png(*texts, packed=False):
    info = PngInfo()
    for key, text in texts:
        info.add_text(key, text, zip=packed)
    buffer = BytesIO()
    PICTURE.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def a_chunk(kind, content):
    checked = kind + content
    return len(content).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")


def with_chunk(kind, content):
    """A PNG with a chunk of any content after its header."""
    data = a_png()
    return data[:33] + a_chunk(kind, content) + data[33:]


def test_both_texts_and_the_pixels_come_back():
    found = read_png(WHOLE)
    assert found.recipe == RECIPE
    assert found.parameters == read_parameters(write_parameters(RECIPE.request))
    assert found.problem is None
    with Image.open(BytesIO(WHOLE)) as opened:
        assert opened.text["parameters"] == write_parameters(RECIPE.request)
        assert opened.tobytes() == PICTURE.tobytes()


@given(requests)
def test_any_recipe_comes_back(request):
    assert read_png(png_with_recipe(PICTURE, a_recipe(request))).recipe == a_recipe(request)


def test_the_same_picture_and_recipe_give_the_same_bytes():
    assert png_with_recipe(PICTURE.copy(), RECIPE) == WHOLE


def test_a_web_uis_png_has_parameters_alone():
    text = "a cat\nSteps: 20, Sampler: Euler a, Seed: 3, Size: 512x512"
    found = read_png(a_png(("parameters", text), ("workflow", "{}")))
    assert (found.recipe, found.problem) == (None, None)
    assert found.parameters.seed == 3


def test_a_png_that_tells_nothing_tells_nothing():
    found = read_png(a_png(("parameters", " ")))
    assert (found.parameters, found.recipe, found.problem) == (None, None, None)


def test_a_recipe_that_cannot_be_taken_is_told_and_the_parameters_stand():
    changed = write_recipe(RECIPE).replace("墨", "川")
    found = read_png(a_png(("parameters", "a cat"), ("gemboard", changed)))
    assert found.recipe is None
    assert found.problem.startswith("This is no recipe of Gemboard's: its request was changed")
    assert found.parameters.prompt == "a cat"


BOMB = zlib.compress(b" " * 50_000_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        WHOLE[:40],
        b"x" * 1000,
        a_png(("parameters", "x" * 300_000)),
        a_png(("gemboard", " " * 300_000), packed=True),
        with_chunk(b"zTXt", b"parameters\0\0" + BOMB),
        with_chunk(b"iTXt", b"parameters\0\1\0\0\0" + BOMB),
    ],
    ids=["empty", "GIF", "cut", "noise", "long", "packed", "zTXt bomb", "iTXt bomb"],
)
def test_what_is_no_png_or_too_large_is_refused(data):
    with pytest.raises(PictureError, match=r"drop in|this is no web UI's"):
        read_png(data)


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(PictureError, match="The file is larger than 64 MiB"):
        read_png(bytes(64 * 1024 * 1024 + 1))


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_png_is_refused_or_read(place, noise):
    read_or_refused(WHOLE[:place] + noise + WHOLE[place + len(noise) :])


@pytest.mark.filterwarnings("ignore:Invalid APNG")
@given(
    st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"pHYs", b"iCCP", b"acTL", b"tRNS"]),
    st.sampled_from([b"", b"parameters\0", b"gemboard\0\0", b"gemboard\0\1\0\0\0"]),
    st.binary(max_size=60),
)
def test_a_chunk_of_anything_is_refused_or_read(kind, start, content):
    read_or_refused(with_chunk(kind, start + content))


def read_or_refused(data):
    try:
        read_png(data)
    except PictureError as refusal:
        assert "\n" not in str(refusal)
