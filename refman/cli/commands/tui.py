"""`refman tui`, and what bare `refman` does at a terminal."""

from __future__ import annotations

import os
from pathlib import Path

import click

from refman.cli.enrichment import open_net, open_sources
from refman.cli.session import Session, pass_session
from refman.config import config_path
from refman.errors import ConfigError, UsageError

_WITHOUT_PLACES = ("dumb", "unknown")
"""Terminals that only add lines, as TERM names them."""


@click.command("tui")
@pass_session
def tui_command(session: Session) -> int:
    """Open the library on the screen: search, read, paste, enrich, export."""
    return open_screen(session)


def open_screen(session: Session) -> int:
    """Show the library until the user leaves. Returns the exit status. Raises `RefmanError`."""
    if os.environ.get("TERM") in _WITHOUT_PLACES and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError(
            f"The screen needs a terminal that can place text (TERM is {os.environ['TERM']}).",
            hint="`refman list` does without one.",
        )
    # In a browser (`refman serve`) there is no terminal, but a driver that stands for one.
    if not session.is_interactive and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError("The screen needs a terminal.", hint="`refman list` does without one.")
    if session.path.exists():
        # A library of an earlier refman is brought up to date while there is a line to say so on.
        session.open(create=True).close()
    from refman.tui.collecting import postponed  # noqa: PLC0415

    with postponed():
        return _show(session)


def _show(session: Session) -> int:
    # Textual takes longer to load than most commands take in all.
    import platformdirs  # noqa: PLC0415

    from refman.tui.app import EnrichmentSetup, run  # noqa: PLC0415

    names = ", ".join(session.source_names(()))
    mailto = session.settings.mailto
    asked = f"{names} (as {mailto})" if mailto else names
    setup = EnrichmentSetup(
        open_sources=lambda: open_sources(session),
        description=asked,
        resolve=lambda text: _resolved(session, text),
    )
    return run(
        session.path,
        enrichment=setup,
        style=session.settings.style,
        template=session.key_template,
        keys=_own_keys(config_path().with_name("keys.toml")),
        state_file=Path(platformdirs.user_state_dir("refman", appauthor=False)) / "screen.json",
    )


async def _resolved(session: Session, text: str) -> str:
    """The DOI that an identifier stands for. Raises `RefmanError`."""
    from refman.services.resolving import Services, resolve  # noqa: PLC0415

    settings = session.settings
    services = Services(
        settings.crossref_url, settings.openalex_url, settings.mailto, settings.openalex_api_key
    )
    async with open_net(session, patient=False) as net:
        return await resolve(text, net, services)


def _own_keys(path: Path) -> dict[str, str]:
    """The keys of the user's own: a table of what they do, each with a key or a list of keys."""
    import tomllib  # noqa: PLC0415

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    found = {}
    for name, value in data.items():
        keys = value if isinstance(value, list) else [value]
        if not keys or not all(isinstance(key, str) and key.isprintable() and key for key in keys):
            raise ConfigError(f"{path}: {name} must be a key, or a list of keys.")
        found[name] = ",".join(keys)
    return found
