"""biblatex entries written: as BibTeX's, but in biblatex's fields and within its data model.

What the model has no field for in an entry of its type is said in data annotations
(`refman.crosswalk.biblatex_annotations`), so that biber has nothing to warn of and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from refman.crosswalk.biblatex_annotations import (
    CARRIER,
    MARK,
    SUPPLIED,
    carried,
    people_annotations,
)
from refman.crosswalk.biblatex_types import FIELDS, NEED_NO_DATE, biblatex_type
from refman.crosswalk.bibtex_dates import without_times
from refman.crosswalk.bibtex_fields import ARTICLES, DATE_OF, IN_BOOKS, NAME_OF, ROLES, summary
from refman.crosswalk.bibtex_types import THESIS_GENRES, EntryType
from refman.crosswalk.bibtex_values import write_language, write_pages, write_verbatim
from refman.crosswalk.bibtex_writing import EntryWriter, Written, rank
from refman.model import Date, Description, Name
from refman.model.identifier import parse_isbn, parse_issn
from refman.text.biblatex_names import format_biblatex_names
from refman.text.latex import encode

_SPELLING = {
    "address": "location",
    "annote": "annotation",
    "journal": "journaltitle",
    "call-number": "library",
    "volume-title": "issuetitle",
}
"""BibTeX's names, or our own, of what biblatex calls otherwise."""
_THESIS_KEYS = {THESIS_GENRES["phdthesis"]: "phdthesis", THESIS_GENRES["mastersthesis"]: "mathesis"}
_INTEGER = re.compile(r"\d+", re.ASCII)
_INTEGERS = frozenset(("volume", "volumes"))
_NOTHING = re.compile(r"(\A|[,;]\s*)(?=[-–—]|0(?:\D|\Z)|[,;]|\Z)")
_SUPPLIED_TITLE = "[Untitled]"
_PLACES = ("howpublished", "organization", "note")
"""Fields in which to tell, for people, where an entry appeared that may not say it as it is."""
_SLOTS = ("editora", "editorb", "editorc")
_LISTS = frozenset(
    ("institution", "location", "organization", "origlocation", "origpublisher", "publisher")
)
_UNESCAPED = re.compile(r"(?<!\\)[%#]")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_OF_ITS_OWN = frozenset(("ISBN", "ISSN", "PMCID", "PMID", "language", "page"))


def write_biblatex_entry(
    description: Description, key: str, *, unicode: bool = True, left_out: Collection[str] = ()
) -> Written:
    """A description as an entry of biblatex's data model (3.18), its fields in a fixed order.

    `biber --tool --validate-datamodel` has nothing to warn of: where what a type requires is not
    known, the type is a humbler one, and `entrysubtype` says what it really is. `key` is the
    citation key. Nothing stands in for variables that a user left out, and they change no type:
    `left_out` names them.
    """
    return _BiblatexWriter(description, key, unicode=unicode, left_out=left_out).write()


class _BiblatexWriter(EntryWriter):
    """Writes one entry for biblatex."""

    label = "biblatex"
    judge = "the data model asks for"
    special = EntryWriter.special | _OF_ITS_OWN

    def choose_type(self) -> EntryType:
        return biblatex_type(self.description, self.kept_type, self.left_out)

    def put(self, name: str, text: str) -> None:
        name = _SPELLING.get(name, name)
        if name in _LISTS and _AND.search(text):
            # In a list, `and` would part one item from the next.
            text = f"{{{text}}}"
        super().put(name, text)

    def tell_type(self) -> None:
        if self.type.entrysubtype is not None:
            self.put("entrysubtype", self.type.entrysubtype)
        if self.type.entrytype is not None:
            self.carry("entrytype", write_verbatim(self.type.entrytype, unicode=self.unicode))

    def supply(self, name: str, text: str) -> None:
        """A field that stands only for people, or for the data model, and is no statement."""
        self.put(name, text)
        self.put(f"{name}{MARK}", SUPPLIED)

    def carry(self, name: str, text: str) -> None:
        if text:
            # What is no LaTeX, a number or a date, must still be none of TeX's comments.
            self.put(CARRIER + name, carried(_UNESCAPED.sub(r"\\\g<0>", text)))

    def allows(self, name: str) -> bool:
        return name in FIELDS[self.type.name]

    def genre(self, value: str) -> None:
        key = _THESIS_KEYS.get(value) if self.type.name == "thesis" else None
        self.put("type", key or encode(value, unicode=self.unicode))

    def publisher(self, value: str) -> None:
        names = ("institution", "publisher", "organization")
        name = next((name for name in names if self.allows(name)), "publisher")
        self.put(name, encode(value, unicode=self.unicode))

    def language(self, value: str) -> None:
        name = write_language(value)
        self.put("langid" if name else "language", name or encode(value, unicode=self.unicode))

    def arXiv(self, value: str) -> None:  # noqa: N802
        super().arXiv(value)
        self.fields["eprinttype"] = self.fields.pop("archiveprefix")

    def PMID(self, value: str) -> None:  # noqa: N802
        self.eprint("pubmed", "pmid", value)

    def PMCID(self, value: str) -> None:  # noqa: N802
        self.eprint("pmc", "pmcid", value)

    def eprint(self, kind: str, name: str, value: str) -> None:
        """An entry has one eprint: arXiv's before others."""
        text = write_verbatim(value, unicode=self.unicode)
        taken = "eprint" in self.fields or self.description.arXiv
        if taken or any(extra.lower() == "eprint" for extra, _ in self.extras):
            self.carry(name, text)
        else:
            self.put("eprint", text)
            self.put("eprinttype", kind)

    def page(self, value: str) -> None:
        """A range without a beginning, or with zero for one, would make biber warn."""
        self.put("pages", _NOTHING.sub(r"\1{}", write_pages(value, unicode=self.unicode)))

    def ISBN(self, value: tuple[str, ...]) -> None:  # noqa: N802
        self.number_of("isbn", value, next(filter(parse_isbn, value), None))

    def ISSN(self, value: tuple[str, ...]) -> None:  # noqa: N802
        self.number_of("issn", value, next(filter(parse_issn, value), None))

    def number_of(self, name: str, values: tuple[str, ...], valid: str | None) -> None:
        """The data model has one number, and a valid one."""
        if valid is not None:
            self.put(name, valid)
        if valid is None or len(values) > 1:
            written = (encode(value, unicode=self.unicode) for value in values)
            self.carry(name, ", ".join(dict.fromkeys(filter(None, written))))

    def issued(self, date: Date) -> None:
        self.a_date("date", date, literal="year")
        self.carry("year", self.more_than_year(date))

    def date(self, variable: str, value: Date) -> None:
        self.a_date(DATE_OF[variable], value, literal=DATE_OF[variable])

    def a_date(self, name: str, date: Date, *, literal: str) -> None:
        """A date as EDTF; words are none to biber."""
        if date.year is None:
            self.carry(literal, encode(date.literal or "", unicode=self.unicode))
            return
        kept = self.more_than_date(name, date)
        if kept and without_times(kept) == date.edtf:
            self.put(name, kept)
        elif Date.parse(date.edtf) == date:
            self.put(name, date.edtf)
            self.carry(name, kept or "")
        else:
            self.carry(name, encode(date.edtf, unicode=self.unicode))

    def number_field(self, variable: str) -> str:
        """As `refman.crosswalk.bibtex_reading` reads it back."""
        kind = self.description.type
        if kind in ARTICLES:
            return {"issue": "number", "number": "eid"}.get(variable, "seriesnumber")
        if kind in IN_BOOKS:
            return {"collection_number": "number", "number": "eid"}.get(variable, variable)
        return {"collection_number": "seriesnumber"}.get(variable, variable)

    def names(self, variable: str, names: tuple[Name, ...]) -> None:
        name = self.slot(variable)
        text = format_biblatex_names(names, unicode=self.unicode)
        self.put(name, text)
        if text:
            for field, said in people_annotations(variable, names, unicode=self.unicode):
                self.put(field, said)

    def slot(self, variable: str) -> str:
        """The field of some people: those whom `editortype` can tell are a kind of editor."""
        name = NAME_OF[variable]
        if variable not in ROLES.values():
            return name
        free = [slot for slot in _SLOTS if slot not in self.fields and self.allows(slot)]
        if not free:
            return name
        self.put(f"{free[0]}type", variable)
        return free[0]

    def complete(self) -> None:
        """Bring the fields into the data model."""
        stated = {name: value[1:-1] for name, value in self.fields.items()}
        moved = {
            name: text
            for name, text in stated.items()
            if MARK not in name and not self.is_valid(name, text)
        }
        for name, text in moved.items():
            del self.fields[name]
            if CARRIER + name not in self.fields:
                self.carry(name, text)
        self.show(moved, stated)
        self.require()
        self.fields = dict(sorted(self.fields.items(), key=rank))

    def finish(self) -> None:
        """Nothing: biblatex sorts by the title where there is no author."""

    def is_valid(self, name: str, text: str) -> bool:
        return self.allows(name) and (name not in _INTEGERS or _INTEGER.fullmatch(text) is not None)

    def show(self, moved: dict[str, str], stated: dict[str, str]) -> None:
        """Tell people what styles cannot print out of annotations: where it appeared."""
        place = next((name for name in _PLACES if self.allows(name)), "note")
        if self.type.name == "misc" and "howpublished" not in self.fields:
            names = {"journaltitle": "journal"}
            text = summary({names.get(name, name): value for name, value in stated.items()})
            if text:
                self.supply("howpublished", text)
        elif "volume" in moved and self.type.name == "article":
            self.supply("journaltitleaddon", moved["volume"])
        elif "publisher" in moved and place == "howpublished" and place not in self.fields:
            self.supply("howpublished", moved["publisher"])

    def require(self) -> None:
        """Supply what the data model asks of every entry, or of this type."""
        if "title" not in self.fields and "title" not in self.left_out:
            self.supply("title", self.container() or _SUPPLIED_TITLE)
        dated = "date" in self.fields or "issued" in self.left_out
        if not dated and self.type.name not in NEED_NO_DATE:
            self.put("date", "..")
        if self.type.name in ("thesis", "report") and "type" not in self.fields:
            self.supply("type", "thesis" if self.type.name == "thesis" else "techreport")

    def container(self) -> str:
        return encode(self.description.container_title or "", unicode=self.unicode)
