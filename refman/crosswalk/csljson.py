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
from collections.abc import Callable, Collection, Mapping
from typing import Any

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.crossref_types import csl_type, is_exact
from refman.crosswalk.csljson_custom import (
    FORMAT,
    OWN,
    read_custom,
    under,
    write_custom,
    write_names,
)
from refman.crosswalk.csljson_values import (
    compact,
    date_from_csl,
    date_to_csl,
    date_to_record,
    lines,
    name_from_csl,
    name_to_csl,
    one_line,
    scalar,
    split_identifiers,
    split_keywords,
    title_line,
)
from refman.model import (
    DATE_FIELDS,
    FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Extra,
    Work,
    stated,
    without,
)
from refman.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_pmcid,
    parse_pmid,
)

__all__ = [
    "FORMAT",
    "OWN",
    "description_from_item",
    "is_crossref",
    "item_from_description",
    "item_from_work",
    "key_of_item",
]

_ELSEWHERE = frozenset(
    ("arXiv", "published_print", "published_online", "updates", "relations", "extra", "type")
)
_UNDERSCORED = frozenset(("archive_collection", "archive_location"))
_VARIABLES = {
    name: name if name in _UNDERSCORED else name.replace("_", "-")
    for name in FIELDS
    if name not in _ELSEWHERE
}
"""Our field → CSL's variable."""
_FIELDS = {variable.replace("_", "-"): name for name, variable in _VARIABLES.items()} | {
    "journalAbbreviation": "container_title_short",
    "shortTitle": "title_short",
    "short-title": "title_short",
    "event": "event_title",
    "part": "part_number",
    "printing": "printing_number",
    "supplement": "supplement_number",
    "editortranslator": "editor_translator",
    "doi": "DOI",
    "url": "URL",
    "issn": "ISSN",
    "isbn": "ISBN",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "arXiv": "arXiv",
    "arxiv": "arXiv",
    "published-print": "published_print",
    "published-online": "published_online",
}
"""CSL's variable, with `-` for `_`, → our field; older and other spellings too."""
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
_SPLIT: dict[str, Callable[[str], tuple[str, ...]]] = {
    "ISSN": lambda text: split_identifiers(text, parse_issn),
    "ISBN": lambda text: split_identifiers(text, parse_isbn),
    "keyword": split_keywords,
}
_NO_KEY = frozenset(" \t\n\r,{}\\\"'#%~()=")
_NO_KEY_BUT_ADDRESS = re.compile(r"[^A-Za-z]*/|[^/]*:/|10\.")
"""An address, a DOI, or Zotero's number of a library in front of an item's."""
_LONGEST_KEY = 200


def item_from_description(
    description: Description,
    *,
    id: str | None = None,  # noqa: A002
) -> dict[str, object]:
    """The CSL-JSON item that says all of a description; `id` becomes its `id`.

    The keys come in the order `id`, `type`, then that of `FIELDS`, `custom` last where there is
    need of it. `type` is always there, since CSL's schema wants it: `document` stands for none.
    """
    item: dict[str, object] = {} if id is None else {"id": id}
    custom: dict[str, object] = {}
    kind = description.type
    if kind is None or csl_type(kind) != kind:
        custom["type"] = kind
        kind = "document"
    item["type"] = kind
    for field, value in stated(description):
        variable = _VARIABLES.get(field)
        if variable is None:
            continue
        if field in TEXT_FIELDS:
            item[variable] = value
        elif field in NAME_FIELDS:
            item[variable] = [name_to_csl(name) for name in value]
            write_names(variable, value, custom)
        elif field in DATE_FIELDS:
            _write_date(variable, value, item, custom)
        else:
            _write_list(variable, value, item, custom)
    write_custom(description, custom)
    if custom:
        item["custom"] = custom
    return item


def item_from_work(work: Work, omit: Collection[str] = ()) -> dict[str, object]:
    """The item of a whole work: its description, and its tags and collections under `custom`."""
    item = item_from_description(without(work.description, omit), id=work.citation_key)
    about = {"tags": list(work.tags), "collections": list(work.collections)}
    more = {key: values for key, values in about.items() if values}
    if more:
        custom = item.get("custom", {})
        assert isinstance(custom, dict)
        item["custom"] = {**custom, **more}
    return item


def _write_date(
    variable: str, date: Date, item: dict[str, object], custom: dict[str, object]
) -> None:
    written = date_to_csl(date)
    if written:
        item[variable] = written
    if date_from_csl(written) != (date, True):
        under(custom, "dates")[variable] = date_to_record(date)


def _write_list(
    variable: str, values: tuple[str, ...], item: dict[str, object], custom: dict[str, object]
) -> None:
    separator = "; " if any("," in value for value in values) else ", "
    text = separator.join(values)
    item[variable] = text
    if _SPLIT[variable](text) != values:
        under(custom, "lists")[variable] = list(values)


def is_crossref(item: Mapping[str, Any]) -> bool:
    """Whether an object is a work of Crossref's, as its REST API or its CSL-JSON has it."""
    return "indexed" in item and ("deposited" in item or "content-domain" in item)


def key_of_item(item: Mapping[str, Any]) -> str | None:
    """The citation key of an item: its `citation-key`, or an `id` that looks like one.

    A number, an address or a text with blanks is the business of the program that wrote it.
    """
    for name in ("citation-key", "citekey", "id"):
        key = item.get(name)
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
            field = _field(key)
            if field is None:
                self._foreign(key, value)
            elif field in self._fields:
                self._again(key, field, value)
            else:
                self._read(key, field, value)
        self._type()
        custom = self._item.get("custom")
        if isinstance(custom, Mapping):
            extra = read_custom(custom, self._fields, _field)
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

    def _list(self, key: str, field: str, value: object) -> None:
        texts = [scalar(one) for one in (value if isinstance(value, list) else [value])]
        if None in texts:
            self._remark(key, "holds what is no text; it was kept aside")
            self._keep(key, value)
        found = [text for text in texts if text]
        if field == "keyword" and isinstance(value, list):
            words = [one_line(text) for text in found]
        else:
            words = [word for text in found for word in _SPLIT[field](text)]
        if words := [word for word in words if word]:
            self._fields[field] = tuple(words)


def _field(key: str) -> str | None:
    return _FIELDS.get(key) or _FIELDS.get(key.replace("_", "-"))


def _clean(field: str, text: str) -> str:
    if field in _PARAGRAPHS:
        return lines(text)
    if field in _TITLES:
        return title_line(text)
    text = one_line(text)
    parse = _IDENTIFIERS.get(field)
    return (parse(text) or text) if parse is not None else text
