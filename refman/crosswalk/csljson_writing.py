"""Descriptions and works as CSL-JSON items."""

from __future__ import annotations

from collections.abc import Collection

from refman.crosswalk.crossref_types import csl_type
from refman.crosswalk.csljson_custom import under, write_custom, write_names
from refman.crosswalk.csljson_note import statements
from refman.crosswalk.csljson_values import date_from_csl, date_to_csl, date_to_record, name_to_csl
from refman.crosswalk.csljson_variables import SPLIT, UNDER_CUSTOM, VARIABLES
from refman.model import (
    DATE_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Work,
    stated,
    without,
)


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
        variable = VARIABLES.get(field)
        if variable is None:
            continue
        place = custom if field in UNDER_CUSTOM else item
        if field in TEXT_FIELDS:
            place[variable] = value
            if field == "note" and statements(value):
                under(custom, "texts")["note"] = value
        elif field in NAME_FIELDS:
            place[variable] = [name_to_csl(name) for name in value]
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
    if SPLIT[variable](text) != values:
        under(custom, "lists")[variable] = list(values)
