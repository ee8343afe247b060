"""The plainest listing, without the command line's own machinery.

`refman list WORD…` is what is called most often, by people and by scripts, and click takes as long
to load as the library takes to answer. It is answered here where it says nothing but words, a
library and a limit. Whatever else there is, a mistake or an error among it, is left to the command
itself: nothing has been printed, then.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from refman.cli.render import echo_lines, lines
from refman.errors import RefmanError
from refman.services.library import Library

NAMES = frozenset(("list", "ls", "search"))
"""What `refman.cli.main` calls the command."""
_DAMAGED = 3
"""`refman.cli.diagnostics.Exit.LIBRARY`, which is not loaded here."""


def plain_listing(arguments: Sequence[str]) -> int | None:
    """List what is asked for, and return the exit status; None where it is left to the command."""
    asked = _read(arguments)
    if asked is None:
        return None
    named, text, limit = asked
    path = _library(named)
    if path is None:
        return None
    found: Iterator[str] = iter(())
    begun = False
    try:
        with Library(path, announce=_announce) as library:
            # Damage is said at the end, as by every command.
            library.store.tell_later()
            found = lines(library.rows(text, limit=limit))
            first = list(islice(found, 1))
            if first:
                begun = True
                _print(first, found)
                if library.store.damage is not None:
                    library.store.tell()
                    return _DAMAGED
    except KeyboardInterrupt as error:
        # Whoever stops a list that has not begun does not want the command to begin it anew.
        return _ended(error)
    except (RefmanError, OSError, UnicodeError, ValueError) as error:
        return _ended(error) if begun else None
    return 0 if begun else None


def _library(named: str | None) -> Path | None:
    """The library that is meant, as `refman.config.nearest_library` finds it."""
    if named:
        return Path(named).expanduser()
    # Loaded here: whoever names a library needs no settings.
    from refman.config import nearest_library  # noqa: PLC0415

    return nearest_library(None)


def _print(first: Iterable[str], rest: Iterator[str]) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where the terminal has no such letter its number is shown.
        sys.stdout.reconfigure(errors="backslashreplace")
    echo_lines(first)
    echo_lines(rest)
    sys.stdout.flush()


def _read(arguments: Sequence[str]) -> tuple[str | None, str, int | None] | None:
    """The library, the query and the limit; None where more is said than these."""
    rest = list(arguments)
    named = None
    if rest[:1] in (["-l"], ["--library"]) and len(rest) > 1:
        named = rest[1]
        del rest[:2]
    if not rest or rest[0] not in NAMES:
        return None
    words: list[str] = []
    limit = None
    given = iter(rest[1:])
    for word in given:
        if word == "--limit" and limit is None:
            number = next(given, "")
            if not (number.isascii() and number.isdecimal() and len(number) < 10):
                return None
            limit = int(number)
        elif word.startswith("-"):
            return None
        else:
            words.append(word)
    return named, " ".join(words), limit


def _announce(message: str) -> None:
    # Loaded here, for it brings click with it.
    from refman.cli.diagnostics import say  # noqa: PLC0415

    say(message)


def _ended(error: BaseException) -> int:
    """Tell an error that came in the middle of a list, as every command tells it."""
    import click  # noqa: PLC0415

    from refman.cli import diagnostics  # noqa: PLC0415

    def fail() -> None:
        raise error

    return diagnostics.run(click.Command("list", callback=fail), [])
