"""Works as CSL-JSON items, for programs that read what refman prints."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from refman.crosswalk import csljson
from refman.model import Description, Work
from refman.model.identifier import doi_key


def item_from_work(work: Work) -> dict[str, object]:
    """A work as a CSL-JSON item: `id` is its citation key, what CSL lacks is under `custom`."""
    item = csljson.item_from_work(work)
    known = item.pop("custom", None)
    custom: dict[str, object] = dict(known) if isinstance(known, Mapping) else {}
    for name, value in (
        ("aliases", other_keys(work)),
        ("enrichment", work.enrichment.value if work.enrichment else None),
        ("added", work.added),
        ("modified", work.modified),
    ):
        if value:
            custom[name] = value
    if work.description.retraction is not None:
        custom["retracted"] = True
    item["custom"] = custom
    return item


def other_keys(work: Work) -> list[str]:
    """The keys by which a work is found beside its own, but for its DOI, which is one anyway."""
    doi = doi_key(work.description.DOI or "")
    return [alias for alias in work.aliases if doi_key(alias) != doi]


def changes_as_items(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, list[object]]:
    """Before and after of changed fields, under CSL's names and in CSL-JSON's form."""
    return {
        field.replace("_", "-"): [_plain_value(field, value) for value in pair]
        for field, pair in changed.items()
    }


def _plain_value(field: str, value: Any) -> object:
    if value is None or value == ():
        return None
    if field == "type":
        return str(value)
    item = csljson.item_from_description(Description(**{field: value}))
    custom = item.pop("custom", None)
    # An item has a type even where the description has none.
    item.pop("type", None)
    aside = dict(custom) if isinstance(custom, Mapping) else {}
    aside.pop("type", None)
    # Of names the parts that CSL has a place for come first; their identifiers stand aside.
    return next(chain(item.values(), aside.values()), str(value))
