"""What every command shares: the settings, the library, and how to speak to the user."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import click

from refman.cli.diagnostics import say
from refman.config import Settings, cache_path, load, nearest_library, own_library
from refman.services.library import Library


class Session:
    """One call of the command line."""

    def __init__(self, library: str | None) -> None:
        self._library = library
        self._opened: list[Library] = []

    @cached_property
    def settings(self) -> Settings:
        """The settings of file and environment. Raises `ConfigError`."""
        return load()

    @cached_property
    def path(self) -> Path:
        """The library file meant."""
        # A library that lies at hand spares a listing the reading of settings.
        found = nearest_library(self._library)
        return found if found is not None else own_library(self.settings)

    @property
    def key_template(self) -> str:
        """The template of new citation keys. Raises `UsageError` for one that cannot be read."""
        # Loaded here, for most commands make no keys.
        from refman.rules import citekey  # noqa: PLC0415

        template = self.settings.citation_key or citekey.DEFAULT
        citekey.check_template(template)
        return template

    @property
    def is_interactive(self) -> bool:
        """Whether a person sits at both ends."""
        return sys.stdin.isatty() and sys.stdout.isatty()

    def open(self, *, create: bool = False) -> Library:
        """Open the library; with `create`, make it where there is none. Raises `StoreError`."""
        library = Library(self.path, create=create, announce=say)
        # Said at the end, unless an error says it.
        library.store.tell_later()
        self._opened.append(library)
        return library

    def forget_damage(self) -> None:
        """Let what was opened before not count: it was told, or mended."""
        self._opened.clear()

    def tell_damage(self) -> bool:
        """Say which of the libraries opened are damaged, if that was not said; whether one is."""
        damaged = [each.store for each in self._opened if each.store.damage is not None]
        for store in damaged:
            store.tell()
        return bool(damaged)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before what destroys, where a person can answer. Raises `click.Abort` on a no.

        A script is not asked: it said what it wants, and what it did can be undone.
        """
        if not yes and self.is_interactive and not click.confirm(question, err=True):
            raise click.Abort

    def source_settings(self) -> Mapping[str, str]:
        """The settings that sources are opened with."""
        settings = self.settings
        known = {
            "crossref_url": settings.crossref_url,
            "datacite_url": settings.datacite_url,
            "openalex_url": settings.openalex_url,
            "openalex_api_key": settings.openalex_api_key,
            "doi_url": settings.doi_url,
            "mailto": settings.mailto,
            "crossref_snapshot": settings.crossref_snapshot,
            "cache_dir": str(cache_path()),
        }
        return {name: value for name, value in known.items() if value}

    def source_names(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """The sources to ask, in order."""
        if chosen or self.settings.sources:
            return chosen or self.settings.sources
        settings, usual = self.settings, Settings()
        names = ["crossref-snapshot"] if settings.crossref_snapshot else []
        names.append("crossref")
        # Who has a Crossref of their own means to stay there, unless they name the others, too.
        own = settings.crossref_url != usual.crossref_url
        if not own or settings.datacite_url != usual.datacite_url:
            names.append("datacite")
        if not own or settings.doi_url != usual.doi_url:
            names.append("doi")
        return tuple(names)


pass_session = click.make_pass_decorator(Session)
