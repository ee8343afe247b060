"""What the rows of a library look like, so that they can be told from what a damaged file has.

The tables that are the truth, in the order in which they are saved, and two that are derived: what
a list says of a work is better than nothing where its records are gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from refman.store.pages import Value

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

_KINDS: dict[str, Callable[[Value], bool]] = {
    "n": lambda value: value is None,
    "i": lambda value: isinstance(value, int),
    "I": lambda value: value is None or isinstance(value, int),
    "t": lambda value: isinstance(value, str),
    "T": lambda value: value is None or isinstance(value, str),
    "z": lambda value: isinstance(value, str) and _TIME.match(value) is not None,
    "j": lambda value: isinstance(value, str) and value.startswith("{"),
    "b": lambda value: isinstance(value, bytes),
}
"""n: the row's own number, kept elsewhere; i: a number; t: a text; z: a time; j: an object in JSON;
b: bytes. In capitals: or nothing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table, and what each holds, a letter a column."""

    table: str
    columns: tuple[str, ...]
    kinds: str
    is_known: bool = True
    """Whether a row of it is known by its looks alone."""

    def fits(self, number: int | None, values: tuple[Value, ...]) -> bool:
        """Whether this can be a row of the table."""
        if len(values) != len(self.kinds) or (self.kinds[0] == "n" and number is None):
            return False
        return all(_KINDS[kind](value) for kind, value in zip(self.kinds, values, strict=True))


def _shape(table: str, columns: str, kinds: str, *, is_known: bool = True) -> Shape:
    return Shape(table, tuple(columns.split()), kinds, is_known)


RECORDS = _shape(
    "records",
    "id work_id change_id kind source location retrieved preferred state withdrawn citation_key "
    "guessed cleared verbatim payload description",
    "niittTTitiTTTTTj",
)
WORKS = _shape(
    "works",
    "id citation_key type title author editor container_title year issued volume issue page "
    "publisher doi language status added modified sort_author sort_title title_key facets "
    "record_id attribution description",
    "ntTTTTTITTTTTTTTzzTTItITT",
)
CONTRIBUTORS = _shape("contributors", "work_id role position family given literal orcid", "itiTTTT")
TRUTH = (
    _shape("changes", "id at actor action summary undoes undone_by", "nztttII"),
    RECORDS,
    _shape("change_items", "id change_id kind work_id target before after", "nitITTT"),
    _shape("payloads", "digest source source_id retrieved body", "tttzb"),
    _shape("removed_works", "id citation_key aliases added change_id", "ntTzi"),
    _shape("citation_keys", "key work_id current", "tii"),
    _shape("tags", "id name", "nt", is_known=False),
    _shape("collections", "id name", "nt", is_known=False),
    _shape("work_tags", "work_id tag_id change_id", "iii", is_known=False),
    _shape("work_collections", "work_id collection_id change_id", "iii", is_known=False),
    _shape("notes", "id work_id text added modified", "nitzz"),
    _shape("attachments", "id work_id path media_type sha256 added", "nitTTz"),
    _shape("enrichments", "work_id status source reason at", "ntTTz"),
    _shape(
        "answers",
        "source doi status retrieved payload reason etag last_modified stale",
        "tttzTTTTi",
    ),
    _shape("problems", "id change_id location reason raw", "nittt"),
    _shape("distinct_works", "a b", "ii", is_known=False),
    _shape("saved_searches", "name query", "tt"),
)
