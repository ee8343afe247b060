"""`refman note` and `refman open`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line, plain
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.cli.typed import not_lost
from refman.errors import NotFoundError, UsageError
from refman.model import Work
from refman.services import belongings
from refman.services.library import Library
from refman.store import NoteRow


@click.command("note")
@click.argument("key")
@click.argument("text", nargs=-1)
@click.option("--edit", "-e", "editing", is_flag=True, help="Write it in your $EDITOR.")
@click.option("--number", "-n", type=int, metavar="N", help="The note to change or take away.")
@click.option("--remove", is_flag=True, help="Take a note away.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
@pass_session
def note_command(
    session: Session, key: str, text: tuple[str, ...], number: int | None, *, editing: bool,
    remove: bool, as_json: bool,
) -> int:  # fmt: skip
    """Put a note on a work, or, without a text, show its notes. `-` reads the text from a pipe.

    Notes are in Markdown, as many as you like for a work; searches find what is in them.
    """
    if remove and (text or editing):
        raise UsageError("--remove takes no text.")
    with session.open() as library:
        work = library.get(key)
        notes = library.store.notes(work.id)
        if remove or (editing and notes and number is None and not text):
            number = only(number, [note.id for note in notes], work, "note")
        old = [note for note in notes if note.id == number]
        if number is not None and not old:
            raise NotFoundError(f"{work.citation_key} has no note {number}.")
        if remove:
            belongings.change_note(library.store, work, old[0].id, None)
            say(f"Took note {number} off {work.citation_key}; `refman undo` brings it back.")
            return Exit.DONE
        if text or editing:
            return _write(session, library, work, text, old[0] if old else None)
        return _show(work, old or notes, as_json=as_json)


def _show(work: Work, notes: Sequence[NoteRow], *, as_json: bool) -> int:
    if as_json:
        rows = [
            {"number": n.id, "text": n.text, "added": n.added, "modified": n.modified}
            for n in notes
        ]
        click.echo(json_text(rows))
    for note in () if as_json else notes:
        click.echo(f"[{note.id}] {note.modified}\n{plain(note.text)}")
    if not notes and not as_json:
        say(f"{work.citation_key} has no notes.")
    return Exit.DONE if notes else Exit.PARTLY


def _write(
    session: Session, library: Library, work: Work, text: tuple[str, ...], old: NoteRow | None
) -> int:
    """Put a note on a work, or change one: the text was given, is piped, or is asked for."""
    if text:
        written = _piped() if text == ("-",) else " ".join(text)
    else:
        edited = _edited(session, "" if old is None else old.text)
        if edited is None:
            say("Nothing was changed.")
            return Exit.DONE
        written = edited
    with not_lost(None if text else written, ".md"):
        if old is None:
            number = belongings.add_note(library.store, work, written)
            say(f"Note {number} on {work.citation_key}.")
        else:
            belongings.change_note(library.store, work, old.id, written, seen=old.text)
            say(f"Changed note {old.id} on {work.citation_key}.")
    return Exit.DONE


def _piped() -> str:
    try:
        return sys.stdin.buffer.read(4 * belongings.MAX_NOTE + 1).decode()
    except UnicodeDecodeError:
        raise UsageError("The note is no text in UTF-8.") from None


def _edited(session: Session, old: str) -> str | None:
    """What somebody wrote in the editor; None where that is what was there before."""
    if not session.is_interactive:
        raise UsageError("There is no terminal to edit at.", hint="Give the text, or - for a pipe.")
    written = click.edit(old, extension=".md")
    return None if written is None or written.strip() == old else written


def only(number: int | None, numbers: list[int], work: Work, what: str) -> int:
    """The number that is meant, where it need not be said."""
    if number is not None:
        return number
    if len(numbers) == 1:
        return numbers[0]
    if not numbers:
        raise NotFoundError(f"{work.citation_key} has no {what}.")
    raise UsageError(
        f"{work.citation_key} has {len(numbers)} {what}s.",
        hint=f"Say which with --number: {', '.join(map(str, numbers))}.",
    )


@click.command("open")
@click.argument("key")
@click.option("--number", "-n", type=int, metavar="N", help="The attached file to open.")
@click.option("--doi", "at_doi", is_flag=True, help="Open the work's page, not its file.")
@click.option("--print", "printing", is_flag=True, help="Only print the path or the address.")
@pass_session
def open_command(
    session: Session, key: str, number: int | None, *, at_doi: bool, printing: bool
) -> int:
    """Open the file attached to a work; where there is none, its page in the browser."""
    with session.open() as library:
        work = library.get(key)
        files = belongings.states(library.store, library.path, work)
        target = _address(work)
        if files and not at_doi:
            chosen = [f for f in files if number in (None, f.row.id)]
            if not chosen:
                raise NotFoundError(f"{work.citation_key} has no file {number}.")
            if chosen[0].fault:
                raise NotFoundError(f"{chosen[0].path}: {chosen[0].fault}.")
            target = str(chosen[0].path)
    if target is None:
        raise NotFoundError(f"{work.citation_key} has no file, no DOI and no address.")
    if printing:
        click.echo(one_line(target))
        return Exit.DONE
    if click.launch(target) != 0:
        say(f"Nothing here opens {one_line(target)}.")
        return Exit.PARTLY
    return Exit.DONE


def _address(work: Work) -> str | None:
    """The address of a work's page, if it is one of the web."""
    from urllib.parse import quote  # noqa: PLC0415

    said = work.description
    if said.DOI:
        return "https://doi.org/" + quote(said.DOI, safe="/:;()")
    if said.URL and said.URL.startswith(("https://", "http://")):
        return said.URL
    return None
