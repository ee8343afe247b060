"""CSL-JSON items and descriptions, both ways (CSL 1.0.2, its schema `csl-data.json`).

Out, a variable of CSL stands under its own name, and what CSL has none for under `custom`, which
the schema leaves free; `refman.crosswalk.csljson_custom` says how. An item that was written here
reads back as the very same description.

In, that is read, and what citeproc-js, Zotero, Better BibTeX, pandoc, Mendeley and, by content
negotiation, Crossref write: numbers for texts, lists for texts, names and dates as texts, `_` for
`-`, older names of variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.crossref_types import csl_type, is_exact
from refman.crosswalk.csljson_custom import (
    FORMAT,
    OWN,
    read_custom,
    verbatim_note,
)
from refman.crosswalk.csljson_note import (
    Statement,
    is_key,
    key_in_note,
    statements,
    tex_field,
    variable,
)
from refman.crosswalk.csljson_note import without as without_statements
from refman.crosswalk.csljson_values import (
    compact,
    date_from_csl,
    lines,
    name_from_csl,
    one_line,
    scalar,
    title_line,
)
from refman.crosswalk.csljson_variables import SPLIT, UNDER_CUSTOM, VARIABLES, field_of
from refman.crosswalk.csljson_writing import item_from_description, item_from_work
from refman.model import (
    DATE_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Description,
    Extra,
    Name,
)
from refman.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_pmcid,
    parse_pmid,
)
from refman.model.vocabulary import CSL_TYPES

__all__ = [
    "FORMAT",
    "OWN",
    "description_from_item",
    "is_crossref",
    "item_from_description",
    "item_from_work",
    "key_of_item",
]

_APART = frozenset(("id", "citation-key", "type", "custom"))
_STANDING_IN = ("date", "year")
"""Not CSL, but they give a date where `issued` is missing."""
_PARAGRAPHS = frozenset(("abstract", "note", "annote", "references"))
_TITLES = frozenset(
    (
        "title", "title_short", "container_title", "collection_title", "original_title",
        "reviewed_title", "volume_title", "part_title", "event_title",
    )
)  # fmt: skip
_IDENTIFIERS: dict[str, Callable[[str], str | None]] = {
    "DOI": parse_doi,
    "PMID": parse_pmid,
    "PMCID": parse_pmcid,
    "arXiv": parse_arxiv,
}
_NO_KEY = frozenset(" \t\n\r,{}\\\"'#%~()=")
_NO_KEY_BUT_ADDRESS = re.compile(r"[^A-Za-z]*/|[^/]*:/|10\.")
"""An address, a DOI, or Zotero's number of a library in front of an item's."""
_LONGEST_KEY = 200


def is_crossref(item: Mapping[str, Any]) -> bool:
    """Whether an object is a work of Crossref's, as its REST API or its CSL-JSON has it."""
    return "indexed" in item and ("deposited" in item or "content-domain" in item)


def key_of_item(item: Mapping[str, Any]) -> str | None:
    """The citation key of an item: its `citation-key`, or an `id` that looks like one.

    A number, an address or a text with blanks is the business of the program that wrote it. Better
    BibTeX states a key that is pinned in the note too.
    """
    stated_keys = (item.get("citation-key"), item.get("citekey"), key_in_note(item.get("note")))
    for key in (*stated_keys, item.get("id")):
        if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY:
            continue
        lettered = key.isprintable() and any(char.isalpha() for char in key)
        if lettered and _NO_KEY.isdisjoint(key) and not _NO_KEY_BUT_ADDRESS.match(key):
            return key
    return None


def description_from_item(item: Mapping[str, Any]) -> tuple[Description, list[str]]:
    """Read one item; the remarks say what was odd about it, a sentence each.

    `id` and `citation-key` are not part of a description: `key_of_item` reads them. A key that is
    unknown, and a value that is not what its variable should hold, are kept in `extra`. Raises
    nothing, whatever the values are.
    """
    if is_crossref(item):
        return description_from_message(item).description, []
    return _Reader(item).run()


class _Reader:
    """One item on its way into a description."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self._item = item
        self._fields: dict[str, Any] = {}
        self._extra: list[Extra] = []
        self._remarks: list[str] = []

    def run(self) -> tuple[Description, list[str]]:
        for key, value in self._item.items():
            if key in _APART or value is None:
                continue
            field = field_of(key)
            if field is None:
                self._foreign(key, value)
            elif field in self._fields:
                self._again(key, field, value)
            else:
                self._read(key, field, value)
        self._type()
        custom = self._item.get("custom")
        if "note" in self._fields:
            self._note(verbatim_note(custom))
        if isinstance(custom, Mapping):
            for field in UNDER_CUSTOM:
                value = custom.get(VARIABLES[field])
                if value and field in self._fields:
                    self._again(VARIABLES[field], field, value)
                elif value:
                    self._read(VARIABLES[field], field, value)
            extra = read_custom(custom, self._fields, field_of)
        else:
            self._keep("custom", custom)
            extra = []
        # What the item itself had and we did not know comes last, as it is written.
        fields = {name: value for name, value in self._fields.items() if value is not None}
        return Description(**fields, extra=(*extra, *self._extra)), self._remarks

    def _read(self, key: str, field: str, value: object) -> None:
        if field in TEXT_FIELDS:
            self._text(key, field, value)
        elif field in NAME_FIELDS:
            self._names(key, field, value)
        elif field in DATE_FIELDS:
            self._date(key, field, value)
        else:
            self._list(key, field, value)

    def _again(self, key: str, field: str, value: object) -> None:
        """A second spelling of the same variable counts only if it says something else."""
        first = self._fields[field]
        if not (isinstance(value, str) and one_line(value) == first):
            self._keep(key, value)

    def _foreign(self, key: str, value: object) -> None:
        if key in _STANDING_IN and "issued" not in self._item and "issued" not in self._fields:
            self._date(key, "issued", value)
        elif key != "subtype":
            self._keep(key, value)

    def _keep(self, key: str, value: object) -> None:
        text = compact(value)
        if text and text not in ("[]", "{}"):
            self._extra.append(Extra(FORMAT, one_line(key), text))

    def _remark(self, key: str, problem: str) -> None:
        self._remarks.append(f"{key} {problem}")

    def _type(self) -> None:
        kind = self._item.get("type")
        subtype = self._item.get("subtype")
        if not isinstance(kind, str) or not kind.strip():
            if kind is not None and kind != "":
                self._keep("type", kind)
            return
        read = csl_type(kind, subtype)
        self._fields["type"] = read
        if read == "document" and kind.strip().lower() not in ("document", "other"):
            self._remark("type", f"{one_line(kind)[:60]!r} is unknown; taken for a document")
        if read != kind.strip().lower() and not is_exact(kind.strip().lower()):
            self._keep("type", kind)
        if subtype is not None:
            self._keep("subtype", subtype)

    def _text(self, key: str, field: str, value: object) -> None:
        if isinstance(value, list):
            if len(value) > 1:
                self._remark(key, "is a list; the first of it was taken")
                self._keep(key, value[1:])
            value = value[0] if value else None
        text = scalar(value)
        if text is None:
            if value is not None:
                self._remark(key, "is no text; it was kept aside")
                self._keep(key, value)
            return
        text = _clean(field, text)
        if text:
            self._fields[field] = text

    def _names(self, key: str, field: str, value: object) -> None:
        values = value if isinstance(value, list) else [value]
        names = []
        for one in values:
            name = name_from_csl(one)
            if name is not None:
                names.append(name)
            elif one:
                self._remark(key, "holds what is no name; it was kept aside")
                self._keep(key, one)
        if names:
            self._fields[field] = tuple(names)

    def _date(self, key: str, field: str, value: object) -> None:
        date, whole = date_from_csl(value)
        if date is not None:
            self._fields[field] = date
        if not whole:
            self._remark(key, "could not be read as a date, or not wholly; it was kept as it came")
            self._keep(key, value)

    def _note(self, verbatim: str | None) -> None:
        """Variables that the note states; those that say nothing new go, others stay in it."""
        note = self._fields["note"]
        if verbatim is not None:
            self._fields["note"] = verbatim
            return
        names: dict[str, list[Name]] = {}
        taken = [one.raw for one in statements(note) if self._statement(one, names)]
        for field, found in names.items():
            self._fields[field] = tuple(found)
        if taken:
            self._fields["note"] = without_statements(note, taken) or None

    def _statement(self, one: Statement, names: dict[str, list[Name]]) -> bool:
        tex = tex_field(one.key)
        if tex is not None:
            self._extra.append(Extra("bibtex", tex, one.value))
            return True
        name = variable(one.key)
        field = field_of(name) or field_of(name.upper())
        if name == "type" and one.value in CSL_TYPES:
            self._fields["type"] = one.value
            return True
        if field is None or field == "note":
            return is_key(one.key)
        if field in NAME_FIELDS and (field in names or field not in self._fields):
            family, bars, given = one.value.partition("||")
            parts = {"family": family, "given": given} if bars else one.value
            found = name_from_csl(parts)
            if found is not None:
                names.setdefault(field, []).append(found)
            return found is not None
        if field in self._fields:
            return bool(_clean(field, one.value) == self._fields[field])
        if field in DATE_FIELDS:
            date, whole = date_from_csl(one.value)
            if date is None or not whole or date.year is None:
                return False
            self._fields[field] = date
            return True
        parse = _IDENTIFIERS.get(field)
        if parse is not None and parse(one.value) is None:
            return False
        self._read(name, field, one.value)
        return field in self._fields

    def _list(self, key: str, field: str, value: object) -> None:
        texts = [scalar(one) for one in (value if isinstance(value, list) else [value])]
        if None in texts:
            self._remark(key, "holds what is no text; it was kept aside")
            self._keep(key, value)
        found = [text for text in texts if text]
        if field == "keyword" and isinstance(value, list):
            words = [one_line(text) for text in found]
        else:
            words = [word for text in found for word in SPLIT[field](text)]
        if words := [word for word in words if word]:
            self._fields[field] = tuple(words)


def _clean(field: str, text: str) -> str:
    if field in _PARAGRAPHS:
        return lines(text)
    if field in _TITLES:
        return title_line(text)
    text = one_line(text)
    parse = _IDENTIFIERS.get(field)
    return (parse(text) or text) if parse is not None else text
