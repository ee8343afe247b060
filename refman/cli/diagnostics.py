"""Errors as one sentence on standard error, and as exit statuses."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

import click

from refman.cli.plain import plain
from refman.errors import EditConflict, NotFoundError, RefmanError, SourceError, StoreError

if TYPE_CHECKING:
    from refman.model import Work
    from refman.services.library import Library


class Exit(IntEnum):
    """What the exit statuses mean."""

    DONE = 0
    """All done."""
    PARTLY = 1
    """Done, but some records failed, were not found or need a decision, or nothing matched."""
    USAGE = 2
    """Wrong use, unreadable input or configuration."""
    LIBRARY = 3
    """The library cannot be used."""
    INTERRUPTED = 130


def status_of(error: RefmanError) -> Exit:
    """The exit status of an error that stops everything."""
    if isinstance(error, StoreError):
        return Exit.LIBRARY
    if isinstance(error, NotFoundError | SourceError | EditConflict):
        return Exit.PARTLY
    return Exit.USAGE


before_saying: list[Callable[[], None]] = []
"""What takes a line of progress away, so that a message does not stand in it."""


def say(message: str) -> None:
    """A line for the user, on standard error, with nothing in it that a terminal would obey."""
    for clear in before_saying:
        clear()
    click.echo(plain(message), err=True)


def report(error: RefmanError) -> Exit:
    """Tell an error and its hint. Returns the exit status that it has."""
    say(f"refman: {error.message}")
    if error.hint:
        for line in error.hint.splitlines():
            say(f"  {line}")
    return status_of(error)


def works_named(library: Library, keys: Iterable[str]) -> tuple[list[Work], bool]:
    """The works with these keys, and whether all are there; those that are not are told."""
    works: list[Work] = []
    complete = True
    for key in keys:
        try:
            works.append(library.get(key))
        except NotFoundError as error:
            report(error)
            complete = False
    return works, complete


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a click command, turning every way that it can end into an exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where the terminal has no such letter its number is shown.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        result = command.main(list(arguments), prog_name="refman", standalone_mode=False)
        sys.stdout.flush()
        return int(result) if isinstance(result, int) else Exit.DONE
    except RefmanError as error:
        return report(error)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        _usage(error)
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        say("refman: interrupted; what was done before stays.")
        return Exit.INTERRUPTED
    except UnicodeEncodeError:
        say("refman: an argument holds bytes that are not UTF-8 text.")
        return Exit.USAGE
    except (BrokenPipeError, SystemExit):
        # Whoever read the output has read enough; click makes an exit of it where it notices
        # first.
        _drop_output()
        return Exit.DONE
    except OSError as error:
        # A full disk, say, or an output that went away: nothing to report to us.
        named = f"{error.filename}: " if error.filename else ""
        say(f"refman: {named}{error.strerror or error}.")
        _drop_output()
        return Exit.USAGE
    except Exception as error:
        # A mistake of ours, or of a plug-in's.
        if os.environ.get("REFMAN_DEBUG"):
            raise
        say(f"refman: something went wrong inside ({type(error).__name__}: {error}).")
        say("  REFMAN_DEBUG=1 shows where; please report it.")
        return Exit.PARTLY


def _drop_output() -> None:
    """Send what is left of the output nowhere, or Python would complain once more at its end."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.ClickException) -> None:
    say(f"refman: {error.format_message()}")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        say(f"  {error.ctx.command_path} --help shows the way.")
