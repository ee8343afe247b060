"""What stands under `custom` in a CSL-JSON item, both ways: all that CSL has no variable for.

    license, editor-translator   as variables, which the schema does not have
    type                    the type where CSL has no such one; null where there is none
    arXiv                   the identifier
    published-print, published-online    EDTF
    updates, relations      lists of objects
    names                   {"author": {"0": {"ORCID": …, "affiliation": […]}}}, by position
    dates, lists            {"issued": {…}}, {"keyword": […]}: in full, where CSL's own form of
                            the date or list would read back as another
    texts                   {"note": …}: in full, where what it says would be read as variables
    extra                   [{"format": …, "name": …, "value": …}]
    tags, collections       of the work; they are none of the description's business

Any other key is a foreign field that came in CSL-JSON, or goes out in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from refman.crosswalk.csljson_values import (
    affiliations,
    compact,
    date_from_record,
    date_to_record,
    lines,
    scrub,
    structure,
)
from refman.model import DATE_FIELDS, LIST_FIELDS, Date, Description, Extra, Name, Relation, Update
from refman.model.identifier import parse_arxiv, parse_orcid
from refman.text.markup import plain_text

FORMAT = "csl-json"
"""The format of what is kept in `extra`."""
OWN = frozenset(
    (
        "type", "arXiv", "published-print", "published-online", "updates", "relations", "names",
        "dates", "lists", "texts", "extra", "tags", "collections", "license",
        "editor-translator",
    )
)  # fmt: skip
"""The keys that mean something here."""
_VARIABLES = frozenset(("license", "editor-translator"))
"""Those that are read as if they stood in the item itself."""

Custom = dict[str, object]


def write_custom(description: Description, custom: Custom) -> None:
    """Add what CSL has no variable for."""
    if description.arXiv is not None:
        custom["arXiv"] = description.arXiv
    if description.published_print is not None:
        custom["published-print"] = _date_out(description.published_print)
    if description.published_online is not None:
        custom["published-online"] = _date_out(description.published_online)
    if description.updates:
        custom["updates"] = [_update_out(update) for update in description.updates]
    if description.relations:
        custom["relations"] = [
            {"type": relation.type, "id": relation.id, "id-type": relation.id_type}
            for relation in description.relations
        ]
    if description.extra:
        _extras_out(description.extra, custom)


def write_names(variable: str, names: tuple[Name, ...], custom: Custom) -> None:
    """Add the ORCIDs and affiliations of those names that have any."""
    more: dict[str, object] = {}
    for position, name in enumerate(names):
        about: dict[str, object] = {}
        if name.ORCID is not None:
            about["ORCID"] = name.ORCID
        if name.affiliation:
            about["affiliation"] = list(name.affiliation)
        if about:
            more[str(position)] = about
    if more:
        under(custom, "names")[variable] = more


def under(custom: Custom, key: str) -> Custom:
    """The object of that name in `custom`, made if need be."""
    found = custom.setdefault(key, {})
    assert isinstance(found, dict)
    return found


def _date_out(date: Date) -> object:
    """EDTF, or all parts of the date where EDTF would not give it back."""
    text = date.edtf
    return text if Date.parse(text) == date else date_to_record(date)


def _update_out(update: Update) -> dict[str, object]:
    texts = {"DOI": update.DOI, "source": update.source, "label": update.label}
    written: dict[str, object] = {"type": update.type}
    written |= {key: value for key, value in texts.items() if value is not None}
    if update.date is not None:
        written["date"] = _date_out(update.date)
    return written


def _extras_out(extras: tuple[Extra, ...], custom: Custom) -> None:
    """Fields of this format by their own names, where that keeps names and order."""
    own = tuple(extra for extra in extras if extra.format == FORMAT)
    names = {extra.name for extra in own}
    first = len(extras) - len(own)
    if len(names) < len(own) or not names.isdisjoint(OWN) or extras[first:] != own:
        own, first = (), len(extras)
    if first:
        custom["extra"] = [
            {"format": extra.format, "name": extra.name, "value": extra.value}
            for extra in extras[:first]
        ]
    for extra in own:
        custom[extra.name] = structure(extra.value)


def read_custom(custom: Mapping[str, Any], fields: dict[str, Any], by_variable: Any) -> list[Extra]:
    """Put what `write_custom` wrote into `fields`, and return the rest.

    `by_variable` gives our field for a CSL variable. What is not of the expected shape is kept as
    a foreign field: `custom` is free for anyone to use.
    """
    extras: list[Extra] = []
    rest: list[Extra] = []
    for key, value in custom.items():
        if key == "extra" and isinstance(value, list):
            extras.extend(_extras_in(value))
        elif (key == "texts" and verbatim_note(custom) is not None) or key in _VARIABLES:
            continue
        elif key == "type" and (value is None or isinstance(value, str)):
            fields["type"] = plain_text(value) if value else None
        elif key not in OWN or not _own_in(key, value, fields, by_variable):
            text = compact(value)
            if text:
                rest.append(Extra(FORMAT, plain_text(key), text))
    return extras + rest


def _own_in(key: str, value: object, fields: dict[str, Any], by_variable: Any) -> bool:
    """Whether the value of a key of ours was understood."""
    if key == "arXiv" and isinstance(value, str):
        text = plain_text(value)
        fields["arXiv"] = parse_arxiv(text) or text
    elif key in ("published-print", "published-online"):
        date = date_from_record(value)
        if date is None:
            return False
        fields[key.replace("-", "_")] = date
    elif key == "updates" and isinstance(value, list):
        fields["updates"] = tuple(_updates_in(value))
    elif key == "relations" and isinstance(value, list):
        fields["relations"] = tuple(_relations_in(value))
    elif key == "names" and isinstance(value, Mapping):
        for variable, more in value.items():
            _names_in(by_variable(variable), more, fields)
    elif key == "dates" and isinstance(value, Mapping):
        for variable, record in value.items():
            _date_in(by_variable(variable), record, fields)
    elif key == "lists" and isinstance(value, Mapping):
        for variable, texts in value.items():
            _list_in(by_variable(variable), texts, fields)
    else:
        return False
    return True


def verbatim_note(custom: object) -> str | None:
    """The note that `write_custom`'s caller kept in full, lest it be read as variables."""
    texts = custom.get("texts") if isinstance(custom, Mapping) else None
    note = texts.get("note") if isinstance(texts, Mapping) else None
    return lines(note) if isinstance(note, str) else None


def _names_in(field: str | None, more: object, fields: dict[str, Any]) -> None:
    names = fields.get(field) if field is not None else None
    if not isinstance(more, Mapping) or not isinstance(names, tuple):
        return
    read = list(names)
    for position, about in more.items():
        index = int(position) if position.isdecimal() and len(position) < 6 else len(read)
        if (
            index >= len(read)
            or not isinstance(about, Mapping)
            or not isinstance(read[index], Name)
        ):
            continue
        orcid = about.get("ORCID")
        read[index] = replace(
            read[index],
            ORCID=parse_orcid(orcid) if isinstance(orcid, str) else None,
            affiliation=affiliations(about.get("affiliation")),
        )
    assert field is not None
    fields[field] = tuple(read)


def _date_in(field: str | None, record: object, fields: dict[str, Any]) -> None:
    date = date_from_record(record)
    if field in DATE_FIELDS and date is not None:
        fields[str(field)] = date


def _list_in(field: str | None, texts: object, fields: dict[str, Any]) -> None:
    if field in LIST_FIELDS and isinstance(texts, list):
        read = (plain_text(text) for text in texts if isinstance(text, str))
        fields[str(field)] = tuple(text for text in read if text)


def _text(value: object) -> str | None:
    return (plain_text(value) or None) if isinstance(value, str) else None


def _updates_in(values: list[Any]) -> Iterator[Update]:
    for value in values:
        kind = _text(value.get("type")) if isinstance(value, Mapping) else None
        if kind is not None:
            yield Update(
                type=kind,
                DOI=_text(value.get("DOI")),
                date=date_from_record(value.get("date")),
                source=_text(value.get("source")),
                label=_text(value.get("label")),
            )


def _relations_in(values: list[Any]) -> Iterator[Relation]:
    for value in values:
        if isinstance(value, Mapping):
            kind, id_ = _text(value.get("type")), _text(value.get("id"))
            if kind is not None and id_ is not None:
                yield Relation(kind, id_, _text(value.get("id-type")) or "doi")


def _extras_in(values: list[Any]) -> Iterator[Extra]:
    for value in values:
        if not isinstance(value, Mapping):
            continue
        format_, name, text = (value.get(key) for key in ("format", "name", "value"))
        if isinstance(format_, str) and isinstance(name, str) and isinstance(text, str):
            yield Extra(plain_text(format_), plain_text(name), scrub(text))
