"""The pages of the detail pane, beside the first one (`summary`): a work looked at in one way each.

Each is a list of pieces: text, and the style it is shown in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from refman.model import RecordState, stated
from refman.rules import merge
from refman.tui.display import Piece, lines, one_line, pieces
from refman.tui.matches import Finder
from refman.tui.summary import NO_TEXT, Entry, origin_text, paragraphs, value_text

LONGEST = 8_000
"""Characters of one text that are shown; laying out more would keep the keys waiting."""
PREVIEWS = (("bibtex", "BibTeX"), ("ris", "RIS"), ("csl-json", "CSL-JSON"))
"""The formats that a work is shown in, by name, and as people say them."""

_MOST_CLAIMS = 40
_LONGEST_CLAIM = 300


class Tab(IntEnum):
    """The pages, by the key that shows them."""

    WORK = 1
    FIELDS = 2
    ABSTRACT = 3
    EXPORT = 4
    NOTES = 5
    HISTORY = 6


TITLES = {
    Tab.WORK: "Work",
    Tab.FIELDS: "Fields",
    Tab.ABSTRACT: "Abstract",
    Tab.EXPORT: "BibTeX",
    Tab.NOTES: "Notes",
    Tab.HISTORY: "History",
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """What takes a while to make of a work: its reference as cited, or what an export holds."""

    work_id: int
    title: str
    text: str


def heads(tab: Tab, width: int) -> Sequence[Piece]:
    """The line of tabs; where it is too long, the name of the present one alone."""
    names = [(f" {number} {name} ", number) for number, name in TITLES.items()]
    if sum(len(name) for name, _ in names) > width:
        names = [
            (f" {number} {TITLES[number]} " if number is tab else f" {number} ", number)
            for number in TITLES
        ]
    return [(name, "reverse" if number is tab else "dim") for name, number in names]


def tab_at(tab: Tab, width: int, x: int) -> Tab | None:
    """The tab that stands at a place of that line."""
    end = 0
    for number, (name, _) in zip(Tab, heads(tab, width), strict=True):
        end += len(name)
        if x < end:
            return number
    return None


def page(tab: Tab, entry: Entry, rendering: Rendering | None, found: Finder) -> Iterator[Piece]:
    """The text of a page, with what was looked for marked.

    Notes are Markdown, which the pane lays out itself.
    """
    match tab:
        case Tab.WORK:
            yield from paragraphs(entry, found)
            if rendering is not None:
                yield f"\n{rendering.title}\n", "dim"
                yield lines(rendering.text), ""
        case Tab.FIELDS:
            yield from _fields(entry, found)
        case Tab.ABSTRACT:
            yield from _abstract(entry, found)
        case Tab.EXPORT:
            if rendering is not None:
                yield f"{rendering.title}\n\n", "dim"
                yield cut(lines(rendering.text)), ""
        case Tab.NOTES:
            yield from _no_notes(entry)
        case Tab.HISTORY:
            yield from _claims(entry)
            yield from _changes(entry)


def cut(text: str) -> str:
    """The text, or its beginning and how much more there is."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … ({len(text) - LONGEST:,} more characters)"


def _fields(entry: Entry, found: Finder) -> Iterator[Piece]:
    description = entry.work.description
    yield "citation key  ", "dim"
    yield one_line(entry.work.citation_key) + "\n", ""
    for field, value in stated(description):
        if field in NO_TEXT or field == "abstract":
            continue
        yield f"{field.replace('_', ' ')}  ", "dim"
        yield from found.over(field, [(cut(value_text(field, value)), "")])
        yield "\n", ""
    for update in description.updates:
        yield "notice  ", "dim"
        yield one_line(f"{update.label or update.type} {update.DOI or ''}") + "\n", ""
    for relation in description.relations:
        yield "relation  ", "dim"
        yield one_line(f"{relation.type} {relation.id}") + "\n", ""
    for extra in description.extra:
        yield f"{one_line(extra.format)}: {one_line(extra.name)}  ", "dim"
        yield cut(lines(extra.value).strip()) + "\n", ""


def _abstract(entry: Entry, found: Finder) -> Iterator[Piece]:
    abstract = entry.work.description.abstract
    if abstract:
        yield from found.over("abstract", pieces(cut(abstract)))
    else:
        yield "No abstract.", "dim"


def _no_notes(entry: Entry) -> Iterator[Piece]:
    if not entry.notes:
        yield "No notes. n writes one; a attaches a file.\n", "dim"
    for path in entry.files:
        yield "file  ", "dim"
        yield one_line(path) + "\n", ""


def _claims(entry: Entry) -> Iterator[Piece]:
    """Who says what of each field, the claim that stands first."""
    said = {
        field: None
        for record in entry.records
        if record.state is not RecordState.WITHDRAWN
        for field in (*(name for name, _ in stated(record.description)), *record.cleared)
    }
    for field in [field for field in said if field not in NO_TEXT]:
        yield f"{field.replace('_', ' ')}\n", "bold"
        for claim in merge.explain(entry.records, field)[:_MOST_CLAIMS]:
            sign = "✓" if claim.stands else " "
            yield f" {sign} ", ""
            yield _claimed(claim.field, claim.value), "" if claim.stands else "dim"
            remark = "" if claim.rank in ("user", "import", "source") else f", {claim.rank}"
            yield f"  ← {origin_text(claim.record)}{remark.replace('_', ' ')}\n", "dim italic"


def _claimed(field: str, value: Any) -> str:
    if value is None:
        return "(empty)"
    text = " ".join(value_text(field, value).split())
    return text if len(text) <= _LONGEST_CLAIM else text[:_LONGEST_CLAIM] + "…"


def _changes(entry: Entry) -> Iterator[Piece]:
    if entry.changes:
        yield "\nChanges\n", "bold"
    for change in entry.changes:
        yield f" {change.at[:16].replace('T', ' ')}  ", "dim"
        undone = "  (undone)" if change.undone_by is not None else ""
        yield one_line(change.summary) + undone + "\n", "dim" if undone else ""
