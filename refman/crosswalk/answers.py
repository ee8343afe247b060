"""An answer with a record, made of what a source has on a DOI."""

from __future__ import annotations

from collections.abc import Callable

from refman.crosswalk.crossref import Mapped
from refman.crosswalk.crossref_values import as_json
from refman.model import Origin, OriginKind, Record
from refman.ports import Answer, AnswerStatus


def answer_from(asked: str, source: str, kept: object, mapped: Callable[[], Mapped]) -> Answer:
    """The answer for the DOI `asked`, with the compact JSON of what is to be `kept` as payload.

    `source` is the name of the source that gives it. What is nested too deeply to be written as
    JSON is not mapped either, and the answer is FAILED.
    """
    try:
        payload = as_json(kept).encode()
    except (RecursionError, ValueError):
        return Answer.failed(asked, "the record is nested too deeply")
    read = mapped()
    record = Record(
        description=read.description,
        origin=Origin(kind=OriginKind.SOURCE, name=source, location=asked),
        guessed=read.guessed,
        verbatim=read.verbatim,
    )
    return Answer(DOI=asked, status=AnswerStatus.FOUND, record=record, payload=payload)
