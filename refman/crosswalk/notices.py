"""Notices and relations as a line of text, for formats that have no place for them.

`Retraction: 10.1016/s0140-6736(10)60175-4 2010-02-06 retraction-watch`: what it is, in Crossref's
words, then the notice's DOI, its date (EDTF) and who says so, as far as known. A relation is
`is-preprint-of: doi:10.1000/x`. People can read it, and it is read back for what it was; what such
a line cannot say exactly is not written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refman.model import Date, Relation, Update
from refman.model.identifier import parse_doi

SEPARATOR = " | "

_TYPES = frozenset(
    (
        "addendum", "clarification", "correction", "corrigendum", "err", "erratum",
        "expression_of_concern", "new_edition", "new_version", "partial_retraction", "removal",
        "retraction", "withdrawal",
    )
)  # fmt: skip
_SOURCE = re.compile(r"[a-z][a-z-]{0,40}")
_RELATION = re.compile(r"((?:is|has)-[a-z-]{2,40}|replaces): ([a-z]{2,20}):(\S{1,500})")


def update_line(update: Update) -> str | None:
    """A notice as a line; None where that would not be all that is known of it."""
    date = update.date.edtf if update.date is not None else None
    said = [text for text in (update.DOI, date, update.source) if text]
    line = f"{update.label or update.type}: {' '.join(said)}".rstrip()
    return line if update_from_line(line) == update else None


def update_from_line(line: str) -> Update | None:
    """The notice that a line tells of; None where it is no such line."""
    head, colon, rest = line.partition(":")
    kind = head.lower().replace(" ", "_")
    if not colon or kind not in _TYPES or (rest and not rest.startswith(" ")):
        return None
    words = rest.split()
    doi = words.pop(0) if words and parse_doi(words[0]) == words[0] else None
    date = Date.parse(words[0]) if words else None
    if date is not None and date.literal is None:
        words.pop(0)
    else:
        date = None
    source = words.pop(0) if words and _SOURCE.fullmatch(words[0]) else None
    if words or not (doi or date or source):
        return None
    return Update(kind, doi, date, source, None if head == kind else head)


def relation_line(relation: Relation) -> str | None:
    """A relation as a line; None where that would not be all that is known of it."""
    line = f"{relation.type}: {relation.id_type}:{relation.id}"
    return line if relation_from_line(line) == relation else None


def relation_from_line(line: str) -> Relation | None:
    """The relation that a line tells of; None where it is no such line."""
    match = _RELATION.fullmatch(line)
    return None if match is None else Relation(match[1], match[3], match[2])


def updates_text(updates: Sequence[Update]) -> str | None:
    """Notices in one line; None where it cannot say them."""
    text = SEPARATOR.join(update_line(update) or "" for update in updates)
    return text if updates_from_text(text) == tuple(updates) else None


def updates_from_text(text: str) -> tuple[Update, ...] | None:
    """The notices in a line of them; None where it is none."""
    found = [update_from_line(line) for line in text.split(SEPARATOR)]
    known = tuple(update for update in found if update is not None)
    return known if len(known) == len(found) else None


def relations_text(relations: Sequence[Relation]) -> str | None:
    """Relations in one line; None where it cannot say them."""
    text = SEPARATOR.join(relation_line(relation) or "" for relation in relations)
    return text if relations_from_text(text) == tuple(relations) else None


def relations_from_text(text: str) -> tuple[Relation, ...] | None:
    """The relations in a line of them; None where it is none."""
    found = [relation_from_line(line) for line in text.split(SEPARATOR)]
    known = tuple(relation for relation in found if relation is not None)
    return known if len(known) == len(found) else None
