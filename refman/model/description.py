"""What can be said of a work: the variables of CSL 1.0.2, and the little that CSL lacks.

Names are CSL's with `_` for `-`. Two things differ from CSL-JSON: what is really a list (`ISSN`,
`ISBN`, `keyword`) is a tuple here, and every date is a `Date`. What CSL has no variable for
(`arXiv`, the two publication dates that Crossref tells apart, `updates`, `relations`) bears the
name that Crossref or the identifier's registrar gives it. A field of some format that has no
place here at all is kept in `extra`.

Text is Unicode NFC and plain but for CSL's own inline marks: `<i>`, `<b>`, `<sup>`, `<sub>`,
`<span style="font-variant:small-caps;">`, `<span class="nocase">`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from refman.model.date import Date
from refman.model.name import Name


@dataclass(frozen=True, slots=True)
class Extra:
    """A field that has no place in `Description`, as one format had it.

    An exporter of the same format writes it back; the others leave it.
    """

    format: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Update:
    """A notice that changes what a work is worth: a retraction, a correction, a concern.

    The words are Crossref's: `type` is one of its update types (`retraction`, `correction`,
    `expression_of_concern`, …), `source` who says so (`publisher`, `retraction-watch`).
    """

    type: str
    DOI: str | None = None
    """The notice's own DOI."""
    date: Date | None = None
    source: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """How a work relates to another, in Crossref's terms: `is-preprint-of`, `has-version`, …"""

    type: str
    id: str
    id_type: str = "doi"


@dataclass(frozen=True, kw_only=True)
class Description:  # noqa: PLW1641  (the dataclass makes its hash)
    """The bibliographic statements about one work. Every one of them may be missing.

    An instance holds only what it states, a dozen of a hundred fields; the others are read from
    the class. That makes it ten times quicker to build than one with a slot for each.
    """

    if not TYPE_CHECKING:

        def __init__(self, **statements: Any) -> None:
            if not statements.keys() <= _NAMES:
                unknown = ", ".join(sorted(statements.keys() - _NAMES))
                raise TypeError(f"Description has no field {unknown}")
            self.__dict__.update(
                {name: value for name, value in statements.items() if value not in _NOTHING}
            )

    type: str | None = None
    """A CSL type: `article-journal`, `chapter`, `book`, …"""
    title: str | None = None
    title_short: str | None = None
    author: tuple[Name, ...] = ()
    editor: tuple[Name, ...] = ()
    translator: tuple[Name, ...] = ()
    container_title: str | None = None
    container_title_short: str | None = None
    collection_title: str | None = None
    collection_number: str | None = None
    issued: Date | None = None
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    number: str | None = None
    """A report's or patent's number; of a journal article, the article number (an e-locator)."""
    number_of_pages: str | None = None
    number_of_volumes: str | None = None
    chapter_number: str | None = None
    edition: str | None = None
    publisher: str | None = None
    publisher_place: str | None = None
    DOI: str | None = None
    """Bare, as registered: `10.1000/Xyz`. Compare it in lower case."""
    ISSN: tuple[str, ...] = ()
    ISBN: tuple[str, ...] = ()
    PMID: str | None = None
    PMCID: str | None = None
    arXiv: str | None = None
    URL: str | None = None
    abstract: str | None = None
    keyword: tuple[str, ...] = ()
    language: str | None = None
    note: str | None = None
    annote: str | None = None
    genre: str | None = None
    medium: str | None = None
    status: str | None = None
    version: str | None = None
    license: str | None = None
    source: str | None = None
    event_title: str | None = None
    event_place: str | None = None
    event_date: Date | None = None
    original_title: str | None = None
    original_publisher: str | None = None
    original_publisher_place: str | None = None
    original_date: Date | None = None
    reviewed_title: str | None = None
    reviewed_genre: str | None = None
    part_number: str | None = None
    part_title: str | None = None
    printing_number: str | None = None
    supplement_number: str | None = None
    volume_title: str | None = None
    page_first: str | None = None
    section: str | None = None
    division: str | None = None
    scale: str | None = None
    dimensions: str | None = None
    references: str | None = None
    jurisdiction: str | None = None
    authority: str | None = None
    archive: str | None = None
    archive_collection: str | None = None
    archive_location: str | None = None
    archive_place: str | None = None
    call_number: str | None = None
    accessed: Date | None = None
    available_date: Date | None = None
    submitted: Date | None = None
    published_print: Date | None = None
    published_online: Date | None = None
    chair: tuple[Name, ...] = ()
    collection_editor: tuple[Name, ...] = ()
    compiler: tuple[Name, ...] = ()
    composer: tuple[Name, ...] = ()
    container_author: tuple[Name, ...] = ()
    contributor: tuple[Name, ...] = ()
    curator: tuple[Name, ...] = ()
    director: tuple[Name, ...] = ()
    editorial_director: tuple[Name, ...] = ()
    editor_translator: tuple[Name, ...] = ()
    executive_producer: tuple[Name, ...] = ()
    guest: tuple[Name, ...] = ()
    host: tuple[Name, ...] = ()
    illustrator: tuple[Name, ...] = ()
    interviewer: tuple[Name, ...] = ()
    narrator: tuple[Name, ...] = ()
    organizer: tuple[Name, ...] = ()
    original_author: tuple[Name, ...] = ()
    performer: tuple[Name, ...] = ()
    producer: tuple[Name, ...] = ()
    recipient: tuple[Name, ...] = ()
    reviewed_author: tuple[Name, ...] = ()
    script_writer: tuple[Name, ...] = ()
    series_creator: tuple[Name, ...] = ()
    updates: tuple[Update, ...] = ()
    relations: tuple[Relation, ...] = ()
    extra: tuple[Extra, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Description):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in stated(self))
        return f"Description({said})"

    @property
    def year(self) -> int | None:
        """The year it was issued, if known."""
        return self.issued.year if self.issued is not None else None

    @property
    def retraction(self) -> Update | None:
        """The notice that takes the work back, if there is one: retraction, withdrawal, removal."""
        for update in self.updates:
            if update.type in ("retraction", "withdrawal", "removal", "partial_retraction"):
                return update
        return None


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Description))
"""The names of all fields, in the order they are shown."""

_TYPES = {field.name: str(field.type) for field in fields(Description)}
TEXT_FIELDS = frozenset(name for name, kind in _TYPES.items() if kind == "str | None")
DATE_FIELDS = frozenset(name for name, kind in _TYPES.items() if kind == "Date | None")
NAME_FIELDS = frozenset(name for name, kind in _TYPES.items() if kind == "tuple[Name, ...]")
LIST_FIELDS = frozenset(name for name, kind in _TYPES.items() if kind == "tuple[str, ...]")

_NAMES = frozenset(FIELDS)
_NOTHING = (None, ())
_PLACE = {name: place for place, name in enumerate(FIELDS)}


def stated(description: Description) -> list[tuple[str, Any]]:
    """The fields that say something, with their values, in the order of `FIELDS`."""
    return sorted(description.__dict__.items(), key=_place)


def without(description: Description, fields: Collection[str]) -> Description:
    """The description without some of its statements."""
    if not fields:
        return description
    kept = {name: value for name, value in stated(description) if name not in fields}
    return Description(**kept)


def _place(statement: tuple[str, Any]) -> int:
    return _PLACE[statement[0]]
