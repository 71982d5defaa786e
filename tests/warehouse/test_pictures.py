"""Pictures: what is refused and why, and what lies on disk after storing."""

import os
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from core.errors import PictureError
from warehouse import pictures
from warehouse.pictures import (
    PictureJob,
    StoredPicture,
    contained_path,
    file_sha256,
    picture_file,
    read_contained,
    store_picture,
    store_pictures,
    thumbnail_path,
)

SOURCE = Image.effect_noise((90, 60), 60).convert("RGB")


def encoded(form: str = "PNG", image: Image.Image = SOURCE, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def stored(data: bytes, name: str, home: Path, limit_mpx: float = 1.0) -> StoredPicture:
    return store_picture(data, name, home, limit_mpx, 32)


def refusal(data: bytes, name: str, home: Path, limit_mpx: float = 1.0) -> str:
    with pytest.raises(PictureError) as caught:
        stored(data, name, home, limit_mpx)
    assert "\n" not in str(caught.value)
    assert not list(home.rglob("*")), "a refused picture leaves nothing behind"
    return str(caught.value)


def files(home: Path) -> dict[str, tuple[int, int]]:
    """Every file under home with inode and time of change."""
    found = [path for path in home.rglob("*") if path.is_file()]
    return {
        path.relative_to(home).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in found
    }


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("form", "name", "ending"),
    [
        ("PNG", "a.png", "png"),
        ("PNG", "A.PNG", "png"),
        ("JPEG", "a.jpg", "jpg"),
        ("JPEG", "folder/a.JPEG", "jpg"),
        ("WEBP", "a.webp", "webp"),
        ("PNG", "no-ending", "png"),
    ],
)
def test_a_picture_is_stored_as_it_came_under_its_hash_with_a_thumbnail(
    form, name, ending, tmp_path
):
    data = encoded(form)
    picture = stored(data, name, tmp_path)
    sha256 = picture.sha256
    assert picture.path == f"pictures/{sha256[:2]}/{sha256}.{ending}"
    assert (tmp_path / picture.path).read_bytes() == data
    assert file_sha256(tmp_path / picture.path) == sha256
    assert (picture.width, picture.height) == (90, 60)
    assert picture_file(tmp_path, sha256) == tmp_path / picture.path
    with Image.open(thumbnail_path(tmp_path, sha256)) as small:
        assert (small.format, small.mode, small.size) == ("WEBP", "RGB", (32, 21))
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.png", "is empty"),
        (b"hello, not a picture", "a.png", "is not a picture"),
        (encoded("JPEG"), "a.png", "is named .png but holds JPEG"),
        (encoded("PNG"), "a.jpg", "is named .jpg but holds PNG"),
        (encoded("PNG"), "a.exe", "is named .exe but holds PNG"),
        (encoded("WEBP"), "a.png", "is named .png but holds WebP"),
        (encoded("GIF"), "a.png", "holds GIF, not PNG, JPEG or WebP"),
        (encoded("GIF"), "a.gif", "holds GIF, not PNG, JPEG or WebP"),
        (encoded("BMP"), "a.bmp", "holds BMP"),
        (encoded("TIFF"), "a.tif", "holds TIFF"),
        (b"  <!DOCTYPE html><script>alert(1)</script>", "a.png", "holds HTML, SVG or XML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.webp", "holds HTML, SVG or XML"),
        (encoded("PNG", save_all=True, append_images=[SOURCE.rotate(90)]), "a.png", "animation"),
        (encoded("WEBP", save_all=True, append_images=[SOURCE.rotate(9)]), "a.webp", "animation"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 200, "a.png", "is damaged or cut off"),
        (b"\xff\xd8\xff\xe0" + b"\x01" * 200, "a.jpg", "is damaged or cut off"),
    ],
)
def test_what_is_no_still_picture_of_its_own_name_is_refused(data, name, reason, tmp_path):
    assert reason in refusal(data, name, tmp_path)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("missing", [1, 4, 12, 20, 300, 3000])
def test_a_picture_cut_off_anywhere_is_refused(form, missing, tmp_path):
    data = encoded(form, quality=95) if form != "PNG" else encoded(form)
    assert "cut off" in refusal(data[:-missing], f"a.{form}", tmp_path)


def test_a_bomb_is_refused_from_its_header_before_any_pixel_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded before the size check")
    )
    reason = refusal(png_claiming(50_000, 40_000), "a.png", tmp_path, limit_mpx=64)
    assert reason == "has 50000 x 40000 = 2000.0 megapixels, over the limit of 64"
    oriented = png_claiming(50_000, 40_000) + b"eXIf"
    assert "over the limit" in refusal(oriented, "a.png", tmp_path, limit_mpx=64)


def test_a_webp_whose_canvas_is_vast_is_refused(tmp_path):
    canvas = struct.pack("<I", 16_382)[:3] * 2
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas + encoded("WEBP")[12:]
    data = b"RIFF" + struct.pack("<I", len(body)) + body
    assert "more pixels" in refusal(data, "a.webp", tmp_path, limit_mpx=64)


def test_the_limit_is_the_limit(tmp_path):
    assert stored(encoded(), "a.png", tmp_path, limit_mpx=90 * 60 / 1e6).width == 90
    with pytest.raises(PictureError, match="over the limit"):
        stored(encoded(), "a.png", tmp_path, limit_mpx=(90 * 60 - 1) / 1e6)


def test_storing_twice_changes_nothing_on_disk(tmp_path):
    first = stored(encoded("JPEG"), "a.jpg", tmp_path)
    before = files(tmp_path)
    assert stored(encoded("JPEG"), "another-name.jpeg", tmp_path) == first
    assert files(tmp_path) == before


def test_storing_again_decodes_nothing(tmp_path, monkeypatch):
    first = stored(encoded(), "a.png", tmp_path)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded again"))
    assert stored(encoded(), "a.png", tmp_path) == first


def test_storing_again_mends_an_altered_file_and_a_lost_thumbnail(tmp_path):
    first = stored(encoded(), "a.png", tmp_path)
    (tmp_path / first.path).write_bytes(encoded()[:-10])
    thumbnail_path(tmp_path, first.sha256).unlink()
    stored(encoded(), "a.png", tmp_path)
    assert (tmp_path / first.path).read_bytes() == encoded()
    assert thumbnail_path(tmp_path, first.sha256).is_file()


def test_two_writers_of_the_same_picture_at_once_leave_it_whole(tmp_path):
    data = encoded("PNG", SOURCE.resize((300, 300)))
    barrier = threading.Barrier(8)

    def write() -> StoredPicture:
        barrier.wait()
        return stored(data, "a.png", tmp_path)

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result() for future in [pool.submit(write) for _ in range(8)]]
    assert len(set(answers)) == 1
    assert (tmp_path / answers[0].path).read_bytes() == data
    assert len(files(tmp_path)) == 2, "no temporary file is left"


def test_a_write_that_fails_leaves_no_file_under_the_final_name(tmp_path, monkeypatch):
    def broken(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="No space"):
        stored(encoded(), "a.png", tmp_path)
    assert files(tmp_path) == {}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red_corner"),
    [
        (1, (90, 60), (0, 0)),
        (2, (90, 60), (1, 0)),
        (3, (90, 60), (1, 1)),
        (4, (90, 60), (0, 1)),
        (5, (60, 90), (0, 0)),
        (6, (60, 90), (1, 0)),
        (7, (60, 90), (1, 1)),
        (8, (60, 90), (0, 1)),
    ],
)
def test_the_thumbnail_stands_upright_as_exif_says(form, orientation, size, red_corner, tmp_path):
    image = Image.new("RGB", (90, 60), "blue")
    image.paste("red", (0, 0, 30, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = stored(encoded(form, image, exif=exif), f"a.{form}", tmp_path)
    assert (picture.width, picture.height) == size
    with Image.open(thumbnail_path(tmp_path, picture.sha256)) as small:
        assert small.size == ((32, 21) if size == (90, 60) else (21, 32))
        assert not small.getexif()
        corner = tuple(3 + at * (side - 7) for at, side in zip(red_corner, small.size, strict=True))
        red, _, blue = small.getpixel(corner)
        assert red > 180 > 80 > blue
    again = stored(encoded(form, image, exif=exif), f"a.{form}", tmp_path)
    assert again == picture


def test_a_transparent_picture_gets_a_thumbnail_on_white(tmp_path):
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture = stored(encoded("PNG", clear), "a.png", tmp_path)
    with Image.open(thumbnail_path(tmp_path, picture.sha256)) as small:
        assert min(small.getpixel((16, 16))) > 250


def test_a_grey_picture_of_16_bits_keeps_its_tone(tmp_path):
    grey = Image.new("I;16", (40, 40), 0x8000)
    picture = stored(encoded("PNG", grey), "a.png", tmp_path)
    with Image.open(thumbnail_path(tmp_path, picture.sha256)) as small:
        assert 120 < small.getpixel((16, 16))[0] < 136


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK"])
def test_every_usual_colour_mode_is_taken(mode, tmp_path):
    form, name = ("JPEG", "a.jpg") if mode == "CMYK" else ("PNG", "a.png")
    picture = stored(encoded(form, SOURCE.convert(mode)), name, tmp_path)
    assert thumbnail_path(tmp_path, picture.sha256).is_file()


def test_a_small_picture_is_not_blown_up(tmp_path):
    picture = stored(encoded("PNG", SOURCE.resize((20, 10))), "a.png", tmp_path)
    with Image.open(thumbnail_path(tmp_path, picture.sha256)) as small:
        assert small.size == (20, 10)


def test_many_pictures_come_back_in_order_each_with_its_answer(tmp_path):
    source, home = tmp_path / "source", tmp_path / "home"
    source.mkdir()
    (source / "good.png").write_bytes(encoded())
    (source / "bad.png").write_bytes(b"nothing")
    names = ["good.png", "bad.png", "gone.png", "../good.png"] * 5
    jobs = [PictureJob(n, name, partial(read_contained, source, name, 1.0))
            for n, name in enumerate(names)]  # fmt: skip
    seen: list[int] = []
    answers = list(
        store_pictures(
            jobs, home, limit_mpx=1.0, thumbnail_px=32, workers=3, on_progress=seen.append
        )
    )
    assert [job.key for job, _ in answers] == list(range(20))
    assert seen == list(range(1, 21))
    assert isinstance(answers[0][1], StoredPicture)
    assert [str(answer) for _, answer in answers[1:4]] == [
        "is not a picture",
        "does not exist",
        "leads out of the folder source",
    ]


def test_pictures_are_read_only_a_few_ahead(tmp_path):
    held: list[int] = []

    def jobs():
        for number in range(1000):
            held.append(number)
            yield PictureJob(number, "a.png", encoded)

    answers = store_pictures(jobs(), tmp_path, limit_mpx=1.0, thumbnail_px=32, workers=2)
    next(answers)
    next(answers)
    assert len(held) <= 6
    answers.close()
    threads = [t for t in threading.enumerate() if t.name.startswith("pictures")]
    assert not threads, "closing early ends the workers"


def test_pictures_are_stored_in_parallel(tmp_path):
    together = threading.Barrier(2, timeout=5)

    def read() -> bytes:
        together.wait()
        return encoded()

    jobs = [PictureJob(number, "a.png", read) for number in range(4)]
    assert len(list(store_pictures(jobs, tmp_path, limit_mpx=1, thumbnail_px=32, workers=2))) == 4


def test_an_unreadable_file_is_an_answer_not_a_crash(tmp_path):
    def read() -> bytes:
        raise PermissionError(13, "Permission denied")

    jobs = [PictureJob("x", "a.png", read)]
    [(_, answer)] = store_pictures(jobs, tmp_path, limit_mpx=1, thumbnail_px=32, workers=1)
    assert str(answer) == "cannot be read (Permission denied)"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.png").write_bytes(b"inside")
    (tmp_path / "secret.png").write_bytes(b"outside")
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "in.png").symlink_to(folder / "sub" / "a.png")
    (folder / "up").symlink_to(tmp_path)
    (folder / "circle.png").symlink_to(folder / "circle.png")
    os.mkfifo(folder / "pipe.png")
    (tmp_path / "folder-next").mkdir()
    (tmp_path / "folder-next" / "a.png").write_bytes(b"outside")
    (folder / "next").symlink_to(tmp_path / "folder-next")
    return folder


@pytest.mark.parametrize("name", ["sub/a.png", "./sub//a.png", "in.png"])
def test_a_name_inside_the_folder_gives_its_path(name, folder):
    assert contained_path(folder, name).read_bytes() == b"inside"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is not a file name"),
        ("  ", "is not a file name"),
        ("sub/a.png\0.jpg", "is not a file name"),
        ("../secret.png", "leads out of the folder"),
        ("sub/../../secret.png", "leads out of the folder"),
        ("sub/../sub/a.png", "leads out of the folder"),
        ("out.png", "is a link that leads out of the folder"),
        ("up/secret.png", "is a link that leads out of the folder"),
        ("next/a.png", "is a link that leads out of the folder"),
        ("..\\secret.png", "is a Windows path"),
        ("sub\\a.png", "is a Windows path"),
        ("C:secret.png", "is a Windows path"),
        ("C:/secret.png", "is a Windows path"),
        ("gone.png", "does not exist"),
        ("sub", "is not a regular file"),
        (".", "is not a regular file"),
        ("pipe.png", "is not a regular file"),
        ("circle.png", "cannot be reached"),
        ("x" * 5000 + ".png", "cannot be reached"),
        ("\udcff.png", "does not exist"),
        ("sub/a.png/b.png", "cannot be reached"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name, reason, folder):
    with pytest.raises(PictureError, match=reason):
        contained_path(folder, name)


def test_an_absolute_name_is_refused_even_inside_the_folder(folder):
    with pytest.raises(PictureError, match="leads out of the folder"):
        contained_path(folder, str(folder / "sub" / "a.png"))
    with pytest.raises(PictureError):
        contained_path(folder, "//server/share/a.png")


def test_a_file_larger_than_any_picture_is_not_read(folder, monkeypatch):
    with (folder / "vast.png").open("wb") as file:
        file.truncate(20 * pictures.MEBIBYTE)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(PictureError, match="20 MiB"):
        read_contained(folder, "vast.png", limit_mpx=1.0)


@pytest.mark.parametrize("text", ["", "ab", "../" * 20, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_only_a_content_hash_becomes_a_path(text, tmp_path):
    assert picture_file(tmp_path, text) is None
    with pytest.raises(PictureError):
        thumbnail_path(tmp_path, text)


def test_a_hash_without_a_picture_gives_none(tmp_path):
    assert picture_file(tmp_path, "a" * 64) is None


def test_storing_again_mends_a_damaged_thumbnail(tmp_path):
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    stored = store_picture(buffer.getvalue(), "a.png", tmp_path, 1, 32)
    thumbnail = thumbnail_path(tmp_path, stored.sha256)
    whole = thumbnail.read_bytes()
    thumbnail.write_bytes(whole[:20])
    store_picture(buffer.getvalue(), "a.png", tmp_path, 1, 32)
    assert thumbnail.read_bytes() == whole
