"""What a Crossref record answers to the question after a DOI, wherever the record came from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from refman.crosswalk.answers import answer_from
from refman.crosswalk.crossref import description_from_message, is_deleted
from refman.ports import Answer


def doi_of(message: object) -> str | None:
    """The DOI of a work message, if it is one and has a DOI."""
    doi = message.get("DOI") if isinstance(message, Mapping) else None
    return doi.strip() if isinstance(doi, str) else None


def answer_from_message(asked: str, message: Mapping[str, Any], source: str) -> Answer:
    """The answer for the DOI `asked`, with the record and its JSON, compact, as payload.

    `source` is the name of the source that gives it. A DOI that was deleted is not found, though
    there is a record.
    """
    if is_deleted(message):
        return Answer.not_found(asked, "the DOI was deleted at Crossref")
    return answer_from(asked, source, message, partial(description_from_message, message))
