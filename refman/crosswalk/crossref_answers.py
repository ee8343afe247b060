"""What a Crossref record answers to the question after a DOI, wherever the record came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref import is_deleted, record_from_message
from refman.crosswalk.crossref_values import as_json
from refman.model import Origin, OriginKind
from refman.ports import Answer, AnswerStatus


def answer_from_message(asked: str, message: Mapping[str, Any], source: str) -> Answer:
    """The answer for the DOI `asked`, with the record and its JSON, compact, as payload.

    `source` is the name of the source that gives it. A DOI that was deleted is not found, though
    there is a record.
    """
    if is_deleted(message):
        return Answer.not_found(asked, "the DOI was deleted at Crossref")
    try:
        payload = as_json(message).encode()
    except (RecursionError, ValueError):
        return Answer.failed(asked, "the record is nested too deeply")
    origin = Origin(kind=OriginKind.SOURCE, name=source, location=asked)
    return Answer(
        DOI=asked,
        status=AnswerStatus.FOUND,
        record=record_from_message(message, origin),
        payload=payload,
    )
