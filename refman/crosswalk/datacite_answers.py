"""What a DataCite record answers to the question after a DOI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref_values import as_json
from refman.crosswalk.datacite import record_from_attributes
from refman.model import Origin, OriginKind
from refman.ports import Answer, AnswerStatus


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
    try:
        payload = as_json(kept).encode()
    except (RecursionError, ValueError):
        return Answer.failed(asked, "the record is nested too deeply")
    origin = Origin(kind=OriginKind.SOURCE, name=source, location=asked)
    return Answer(
        DOI=asked,
        status=AnswerStatus.FOUND,
        record=record_from_attributes(resource["attributes"], origin),
        payload=payload,
    )
