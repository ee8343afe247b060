"""What an OpenAlex work answers to the question after a DOI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref_values import as_json
from refman.crosswalk.openalex import SELECTED, description_from_work
from refman.model import Origin, OriginKind, Record
from refman.model.identifier import parse_doi
from refman.ports import Answer, AnswerStatus


def doi_of(work: object) -> str | None:
    """The bare DOI of a work, if it is one and has a DOI."""
    doi = work.get("doi") if isinstance(work, Mapping) else None
    return parse_doi(doi) if isinstance(doi, str) else None


def answer_from_work(asked: str, work: Mapping[str, Any], source: str) -> Answer:
    """The answer for the DOI `asked`; the payload holds those fields of the work that are read."""
    kept = {key: work[key] for key in SELECTED if key in work}
    try:
        payload = as_json(kept).encode()
    except (RecursionError, ValueError):
        return Answer.failed(asked, "the work is nested too deeply")
    mapped = description_from_work(kept)
    record = Record(
        description=mapped.description,
        origin=Origin(kind=OriginKind.SOURCE, name=source, location=asked),
        guessed=mapped.guessed,
        verbatim=mapped.verbatim,
    )
    return Answer(DOI=asked, status=AnswerStatus.FOUND, record=record, payload=payload)
