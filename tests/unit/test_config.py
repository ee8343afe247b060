"""Settings: file, environment and flags, and which library is meant."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from refman.config import (
    Settings,
    cache_path,
    config_path,
    load,
    nearest_library,
    own_library,
)
from refman.errors import ConfigError


def find_library(named: str | None, settings: Settings, start: Path | None = None) -> Path:
    return nearest_library(named, start=start) or own_library(settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = config_path()
    path.parent.mkdir(parents=True)
    return path


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    settings = load()
    assert settings == Settings()
    assert settings.crossref_url == "https://api.crossref.org"
    assert settings.mailto is None, "no address is built in"
    assert not settings.offline


def test_the_file_is_in_the_users_folder(tmp_path: Path) -> None:
    assert config_path() == tmp_path / "xdg-config" / "refman" / "config.toml"
    assert cache_path() == tmp_path / "xdg-cache" / "refman"


def test_the_file_is_read_and_outranked_by_the_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(
        'mailto = "a@example.org"\noffline = true\nsources = ["crossref-snapshot", "crossref"]\n'
        'style = "ieee"\ncrossref_url = "http://127.0.0.1:1"\n'
    )
    settings = load()
    assert settings.mailto == "a@example.org"
    assert settings.offline is True
    assert settings.sources == ("crossref-snapshot", "crossref")
    monkeypatch.setenv("REFMAN_MAILTO", "b@example.org")
    monkeypatch.setenv("REFMAN_OFFLINE", "0")
    monkeypatch.setenv("REFMAN_SOURCES", "crossref, crossref-snapshot")
    monkeypatch.setenv("REFMAN_STYLE", "")
    settings = load()
    assert settings.mailto == "b@example.org"
    assert settings.offline is False
    assert settings.sources == ("crossref", "crossref-snapshot")
    assert settings.style == "ieee", "an empty variable is none"


@pytest.mark.parametrize("field", [f.name for f in fields(Settings)])
def test_every_setting_can_come_from_both(
    file: Path, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values: dict[str, tuple[str, object]] = {
        "offline": ("true", True),
        "sources": ('["x"]', ("x",)),
        "journal_list": ('["a.csv"]', ("a.csv",)),
        "freshness": ("1.5", 1.5),
        "freshness_missing": ("0", 0),
    }
    text, value = values.get(field, ('"a@example.org"', "a@example.org"))
    file.write_text(f"{field} = {text}\n")
    assert getattr(load(), field) == value
    file.unlink()
    plain = text.strip('[]"')
    monkeypatch.setenv(f"REFMAN_{field.upper()}", plain)
    assert getattr(load(), field) == value


@pytest.mark.parametrize("text", ["true", '"soon"', "-1", "1e9", "nan"])
def test_days_are_a_sensible_number(file: Path, text: str) -> None:
    file.write_text(f"freshness = {text}\n")
    with pytest.raises(ConfigError, match="freshness must be a number of days"):
        load()


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("no", False)]
)
def test_switches(text: str, value: bool) -> None:
    assert load({"REFMAN_OFFLINE": text}).offline is value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"mailto = ", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"colour = 1", "no setting 'colour'"),
        (b"mailto = 3", "mailto must be text"),
        (b'mailto = "a@b"', "no e-mail address"),
        (b'mailto = "a@example.org\\nBcc: x@example.org"', "no e-mail address"),
        (b"offline = 3", "must be true or false"),
        (b"[section]\nx = 1", "no setting 'section'"),
    ],
)
def test_a_file_that_makes_no_sense(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=words) as caught:
        load()
    assert str(file) in caught.value.message


@pytest.mark.parametrize(
    ("name", "text"), [("REFMAN_OFFLINE", "perhaps"), ("REFMAN_MAILTO", "nobody")]
)
def test_an_environment_that_makes_no_sense_names_the_variable(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({name: text})


def test_a_folder_in_place_of_the_file(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError):
        load()


def test_which_library_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "project" / "chapter" / "section"
    deep.mkdir(parents=True)
    own = tmp_path / "xdg-data" / "refman" / "library.db"
    set_ = Settings(library="~/set.db")
    assert find_library(None, Settings(), deep) == own
    assert find_library(None, set_, deep) == tmp_path / "set.db"
    near = tmp_path / "project" / "library.db"
    near.touch()
    assert find_library(None, set_, deep) == near, "the nearest above outranks the file"
    nearer = deep / "library.db"
    nearer.touch()
    assert find_library(None, set_, deep) == nearer
    monkeypatch.setenv("REFMAN_LIBRARY", "~/env.db")
    assert find_library(None, set_, deep) == tmp_path / "env.db"
    assert find_library("~/flag.db", set_, deep) == tmp_path / "flag.db"
    monkeypatch.delenv("REFMAN_LIBRARY")
    monkeypatch.chdir(deep.parent)
    assert find_library(None, Settings()) == near


def test_a_folder_called_library_db_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    assert find_library(None, Settings(), tmp_path).parent.name == "refman"
