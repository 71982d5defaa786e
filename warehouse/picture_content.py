"""What a file of pixels really holds: checked before it is decoded, decoded whole, shrunk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import jpeg_factory
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from core.errors import PictureError

ENDINGS = {"PNG": "png", "JPEG": "jpg", "WebP": "webp"}
NAMED = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".webp": "WebP",
}
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\1\0", "ICO"),
    (b"8BPS", "PSD"),
    (b"%PDF", "PDF"),
    (b"PK\3\4", "ZIP"),
)
PNG_END = b"IEND\xaeB`\x82"
PNG_ORIENTATION_CARRIERS = (b"eXIf", b"Raw profile type", b"tiff:Orientation")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
THUMBNAIL_QUALITY = 80


@dataclass(frozen=True)
class OpenedPicture:
    """A picture whose header passed; decoding it is still to come, and may refuse it."""

    image: ImageFile
    data: bytes
    format: str  # PNG, JPEG or WebP
    orientation: int  # EXIF, 1 to 8; 1 stands for none
    width: int  # px, as shown, so after orientation
    height: int  # px, as shown

    def upright(self) -> Image.Image:
        """The whole picture as shown: turned upright, in RGB, transparent parts on white.

        Raises PictureError where decoding fails.
        """
        with _refusing("is damaged or cut off"):
            _decode(self.image, self.format, self.data)
            return _as_shown(_drawable(self.image), self.orientation)

    def thumbnail(self, longer_side_px: int) -> bytes:
        """WebP of the picture as shown; smaller ones keep their size, small plain WebP its bytes.

        Decodes the whole picture, and shrinks it in place. Raises PictureError where that fails.
        """
        with _refusing("is damaged or cut off"):
            _decode(self.image, self.format, self.data)
            if self._is_its_own_thumbnail(longer_side_px):
                return self.data
            small = _drawable(self.image)
            small.thumbnail((longer_side_px, longer_side_px), reducing_gap=2.0)
            buffer = BytesIO()
            _as_shown(small, self.orientation).save(
                buffer, "WEBP", quality=THUMBNAIL_QUALITY, exif=b"", icc_profile=None
            )
            return buffer.getvalue()

    def _is_its_own_thumbnail(self, longer_side_px: int) -> bool:
        """Small WebP with nothing to turn, to flatten or to leave out."""
        return (
            self.format == "WebP"
            and max(self.image.size) <= longer_side_px
            and self.orientation == 1
            and self.image.mode == "RGB"
            and not {"exif", "icc_profile", "xmp"} & self.image.info.keys()
            and int.from_bytes(self.data[4:8], "little") + 8 == len(self.data)
        )


def open_picture(data: bytes, name: str, limit_mpx: float) -> OpenedPicture:
    """Look at the header alone: the format, that the name's ending agrees, size and frames.

    Raises PictureError with a reason that follows the name: "is empty", "holds GIF, ...".
    """
    form = _checked_format(data, name)
    with _refusing("is damaged or cut off"):
        image = _opened(data, form)
        _check_size(image, limit_mpx)
        frames = 1 if form == "JPEG" else getattr(image, "n_frames", 1)  # phones' JPEG: gain maps
        if frames > 1:
            raise PictureError(f"is an animation of {frames} frames")
        orientation = _orientation(image, form, data)
        width, height = image.size if orientation < 5 else image.size[::-1]
        return OpenedPicture(image, data, form, orientation, width, height)


def one_line(error: BaseException) -> str:
    """The text of an error of others, cut to fit into brackets."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:79] + "…"


@contextmanager
def _refusing(reason: str) -> Iterator[None]:
    try:
        yield
    except PictureError:
        raise
    except Image.DecompressionBombError as error:  # WebP's decoder has a limit of its own
        raise PictureError("has far more pixels than any picture within the limit") from error
    except Exception as error:  # decoders fed with hostile bytes raise nearly anything
        raise PictureError(f"{reason} ({one_line(error)})") from error


def _checked_format(data: bytes, name: str) -> str:
    if not data:
        raise PictureError("is empty")
    form = _content_format(data)
    if not form:
        raise PictureError("is not a picture")
    if form not in ENDINGS:
        raise PictureError(f"holds {form}, not PNG, JPEG or WebP")
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending and NAMED.get(ending) != form:
        raise PictureError(f"is named {ending[:12]} but holds {form}")
    return form


def _content_format(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "AVIF, HEIC or video"
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "HTML, SVG or XML"
    return next((form for magic, form in MAGIC if data.startswith(magic)), "")


def _opened(data: bytes, form: str) -> ImageFile:
    # The plugins themselves, because Image.open would apply a pixel limit of its own.
    if form == "PNG":
        return PngImageFile(BytesIO(data))
    if form == "WebP":
        return WebPImageFile(BytesIO(data))
    return jpeg_factory(BytesIO(data))


def _check_size(image: ImageFile, limit_mpx: float) -> None:
    width, height = image.size
    mpx = width * height / 1_000_000
    if mpx > limit_mpx:
        raise PictureError(
            f"has {width} x {height} = {mpx:.1f} megapixels, over the limit of {limit_mpx:g}"
        )


def _orientation(image: ImageFile, form: str, data: bytes) -> int:
    if form == "PNG":
        if not any(mark in data for mark in PNG_ORIENTATION_CARRIERS):
            return 1  # asking would decode the picture
        _decode(image, form, data)
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken EXIF is common in the wild and no reason to refuse a picture
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _decode(image: ImageFile, form: str, data: bytes) -> None:
    if form == "PNG" and PNG_END not in data:  # Pillow does not miss it
        raise PictureError("is cut off (the end mark is missing)")
    image.load()


def _drawable(image: ImageFile) -> Image.Image:
    """A copy, or the picture itself, in a mode that shrinks well."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):  # convert() would clip 16 bits to white
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _as_shown(image: Image.Image, orientation: int) -> Image.Image:
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image
