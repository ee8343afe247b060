"""BibTeX entries written: a description to fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from refman.crosswalk import notices
from refman.crosswalk.biblatex_annotations import CARRIER
from refman.crosswalk.bibtex_dates import is_more_than_year, read_stated, write_date
from refman.crosswalk.bibtex_fields import (
    ARTICLES,
    DATE_OF,
    FORMAT,
    IN_BOOKS,
    NAME_OF,
    ORDER,
    UNDATED,
    UNWRITTEN,
    WRITERS,
    summary,
)
from refman.crosswalk.bibtex_kept import is_kept_block
from refman.crosswalk.bibtex_types import (
    EITHER_AUTHOR_OR_EDITOR,
    IN_SERIES,
    PLAIN_THESIS,
    PUBLISHER_FIELD,
    THESIS_GENRES,
    EntryType,
    classic_type,
)
from refman.crosswalk.bibtex_values import read_verbatim, write_number, write_verbatim
from refman.model import Date, Description, Name, Relation, Update, stated
from refman.model.vocabulary import CSL_TYPES
from refman.text.latex import clean, encode, encode_signs, encode_title
from refman.text.latex_math import is_balanced
from refman.text.names import format_bibtex_names

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.+/*-]*")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_:.+/*-]+")
_TAKEN_CARE_OF = frozenset(("type", "extra"))
_BLOCK = re.compile(r"\n\s*@")


@dataclass(slots=True)
class Written:
    """An entry as the file has it."""

    entry_type: str
    fields: list[tuple[str, str]]
    """Names and values, these with their braces, or as macros."""
    losses: list[tuple[str, str]]
    """Variables that found no place, and why."""


def write_entry(
    description: Description, key: str, *, unicode: bool = True, left_out: Collection[str] = ()
) -> Written:
    """A description as an entry of a classic type (`btxdoc`), its fields in a fixed order.

    The standard styles take it without a warning: where a field that its type requires is not
    known, the type is `misc`, and `entrysubtype` says what it really is. `key` is the citation
    key, for styles to sort by where there is no author. Nothing stands in for variables that a
    user left out, and they change no type: `left_out` names them.
    """
    return EntryWriter(description, key, unicode=unicode, left_out=left_out).write()


class EntryWriter:
    """Writes one entry for BibTeX; `refman.crosswalk.biblatex_writing` adapts it to biblatex."""

    label = "BibTeX"
    judge = "styles ask for"
    special = frozenset(
        (
            "arXiv", "collection_number", "container_title", "genre", "issue", "issued", "number",
            "page_first", "publisher", "relations", "title", "updates",
        )
    )  # fmt: skip
    """Variables for which there is a method of their name."""

    def __init__(
        self, description: Description, key: str, *, unicode: bool, left_out: Collection[str]
    ) -> None:
        self.description = description
        self.left_out = left_out
        self.key = key
        self.unicode = unicode
        self.kept_type: str | None = None
        self.extras: list[tuple[str, str]] = []
        for extra in description.extra:
            if extra.format != FORMAT or is_kept_block(extra.name):
                continue
            if extra.name == "entrytype":
                self.kept_type = extra.value
            else:
                self.extras.append((extra.name, extra.value))
        self.type: EntryType = self.choose_type()
        self.fields: dict[str, str] = {}
        self.losses: list[tuple[str, str]] = []

    def choose_type(self) -> EntryType:
        """The entry type to write the work as."""
        return classic_type(self.description, self.kept_type, self.left_out)

    def write(self) -> Written:
        """The whole entry."""
        if self.description.type not in CSL_TYPES and self.description.type:
            self.losses.append(("type", "it is no type of CSL"))
        if self.type.incomplete is not None:
            reason = f"written as @misc, for an @{self.type.incomplete} lacks what {self.judge}"
            self.losses.append(("type", reason))
        for variable, value in stated(self.description):
            self.variable(variable, value)
        self.complete()
        self.tell_type()
        self.add_extras()
        self.finish()
        return Written(self.type.name, list(self.fields.items()), self.losses)

    def complete(self) -> None:
        """Put the fields in order, and add what styles want that no variable says."""
        fields = sorted(self.fields.items(), key=rank)
        if self.type.name == "misc" and "howpublished" not in self.fields:
            self.howpublished(fields)
        dated = any(name.lower() == "year" for name, _ in [*fields, *self.extras])
        if not dated and "issued" not in self.left_out:
            fields.append(("year", f"{{{UNDATED}}}"))
        self.fields = dict(sorted(fields, key=rank))

    def tell_type(self) -> None:
        """Say what the type that is written does not tell."""
        if self.type.entrysubtype is not None:
            self.put("entrysubtype", self.type.entrysubtype)
        if self.type.entrytype == "thesis" and self.description.genre is None:
            self.put("type", PLAIN_THESIS)
        if self.type.entrytype is not None:
            self.put("entrytype", _raw(self.type.entrytype, unicode=self.unicode))

    def finish(self) -> None:
        """See to what depends on all fields being there."""
        if self.needs_key():
            self.put("key", write_verbatim(self.key))

    def put(self, name: str, text: str) -> None:
        """Set a field, if there is anything to say."""
        if text:
            self.fields[name] = f"{{{text}}}"

    def lose(self, variable: str) -> None:
        """Tell that a variable found no place."""
        self.losses.append((variable, f"{self.label} has no field for it"))

    def variable(self, variable: str, value: Any) -> None:
        """Write one variable, in its own way or by the tables."""
        if variable in self.special:
            getattr(self, variable)(value)
        elif variable in WRITERS:
            name, writer = WRITERS[variable]
            self.put(name, writer(value, unicode=self.unicode))
        elif variable in NAME_OF:
            self.names(variable, value)
        elif variable in DATE_OF:
            self.date(variable, value)
        elif variable not in _TAKEN_CARE_OF:
            self.lose(variable)

    def date(self, variable: str, value: Date) -> None:
        """A date other than that of publication, as EDTF."""
        name = DATE_OF[variable]
        literal = encode(value.literal or "", unicode=self.unicode)
        self.put(name, literal or self.more_than_date(name, value) or value.edtf)

    def page_first(self, value: str) -> None:
        """The first page, where the pages do not tell it."""
        if re.split(r"[-–, ]", self.description.page or "")[0] != value:
            self.put("page-first", encode(value, unicode=self.unicode))

    def title(self, value: str) -> None:
        """The title, with braces around the capitals that must stay."""
        language = self.description.language
        self.put("title", encode_title(value, unicode=self.unicode, language=language))

    def container_title(self, value: str) -> None:
        """What the work is part of: a journal or a book."""
        name = "booktitle" if self.description.type in IN_BOOKS else "journal"
        self.put(name, encode(value, unicode=self.unicode))

    def publisher(self, value: str) -> None:
        """The publisher, in the field that the type has for it."""
        name = PUBLISHER_FIELD.get(self.type.name, "publisher")
        self.put(name, encode(value, unicode=self.unicode))

    def genre(self, value: str) -> None:
        """The genre, where the type does not imply it."""
        if value != THESIS_GENRES.get(self.type.name):
            self.put("type", encode(value, unicode=self.unicode))

    def arXiv(self, value: str) -> None:  # noqa: N802  (as the variable is called)
        """The number, with its version where the entry it came from had one."""
        number = self.in_detail("eprint", lambda text: text.startswith(value)) or value
        self.put("eprint", write_verbatim(number, unicode=self.unicode))
        self.put("archiveprefix", "arXiv")

    def in_detail(self, wanted: str, is_it: Callable[[str], bool]) -> str | None:
        """What was kept of a field that says more than the variable does, taken from the extras."""
        for name, text in self.extras:
            if name.lower() == wanted and is_it(text):
                self.extras.remove((name, text))
                return text
        return None

    def issue(self, value: str) -> None:
        """The issue of a journal."""
        self.put(self.number_field("issue"), write_number(value, unicode=self.unicode))

    def number(self, value: str) -> None:
        """The number of a work: see `number_field`."""
        self.put(self.number_field("number"), write_number(value, unicode=self.unicode))

    def collection_number(self, value: str) -> None:
        """The number in a series: see `number_field`."""
        self.put(self.number_field("collection_number"), write_number(value, unicode=self.unicode))

    def names(self, variable: str, names: tuple[Name, ...]) -> None:
        """People, or organisations."""
        name = NAME_OF[variable]
        if variable == "editor" and self.description.author:
            name = "editora" if self.type.name in EITHER_AUTHOR_OR_EDITOR else "editor"
        self.put(name, format_bibtex_names(names, unicode=self.unicode))
        if any(person.ORCID or person.affiliation for person in names):
            self.losses.append((variable, "BibTeX has no place for ORCID iDs and affiliations"))

    def issued(self, date: Date) -> None:
        """The date of publication."""
        self.fields.update(write_date(date, unicode=self.unicode))
        self.put("year", self.more_than_year(date))
        if kept := self.more_than_date("date", date):
            self.put("date", kept)

    def more_than_date(self, name: str, date: Date) -> str | None:
        """What was kept of a date that has more to it, a time of day perhaps."""
        kept = self.in_detail(name, lambda text: read_stated(text) == (date, False))
        return kept and write_verbatim(kept, unicode=self.unicode)

    def more_than_year(self, date: Date) -> str:
        """What was kept of a year that has more to it: `1998a`."""
        kept = self.in_detail("year", lambda text: is_more_than_year(text, date))
        return _raw(kept, unicode=self.unicode) if kept else ""

    def number_field(self, variable: str) -> str:
        """`number` is the issue of a journal, the number in a series, or the report's own."""
        kind = self.description.type
        if kind in ARTICLES:
            if variable == "issue":
                # The standard styles warn of an issue without a volume.
                return "number" if self.description.volume else "issue"
            return "eid" if variable == "number" else "seriesnumber"
        if kind not in IN_BOOKS:
            return {"collection_number": "seriesnumber"}.get(variable, variable)
        if variable != "collection_number":
            return "eid" if variable == "number" else "issue"
        clash = self.description.volume or not self.description.collection_title
        return "seriesnumber" if clash and self.type.name in IN_SERIES else "number"

    def howpublished(self, fields: list[tuple[str, str]]) -> None:
        """Say where an `@misc` appeared, since styles print no journal for it."""
        if any(name.lower() == "howpublished" for name, _ in self.extras):
            return
        text = summary({name: value[1:-1] for name, value in fields})
        if text:
            fields.append(("howpublished", f"{{{text}}}"))

    def updates(self, value: tuple[Update, ...]) -> None:
        """Retractions and other notices."""
        self.notices("updates", notices.updates_text(value), value, notices.updates_from_text)

    def relations(self, value: tuple[Relation, ...]) -> None:
        """Other works it is related to."""
        self.notices("relations", notices.relations_text(value), value, notices.relations_from_text)

    def notices(
        self, name: str, text: str | None, value: object, read: Callable[[str], object]
    ) -> None:
        """Fields of our own, which styles pass over and people can read."""
        written = write_verbatim(text, unicode=self.unicode) if text else ""
        if written and read(read_verbatim(written)) == value:
            self.put(name, written)
        else:
            self.lose(name)

    def add_extras(self) -> None:
        """The fields that an entry of this format brought along, under their own names."""
        taken = {name.lower().removeprefix(CARRIER) for name in self.fields}
        for wanted, value in self.extras:
            name = wanted
            if not _FIELD_NAME.fullmatch(name):
                name = _NOT_IN_NAMES.sub("-", name)
                name = name if name[:1].isalpha() else f"x{name}"
            if name.lower() in UNWRITTEN or not value:
                continue
            base, count = name, 2
            while name.lower() in taken:
                name = f"{base}-{count}"
                count += 1
            taken.add(name.lower())
            self.put(name, _raw(value, unicode=self.unicode))

    def needs_key(self) -> bool:
        """Whether the standard styles would have nothing to sort the entry by."""
        fields = self.fields
        if "author" in self.left_out or "author" in fields:
            return False
        if any(name.lower() == "key" for name in fields):
            return False
        if self.type.name in ("book", "inbook", "proceedings"):
            return "editor" not in fields and "editor" not in self.left_out
        return not (self.type.name == "manual" and "organization" in fields)


def rank(field: tuple[str, str]) -> int:
    """Where a field stands in an entry."""
    return ORDER.get(field[0].removesuffix("+an"), len(ORDER))


def _raw(value: str, *, unicode: bool) -> str:
    """A value kept from a BibTeX file, as it was; encoded where it could not stand in a file."""
    text = _BLOCK.sub(" @", value) if "@" in value else value
    if not _can_stand(text) or not text.isprintable():
        text = clean(text)
        if not _can_stand(text):
            return encode(text, unicode=unicode)
    return text if unicode or text.isascii() else encode_signs(text)


def _can_stand(text: str) -> bool:
    return not text.endswith("\\") and "\\\\" not in text and is_balanced(text)
