"""What CSL-JSON from a registration agency answers to the question after a DOI."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from refman.crosswalk.answers import answer_from
from refman.crosswalk.citeproc import description_from_citeproc
from refman.crosswalk.crossref import is_deleted
from refman.ports import Answer

_ITEM = "item"
_AGENCY = "agency"
_OF_A_WORK = frozenset(("DOI", "author", "issued", "title", "type"))


def item_in(kept: object) -> Mapping[str, Any] | None:
    """The item in a payload, or the item itself, if it is one."""
    if isinstance(kept, Mapping) and isinstance(kept.get(_ITEM), Mapping):
        kept = kept[_ITEM]
    if not isinstance(kept, Mapping) or _OF_A_WORK.isdisjoint(kept):
        return None
    return kept


def agency_in(kept: object) -> str | None:
    """The name of the agency in a payload."""
    agency = kept.get(_AGENCY) if isinstance(kept, Mapping) and _ITEM in kept else None
    return agency if isinstance(agency, str) else None


def answer_from_item(
    asked: str, item: Mapping[str, Any], agency: str | None, source: str
) -> Answer:
    """The answer for the DOI `asked`; the payload holds the item and the agency's name."""
    if is_deleted(item):
        return Answer.not_found(asked, "the DOI was deleted at Crossref")
    kept = {_AGENCY: agency, _ITEM: item}
    answer = answer_from(asked, source, kept, partial(description_from_citeproc, item, agency))
    said = answer.record.description if answer.record is not None else None
    if said is not None and said.title is None and not said.author:
        who = agency or "the registration agency"
        return Answer.not_found(asked, f"{who} knows neither its title nor its authors")
    return answer
