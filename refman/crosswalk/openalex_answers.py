"""What an OpenAlex work answers to the question after a DOI."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from refman.crosswalk.answers import answer_from
from refman.crosswalk.openalex import SELECTED, description_from_work
from refman.model.identifier import parse_doi
from refman.ports import Answer


def doi_of(work: object) -> str | None:
    """The bare DOI of a work, if it is one and has a DOI."""
    doi = work.get("doi") if isinstance(work, Mapping) else None
    return parse_doi(doi) if isinstance(doi, str) else None


def answer_from_work(asked: str, work: Mapping[str, Any], source: str) -> Answer:
    """The answer for the DOI `asked`; the payload holds those fields of the work that are read."""
    kept = {key: work[key] for key in SELECTED if key in work}
    return answer_from(asked, source, kept, partial(description_from_work, kept))
