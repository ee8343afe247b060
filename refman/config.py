"""Settings: from a `config.toml`, outranked by the environment, outranked by flags.

Read by the command line and the screens only; everything below is handed what it needs.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from refman.errors import ConfigError

LIBRARY_NAME = "library.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. Each field is a key of `config.toml` and, in capitals, `REFMAN_…`."""

    library: str | None = None
    """The library to use where none is named and none lies in this folder or above it."""
    mailto: str | None = None
    """Your e-mail address, told to the services asked, which then answer faster."""
    offline: bool = False
    """Whether never to use the network."""
    crossref_url: str = "https://api.crossref.org"
    datacite_url: str = "https://api.datacite.org"
    openalex_url: str = "https://api.openalex.org"
    doi_url: str = "https://doi.org"
    crossref_snapshot: str | None = None
    """A file or folder of Crossref works as JSON Lines, asked before the network."""
    openalex_api_key: str | None = None
    """A key for OpenAlex, which then answers more in a day."""
    sources: tuple[str, ...] = ()
    """The sources to ask, in order.

    By default the snapshot, if there is one, then Crossref, and for what it does not hold DataCite
    and doi.org; these two only where Crossref's own service is asked, or their address is set, too.
    """
    freshness: float = 30
    """Days for which a source's answer is used before it is asked again."""
    freshness_missing: float = 7
    """The same for the answer that there is no record."""
    citation_key: str | None = None
    """The template of new citation keys; docs/citation-keys.md says how to write one."""
    style: str = "apa"
    """The style of formatted references."""
    journal_list: tuple[str, ...] = ()
    """Your own lists of names of journals: files of `full;abbreviated`, or the LTWA."""


_NAMES = {field.name for field in fields(Settings)}
_LONGEST = 36_500
_DAYS = frozenset(("freshness", "freshness_missing"))
_LISTS = frozenset(("sources", "journal_list"))
_MAILTO = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,190}\.[A-Za-z]{2,24}")


def config_path() -> Path:
    """Where `config.toml` is looked for: in the user's configuration folder."""
    return Path(_user_folder("config")) / "config.toml"


def cache_path() -> Path:
    """Where what can be made again is kept."""
    return Path(_user_folder("cache"))


def _user_folder(kind: str) -> str:
    # Twenty milliseconds that are saved where a library lies at hand.
    import platformdirs  # noqa: PLC0415

    if kind == "config":
        return platformdirs.user_config_dir("refman", appauthor=False)
    if kind == "cache":
        return platformdirs.user_cache_dir("refman", appauthor=False)
    return platformdirs.user_data_dir("refman", appauthor=False)


def load(environment: Mapping[str, str] | None = None, path: Path | None = None) -> Settings:
    """The settings of the file and the environment.

    Raises `ConfigError`, naming the file or variable, for what cannot be read or makes no sense.
    """
    environment = os.environ if environment is None else environment
    settings = _from_file(path or config_path())
    for name in _NAMES:
        text = environment.get(f"REFMAN_{name.upper()}")
        if text:
            settings = _set(settings, name, text, f"REFMAN_{name.upper()}")
    return settings


def _from_file(path: Path) -> Settings:
    import tomllib  # noqa: PLC0415

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    settings = Settings()
    for name, value in data.items():
        if name not in _NAMES:
            raise ConfigError(
                f"{path}: there is no setting {name!r}.",
                hint=f"Settings are {', '.join(sorted(_NAMES))}.",
            )
        settings = _set(settings, name, value, f"{path}: {name}")
    return settings


def _set(settings: Settings, name: str, value: Any, where: str) -> Settings:
    if name == "offline":
        return replace(settings, offline=_boolean(value, where))
    if name in _LISTS:
        parts = value if isinstance(value, list) else str(value).split(",")
        several: dict[str, Any] = {name: tuple(str(part).strip() for part in parts)}
        return replace(settings, **several)
    if name in _DAYS:
        number: dict[str, Any] = {name: _days(value, where)}
        return replace(settings, **number)
    if not isinstance(value, str):
        raise ConfigError(f"{where} must be text.")
    if name == "mailto" and not _MAILTO.fullmatch(value):
        raise ConfigError(f"{where} is no e-mail address: {value!r}.")
    changed: dict[str, Any] = {name: value}
    return replace(settings, **changed)


def _boolean(value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if str(value).lower() not in known:
        raise ConfigError(f"{where} must be true or false.")
    return known[str(value).lower()]


def _days(value: Any, where: str) -> float:
    try:
        days = float(value)
    except (TypeError, ValueError):
        days = math.nan
    if isinstance(value, bool) or not 0 <= days <= _LONGEST:
        raise ConfigError(f"{where} must be a number of days, 0 or more.")
    return days


def nearest_library(
    named: str | None,
    environment: Mapping[str, str] | None = None,
    start: Path | None = None,
) -> Path | None:
    """The library that a flag or the environment names, else the nearest above; None for none."""
    chosen = named or (os.environ if environment is None else environment).get("REFMAN_LIBRARY")
    if chosen:
        return Path(chosen).expanduser()
    folder = (start or Path.cwd()).absolute()
    for candidate in (folder, *folder.parents):
        path = candidate / LIBRARY_NAME
        if path.is_file():
            return path
    return None


def own_library(settings: Settings) -> Path:
    """The library that the settings name, else the one in the user's data folder."""
    if settings.library:
        return Path(settings.library).expanduser()
    return Path(_user_folder("data")) / LIBRARY_NAME
