"""Changing many works at once: what that would come to, the question, and what it came to."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.progress import Progress
from refman.cli.queries import say_nothing_matches
from refman.cli.render import json_text
from refman.cli.session import Session
from refman.cli.spool import Spool
from refman.services import bulk_editing
from refman.services.bulk_editing import BulkEdit, BulkResult, WorkEdit
from refman.services.editing import text_from_value
from refman.services.items import changes_as_items
from refman.services.library import Library
from refman.text.counting import counted

_FEW = 5
"""Works that are edited without a question."""
_SHOWN = 20
_KEY, _FIELD = 24, 16


@dataclass(slots=True)
class _Account:
    """What an edit comes to, as it is told: a table or rows of JSON, and the first faults."""

    rows: Spool | None
    """Where JSON is kept until it is printed."""
    listing: bool = False
    """Whether all changes are listed as they come."""
    told: int = 0
    first: list[WorkEdit] = field(default_factory=list)
    faults: list[WorkEdit] = field(default_factory=list)
    failed: int = 0

    def __call__(self, edit: WorkEdit) -> None:
        if self.rows is not None:
            self.rows.put(self.told, _item(edit))
        self.told += 1
        if edit.fault is not None:
            self.failed += 1
            if len(self.faults) < _SHOWN:
                self.faults.append(edit)
        elif self.listing:
            for line in _table(edit):
                click.echo(line)
        elif len(self.first) < _SHOWN:
            self.first.append(edit)

    def tell_faults(self) -> None:
        """Say which works could not be changed, and why."""
        for edit in self.faults:
            say(f"{one_line(edit.citation_key)}: {one_line(edit.fault)}.")
        if self.failed > len(self.faults):
            say(f"… and {self.failed - len(self.faults):,} more that could not be changed.")


def edit_many(
    session: Session, library: Library, chosen: str | Sequence[int], wanted: BulkEdit,
    *, dry_run: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    """Edit works, or with `dry_run` say what that would come to. Returns the exit status."""
    total = library.count(chosen) if isinstance(chosen, str) else len(chosen)
    with Spool() as spool:
        account = _Account(spool if as_json else None, listing=dry_run and not as_json)
        line = Progress("Looked at", total)
        try:
            if dry_run:
                result, _ = _previewed(library, chosen, wanted, account, line)
            else:
                seen = _asked(session, library, chosen, wanted, line, yes=yes)
                result = library.edit_all(chosen, wanted, seen=seen, tell=account, progress=line)
        finally:
            line.close()
        if as_json:
            _print_json(result, spool, account.told)
        if result.changed <= _FEW and not as_json:
            for edit in account.first:
                for text in _table(edit):
                    say(text)
        account.tell_faults()
    if result.seen:
        say(_summary(result, dry_run=dry_run))
    else:
        say_nothing_matches(chosen if isinstance(chosen, str) else "")
    return Exit.PARTLY if result.failed or not result.seen else Exit.DONE


def _previewed(
    library: Library, chosen: str | Sequence[int], wanted: BulkEdit, account: _Account,
    line: Progress,
) -> tuple[BulkResult, dict[int, int]]:  # fmt: skip
    """What an edit would come to, and what the user saw of each work."""
    result, seen = BulkResult(), {}
    for edit in library.preview_edit(chosen, wanted):
        if edit.fault is not None:
            result.failed += 1
        elif edit.changed:
            result.changed += 1
            seen[edit.work_id] = bulk_editing.fingerprint(edit)
        else:
            result.unchanged += 1
        if edit.changed or edit.fault is not None:
            account(edit)
        line(result.seen)
    return result, seen


def _asked(
    session: Session, library: Library, chosen: str | Sequence[int], wanted: BulkEdit,
    line: Progress, *, yes: bool,
) -> dict[int, int] | None:  # fmt: skip
    """Show a person what would be changed, and ask. Returns what that person saw."""
    if yes or not session.is_interactive:
        return None
    account = _Account(None)
    result, seen = _previewed(library, chosen, wanted, account, line)
    if result.changed > _FEW:
        for edit in account.first:
            for text in _table(edit):
                say(text)
        if result.changed > len(account.first):
            say(f"… and {result.changed - len(account.first):,} more; --dry-run lists all.")
        session.confirm(f"Edit {counted(result.changed, 'work')}?", yes=yes)
    return seen


def _table(edit: WorkEdit) -> Iterator[str]:
    """A line for each field: the key, the field, what it was and what it will be."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    side = None if width is None else max(12, (width - _KEY - _FIELD - 6) // 2)
    for name, (before, after) in edit.changed.items():
        old, new = (_shown(name, value, side) for value in (before, after))
        padded = old if side is None else old.ljust(side)
        yield f"{one_line(edit.citation_key):<{_KEY}} {name:<{_FIELD}} {padded} → {new}"


def _shown(name: str, value: Any, width: int | None) -> str:
    text = one_line(text_from_value(name, value)) if value not in (None, ()) else "—"
    return text if width is None or len(text) <= width else f"{text[: width - 1]}…"


def _item(edit: WorkEdit) -> dict[str, object]:
    return {
        "citation_key": edit.citation_key,
        "status": "changed" if edit.fault is None else "failed",
        "changed": changes_as_items(edit.changed),
        "reason": edit.fault,
    }


def _print_json(result: BulkResult, rows: Spool, count: int) -> None:
    """One JSON document, written row by row."""
    head = {"changed": result.changed, "unchanged": result.unchanged, "failed": result.failed}
    write = sys.stdout.write
    write(json_text(head).removesuffix("\n}") + ',\n  "records": [')
    for number in range(count):
        write(",\n    " if number else "\n    ")
        write(json_text(rows.get(number), indent=None))
    write("\n  ]\n}\n" if count else "]\n}\n")


def _summary(result: BulkResult, *, dry_run: bool) -> str:
    told = [f"{'Would change' if dry_run else 'Changed'} {counted(result.changed, 'work')}"]
    if result.unchanged:
        told.append(
            f"left {result.unchanged:,} as {'it is' if result.unchanged == 1 else 'they are'}"
        )
    if result.failed:
        told.append(f"{result.failed:,} cannot be changed so")
    undo = "; `refman undo` takes it back" if result.change is not None else ""
    return f"{', '.join(told)}{undo}."
