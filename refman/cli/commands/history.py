"""`refman history`, `refman undo` and `refman redo`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.services.library import Library
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.store import ChangeRow
    from refman.store.past import WorkChange

_SHOWN = 20
_WIDE = 200
"""Letters of a value that are shown; `--json` has all."""


@click.command("history")
@click.argument("key", required=False)
@click.option("--change", "-c", type=int, metavar="N", help="What change N did, work by work.")
@click.option(
    "--limit", "-n", type=click.IntRange(min=1), default=_SHOWN, show_default=True,
    help="Changes, or with --change works, that are shown.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def history_command(
    session: Session, key: str | None, change: int | None, limit: int, *, as_json: bool
) -> int:
    """Show what was changed, by whom and when: in the library, or field by field of one work.

    The newest comes first. With --change, the works that one change touched, such as those of an
    import, and what of each was changed.
    """
    if key is not None and change is not None:
        raise UsageError("A work and --change cannot be asked for at once.")
    with session.open() as library:
        if change is not None:
            _show_change(library, change, limit, as_json=as_json)
        elif key is not None:
            _show_work(library, key, limit, as_json=as_json)
        else:
            changes = library.history(limit=limit)
            if as_json:
                click.echo(json_text([asdict(row) for row in changes]))
            else:
                _echo(_headline(row) for row in changes)
    return Exit.DONE


def _show_work(library: Library, key: str, limit: int, *, as_json: bool) -> None:
    work = library.get(key)
    rows = library.history(work, limit)
    past = library.past(work, rows)
    if as_json:
        entries = [{**asdict(row), **_of_one(past[row.id], work.id)} for row in rows]
        click.echo(json_text(entries))
        return
    for row in rows:
        click.echo(_headline(row))
        for told in past[row.id]:
            whose = "" if told.work_id == work.id else f"{told.citation_key}: "
            _echo(f"{'':8}{whose}{line}" for line in _lines(told))


def _show_change(library: Library, number: int, limit: int, *, as_json: bool) -> None:
    row = library.store.change_row(number)
    works = library.changed_by(number, limit)
    count = library.store.count_touched(number)
    if as_json:
        items = [{"citation_key": told.citation_key, **_item(told)} for told in works]
        click.echo(json_text({**asdict(row), "works": count, "records": items}))
        return
    click.echo(_headline(row))
    _echo(_of_works(works))
    if count > limit:
        say(f"{limit:,} of {counted(count, 'work')} are shown; --limit {count} shows all.")


@click.command("undo")
@click.argument("change", type=int, required=False)
@click.option("--force", is_flag=True, help="Where later changes stand in the way, the rest of it.")
@click.option("--dry-run", is_flag=True, help="Say what would be changed.")
@pass_session
def undo_command(session: Session, change: int | None, *, force: bool, dry_run: bool) -> int:
    """Take back a change: the latest, or the one with this number. Undoing that does it again.

    An older one can be taken back where no later one touched the same fields of the same works.
    """
    with session.open() as library:
        if dry_run:
            preview = library.preview_undo(change, partly=force, limit=_SHOWN)
            _echo(_of_works(preview.works))
            more = preview.count - len(preview.works)
            told = _what(preview.change, preview.count)
            say(f"Would undo {told}" + (f"; {more:,} of them are not shown." if more > 0 else "."))
            return Exit.DONE
        with _telling("Undoing") as tell:
            undone = library.undo(change, partly=force, progress=tell)
        touched = library.store.count_touched(undone.undone_by or 0)
        root, steps = _root(library, undone)
        deed, back = ("Did again", "takes it back") if steps % 2 else ("Undid", "does it again")
        say(f"{deed} {_what(root, touched)}. `refman undo {undone.undone_by}` {back}.")
    return Exit.DONE


@click.command("redo")
@pass_session
def redo_command(session: Session) -> int:
    """Do again what was undone last, if nothing else was done since.

    Again and again it goes forth through all that was undone. `refman undo N` with the number of
    any undoing does again what that took back.
    """
    with session.open() as library:
        with _telling("Doing again") as tell:
            row = library.redo(progress=tell)
        touched = library.store.count_touched(row.id)
        say(f"Did again {_what(row, touched)}. `refman undo` takes it back.")
    return Exit.DONE


def _root(library: Library, row: ChangeRow) -> tuple[ChangeRow, int]:
    """What a change is about, through all undoing, and how many undoings there were."""
    steps = 0
    while row.undoes is not None:
        row, steps = library.store.change_row(row.undoes), steps + 1
    return row, steps


@contextmanager
def _telling(what: str) -> Iterator[Callable[[int, int], None]]:
    """Progress whose total is known only when it begins."""
    lines: list[Progress] = []

    def tell(done: int, total: int) -> None:
        if not lines:
            lines.append(Progress(what, total))
        lines[0](done)

    try:
        yield tell
    finally:
        for line in lines:
            line.close()


def _what(row: ChangeRow, touched: int) -> str:
    return f"{one_line(row.summary)} (change {row.id}, {counted(touched, 'work')})"


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _headline(row: ChangeRow) -> str:
    undone = f"  (undone by {row.undone_by})" if row.undone_by else ""
    return f"{row.id:>6}  {row.at}  {row.actor:<7} {one_line(row.summary)}{undone}"


def _of_works(works: Sequence[WorkChange]) -> Iterator[str]:
    for told in works:
        fate = {"came": "came in", "left": "left"}.get(told.fate.value)
        title = f": {one_line(told.title)[:_WIDE]}" if told.title else ""
        if fate is not None:
            yield f"{'':8}{one_line(told.citation_key)} {fate}{title}"
            continue
        yield f"{'':8}{one_line(told.citation_key)}{title}"
        for line in _lines(told):
            yield f"{'':10}{line}"


def _lines(told: WorkChange) -> Iterator[str]:
    """What changed of a work, a line for each field."""
    if told.fate.value == "left":
        yield "left the library"
    else:
        for field, (before, after) in told.fields.items():
            yield f"{field}: {_shown(_text(field, before))} -> {_shown(_text(field, after))}"
    for name, (old, new) in told.others.items():
        yield f"{name}: {_shown(old)} -> {_shown(new)}"


def _shown(text: str | None) -> str:
    line = one_line(text)
    return f"{line[:_WIDE]}…" if len(line) > _WIDE else line or "(empty)"


def _text(field: str, value: Any) -> str | None:
    from refman.services.editing import text_from_value  # noqa: PLC0415

    if value in (None, ()):
        return None
    if field == "updates":
        return "; ".join(f"{each.type} {each.DOI or ''}".strip() for each in value)
    if field == "relations":
        return "; ".join(f"{each.type} {each.id}" for each in value)
    if field == "extra":
        return "; ".join(f"{each.name}: {each.value}" for each in value)
    return text_from_value(field, value)


def _of_one(told: Sequence[WorkChange], work_id: int) -> Mapping[str, Any]:
    found = next((each for each in told if each.work_id == work_id), None)
    return {"changed": {}} if found is None else _item(found)


def _item(told: WorkChange) -> dict[str, Any]:
    from refman.services.items import changes_as_items  # noqa: PLC0415

    changed = changes_as_items(told.fields) | {
        name: list(pair) for name, pair in told.others.items()
    }
    return {"fate": told.fate.value, "changed": changed}
