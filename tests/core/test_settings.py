"""Settings: where they come from, which wins, and how a bad one is named."""

from pathlib import Path

import pytest

from core import settings as module
from core.errors import SettingsError
from core.settings import ROOT, Settings, load_settings


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """A root of its own, with no settings in force."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GEMBOARD_{name.upper()}", raising=False)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SECRETS", tmp_path / ".streamlit" / "secrets.toml")
    (tmp_path / ".streamlit").mkdir()
    return tmp_path


def write_secrets(root, text, encoding="utf-8"):
    (root / ".streamlit" / "secrets.toml").write_text(text, encoding=encoding)


def test_the_home_is_var_in_the_project_unless_said(root):
    assert load_settings().home_path == root / "var"
    assert load_settings().database_path == root / "var" / "gemboard.duckdb"


def test_a_relative_home_counts_from_the_root_wherever_one_stands(root, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("GEMBOARD_HOME", "worlds/one")
    assert load_settings().home_path == root / "worlds" / "one"


def test_an_absolute_home_and_a_tilde_are_taken_as_they_are(monkeypatch):
    monkeypatch.setenv("GEMBOARD_HOME", "/srv/gemboard")
    assert load_settings().home_path == Path("/srv/gemboard")
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("GEMBOARD_HOME", "~/gemboard")
    assert load_settings().home_path == Path("/home/ada/gemboard")


def test_a_blank_variable_counts_as_unset(root, monkeypatch):
    monkeypatch.setenv("GEMBOARD_HOME", "")
    monkeypatch.setenv("GEMBOARD_THUMBNAIL_PX", "")
    assert load_settings().home_path == root / "var"
    assert load_settings().thumbnail_px == 320


def test_the_secrets_file_is_read(root):
    write_secrets(root, '[gemboard]\nhome = "other"\nthumbnail_px = 128\n')
    assert load_settings().home_path == root / "other"
    assert load_settings().thumbnail_px == 128


def test_a_secrets_file_of_others_is_no_matter(root):
    write_secrets(root, '[connections.other]\nurl = "x"\n')
    assert load_settings().thumbnail_px == 320


def test_the_environment_wins_over_the_secrets_file(root, monkeypatch):
    write_secrets(root, "[gemboard]\nthumbnail_px = 128\nworkers = 3\n")
    monkeypatch.setenv("GEMBOARD_THUMBNAIL_PX", "256")
    assert (load_settings().thumbnail_px, load_settings().workers) == (256, 3)


def test_arguments_win_over_everything(monkeypatch):
    monkeypatch.setenv("GEMBOARD_THUMBNAIL_PX", "256")
    assert Settings(thumbnail_px=64).thumbnail_px == 64


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THUMBNAIL_PX", "9"),
        ("THUMBNAIL_PX", "many"),
        ("PICTURE_LIMIT_MPX", "0"),
        ("PICTURE_LIMIT_MPX", "-1"),
        ("PICTURE_LIMIT_MPX", "nan"),
        ("PICTURE_LIMIT_MPX", "inf"),
        ("WORKERS", "-1"),
        ("WORKERS", "1.5"),
    ],
)
def test_a_bad_value_names_its_setting(monkeypatch, name, value):
    monkeypatch.setenv(f"GEMBOARD_{name}", value)
    with pytest.raises(SettingsError, match=f"GEMBOARD_{name}"):
        load_settings()


def test_a_misspelt_name_in_the_secrets_file_is_named(root):
    write_secrets(root, "[gemboard]\nthumbnail_pixels = 128\n")
    with pytest.raises(SettingsError, match="THUMBNAIL_PIXELS"):
        load_settings()


@pytest.mark.parametrize("text", ["[gemboard\nhome = 1", 'gemboard = "var"', "gemboard = 3"])
def test_a_secrets_file_that_cannot_be_read_is_named(root, text):
    write_secrets(root, text)
    with pytest.raises(SettingsError, match=r"secrets\.toml"):
        load_settings()


def test_a_secrets_file_in_another_encoding_is_named(root):
    write_secrets(root, '[gemboard]\nhome = "é"\n', encoding="latin-1")
    with pytest.raises(SettingsError, match=r"secrets\.toml"):
        load_settings()


def test_settings_cannot_be_changed_in_passing():
    with pytest.raises(Exception, match="frozen"):
        load_settings().workers = 5


def test_the_root_is_the_folder_of_the_project():
    assert (ROOT / "core" / "settings.py").is_file()
