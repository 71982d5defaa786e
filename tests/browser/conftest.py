"""The real server on a free port, and headless Chromium before it."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.server import serving

PATIENCE_MS = 30_000  # a cold start on a machine that does other things too

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium; without one the tests are skipped, in CI they fail."""
    if not Path(CHROMIUM).is_file():
        message = f"{CHROMIUM} is missing, so nothing is tested in a browser: apt install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dashboard(seeded_home, tmp_path_factory):
    """Address of a running dashboard over a filled home."""
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(seeded_home, home)
    with serving(home) as address:
        yield address


@pytest.fixture
def page(chromium):
    """A fresh tab that notes errors in `page.errors`."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("dialog", lambda dialog: (page.errors.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: _note(page, message))
    yield page
    context.close()


def _note(page, message):
    # On a deep page Streamlit itself looks for its server under that path first, and gets a 404.
    own_probe = "/_stcore/" in message.location.get("url", "")
    if message.type == "error" and not own_probe:
        page.errors.append(message.text)
