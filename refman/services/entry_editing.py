"""Editing one work as an entry of a format that is both written and read: BibTeX, CSL-JSON, RIS.

Only what somebody changed in the text becomes an edit, field by field. What the format cannot say,
or says less of than is known, plays no part and stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from refman.errors import UsageError
from refman.model import NAME_FIELDS, Name, Work
from refman.ports import ExportOptions
from refman.rules.three_way import as_statements, hand_edits
from refman.services.editing import Revision
from refman.services.synced_file import Entry, SyncedFile


def entry_text(work: Work, format_name: str) -> str:
    """The work as an entry of a format. Raises `PluginError` for one that there is not."""
    return _file(format_name).text([work])


def revision_from_entry(work: Work, before: str, text: str, format_name: str) -> Revision:
    """What somebody changed in the entry of a work: `before` is what `entry_text` gave.

    Raises `UsageError`, in words that say where, for a text that is not one whole entry.
    """
    given, now = (_entry(each, format_name) for each in (before, text))
    edits = hand_edits(given.description, now.description, given.description)
    said, cleared = as_statements(edits)
    values = {edit.field: getattr(said, edit.field) for edit in edits if edit.field not in cleared}
    for field, value in values.items():
        if field in NAME_FIELDS:
            values[field] = with_identifiers(value, getattr(work.description, field))
        elif field == "extra":
            # What was in the text before is no edit, though it may be read otherwise by now.
            new = tuple(each for each in value if each.value not in before)
            values[field] = (*work.description.extra, *new)
    if values.get("extra") == work.description.extra:
        del values["extra"]
    key = now.record.citation_key
    changed_key = key if key and key != given.record.citation_key else None
    return Revision(values, cleared, changed_key)


def with_identifiers(names: Sequence[Name], known: Sequence[Name]) -> tuple[Name, ...]:
    """Names with the ORCID and affiliation that people of the same name have among others."""
    plain: dict[Name, Name] = {}
    for name in known:
        plain.setdefault(_plain(name), name)
    return tuple(plain.get(_plain(name), name) for name in names)


def _plain(name: Name) -> Name:
    return replace(name, ORCID=None, affiliation=())


def _file(format_name: str) -> SyncedFile:
    return SyncedFile(Path("entry"), format_name, ExportOptions(), ())


def _entry(text: str, format_name: str) -> Entry:
    entries, problems = _file(format_name).entries(text)
    if problems:
        told = "; ".join(
            f"line {problem.line}: {problem.reason}" if problem.line else problem.reason
            for problem in problems[:3]
        )
        raise UsageError(f"It cannot be read: {told}.")
    if len(entries) != 1:
        found = f"are {len(entries)} entries" if entries else "is no entry"
        raise UsageError(f"There {found} in it.", hint="It must be one work.")
    return next(iter(entries.values()))
