"""What a DataCite record answers to the question after a DOI."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from refman.crosswalk.answers import answer_from
from refman.crosswalk.datacite import description_from_attributes
from refman.ports import Answer


def doi_of(resource: object) -> str | None:
    """The DOI of a resource, if it is one and has its attributes."""
    if not isinstance(resource, Mapping) or not isinstance(resource.get("attributes"), Mapping):
        return None
    for doi in (resource["attributes"].get("doi"), resource.get("id")):
        if isinstance(doi, str) and doi.strip():
            return doi.strip()
    return None


def answer_from_resource(asked: str, resource: Mapping[str, Any], source: str) -> Answer:
    """The answer for the DOI `asked`, with the record and the resource's JSON as payload.

    `source` is the name of the source that gives it. Links to other resources (`relationships`)
    are not part of the payload: they change with every citation.
    """
    kept = {key: value for key, value in resource.items() if key != "relationships"}
    mapped = partial(description_from_attributes, resource["attributes"])
    return answer_from(asked, source, kept, mapped)
