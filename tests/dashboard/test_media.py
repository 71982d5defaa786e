"""Pictures are served by content hash alone, once and for ever."""

import io

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.media import media_routes, picture_url, thumbnail_url
from tests.seeding import drawn_picture
from warehouse.pictures import store_picture

import numpy as np  # isort: skip


@pytest.fixture
def stored(tmp_path):
    data = drawn_picture(np.random.default_rng(1))
    return store_picture(data, "x.png", tmp_path, 64.0, 64)


@pytest.fixture
def client(tmp_path):
    with TestClient(Starlette(routes=media_routes(lambda: tmp_path))) as client:
        yield client


def test_a_thumbnail_comes_with_its_type_and_lasting_headers(client, stored):
    answer = client.get(thumbnail_url(stored.sha256))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).format == "WEBP"


@pytest.mark.parametrize(("form", "kind"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "webp")])
def test_a_picture_comes_as_it_was_stored(client, tmp_path, form, kind):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, form)
    stored = store_picture(buffer.getvalue(), "", tmp_path, 64.0, 64)
    answer = client.get(picture_url(stored.sha256))
    assert answer.headers["content-type"] == f"image/{kind}"
    assert answer.content == buffer.getvalue()


@pytest.mark.parametrize("url", [picture_url, thumbnail_url])
def test_what_the_browser_has_is_not_sent_again(client, stored, url):
    tag = client.get(url(stored.sha256)).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = client.get(url(stored.sha256), headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    assert client.get(url(stored.sha256), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("folder", ["pictures", "thumbnails"])
@pytest.mark.parametrize(
    "name",
    [
        "0" * 64,
        "0" * 63,
        "0" * 65,
        "g" * 64,
        "A" * 64,
        "..%2f..%2fgemboard.duckdb",
        "%2e%2e/%2e%2e/gemboard.duckdb",
        "..\\gemboard.duckdb",
        "%00" * 64,
        "０" * 64,
        "",
    ],
)
def test_all_else_is_not_found(client, tmp_path, folder, name):
    (tmp_path / "gemboard.duckdb").write_bytes(b"secret")
    answer = client.get(f"/{folder}/{name}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_what_is_not_there_yet_is_not_remembered(client):
    assert client.get(picture_url("0" * 64)).headers["cache-control"] == "no-store"


def test_a_hash_with_a_newline_is_not_found(client, stored):
    assert client.get(f"/pictures/{stored.sha256}%0a").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(client, stored, method):
    assert client.request(method, picture_url(stored.sha256)).status_code == 405


def test_the_server_has_these_routes_around_the_app():
    from dashboard.server import app

    assert {route.path for route in app._user_routes} == {
        "/home",
        "/pictures/{sha256}",
        "/thumbnails/{sha256}",
    }


def test_a_hidden_picture_is_not_found_even_by_its_hash(tmp_path, stored):
    routes = media_routes(lambda: tmp_path, lambda: {stored.sha256})
    with TestClient(Starlette(routes=routes)) as client:
        assert client.get(thumbnail_url(stored.sha256)).status_code == 404
        assert client.get(picture_url(stored.sha256)).status_code == 404
