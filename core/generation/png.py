"""PNG files that carry how they were made: `parameters` for web UIs, `gemboard` for us."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from core.errors import GemboardError, PictureError
from core.generation.parameters_text import Parameters, read_parameters, write_parameters
from core.generation.recipe import TEXT_LIMIT, Recipe, read_recipe, write_recipe

PARAMETERS_KEY, RECIPE_KEY = "parameters", "gemboard"
FILE_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class PngTexts:
    """What a PNG tells of its making; None where it tells nothing."""

    parameters: Parameters | None
    recipe: Recipe | None
    problem: str | None = None  # why a recipe or parameters that are there cannot be taken


def png_with_recipe(picture: Image.Image, recipe: Recipe) -> bytes:
    """The picture as PNG with both texts; the same pixels and recipe give the same bytes."""
    texts = PngInfo()
    texts.add_text(PARAMETERS_KEY, write_parameters(recipe.request))
    texts.add_text(RECIPE_KEY, write_recipe(recipe))
    buffer = BytesIO()
    picture.save(buffer, "PNG", pnginfo=texts)
    return buffer.getvalue()


def read_png(data: bytes) -> PngTexts:
    """Both texts of a PNG from anywhere; its pixels are not decoded.

    Only texts before the pixels are read, which is where web UIs and we write them. A recipe that
    cannot be taken is told in `problem`. Raises PictureError where the file is no PNG, is larger
    than FILE_LIMIT_BYTES, or holds texts that are too large, packed ones as unpacked.
    """
    texts = _texts(data)
    parameters, recipe, problem = None, None, None
    try:
        if RECIPE_KEY in texts:
            recipe = read_recipe(texts[RECIPE_KEY])
    except GemboardError as error:
        problem = str(error)
    if texts.get(PARAMETERS_KEY, "").strip():
        parameters = read_parameters(texts[PARAMETERS_KEY])
    return PngTexts(parameters, recipe, problem)


def _texts(data: bytes) -> dict[str, str]:
    if len(data) > FILE_LIMIT_BYTES:
        raise PictureError(
            f"The file is larger than {FILE_LIMIT_BYTES // 1024**2} MiB: drop in a smaller PNG."
        )
    try:
        with PngImageFile(BytesIO(data)) as image:
            found = {key: image.info.get(key) for key in (PARAMETERS_KEY, RECIPE_KEY)}
    except (SyntaxError, ValueError, OSError, EOFError, struct.error, zlib.error) as error:
        raise PictureError(
            "The file cannot be read as a PNG, or its texts are too large: drop in a PNG as it "
            "was saved."
        ) from error
    texts = {key: str(text) for key, text in found.items() if isinstance(text, str)}
    if any(len(text) > TEXT_LIMIT for text in texts.values()):
        raise PictureError(
            f"A text in the PNG has more than {TEXT_LIMIT:,} characters: this is no web UI's and "
            "none of ours."
        )
    return texts
