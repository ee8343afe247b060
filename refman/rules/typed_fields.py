"""Which fields belong to a type of work, in the order in which one writes them down.

A field that does not belong to a type may be there all the same: nothing is refused by this.
"""

from __future__ import annotations

from collections.abc import Collection

from refman.model import FIELDS

_COMMON = ("DOI", "URL", "language", "abstract", "keyword", "note")
_PEOPLE = ("author", "title")
_HOST = ("container_title", "editor")
_PUBLISHED = ("edition", "publisher", "publisher_place", "issued")
_SERIES = ("collection_title", "collection_number")
_JOURNAL = (*_PEOPLE, "container_title", "issued", "volume", "issue", "page", "number", "ISSN")
_BOOK = (*_PEOPLE, "editor", "translator", "volume", *_PUBLISHED, "number_of_pages", *_SERIES,
         "ISBN")  # fmt: skip
_CHAPTER = (*_PEOPLE, *_HOST, "page", "chapter_number", "volume", *_PUBLISHED, *_SERIES, "ISBN")
_WEB = (*_PEOPLE, "container_title", "issued", "accessed")
_LAW = ("title", "authority", "jurisdiction", "number", "container_title", "volume", "page",
        "section", "issued", "references")  # fmt: skip
_EVENT = (*_PEOPLE, "event_title", "event_place", "event_date", "issued", "genre")
_MEDIUM = (*_PEOPLE, "director", "producer", "medium", "publisher", "publisher_place", "issued",
           "dimensions")  # fmt: skip

_OF_TYPE: dict[str, tuple[str, ...]] = {
    "article": (*_PEOPLE, "issued", "publisher", "number", "version", "arXiv", "archive"),
    "article-journal": (*_JOURNAL, "PMID", "PMCID", "arXiv"),
    "article-magazine": _JOURNAL,
    "article-newspaper": (*_PEOPLE, "container_title", "issued", "edition", "section", "page",
                          "publisher_place", "ISSN"),
    "bill": _LAW,
    "book": _BOOK,
    "broadcast": _MEDIUM,
    "chapter": _CHAPTER,
    "classic": _BOOK,
    "collection": _BOOK,
    "dataset": (*_PEOPLE, "publisher", "issued", "version", "medium", "archive"),
    "entry": _CHAPTER,
    "entry-dictionary": _CHAPTER,
    "entry-encyclopedia": _CHAPTER,
    "event": _EVENT,
    "hearing": _LAW,
    "interview": (*_PEOPLE, "interviewer", "container_title", "issued", "medium"),
    "legal_case": _LAW,
    "legislation": _LAW,
    "manuscript": (*_PEOPLE, "issued", "genre", "archive", "archive_place", "archive_location",
                   "number_of_pages"),
    "map": (*_PEOPLE, "scale", "edition", "publisher", "publisher_place", "issued", "ISBN"),
    "motion_picture": _MEDIUM,
    "paper-conference": (*_PEOPLE, *_HOST, "event_title", "event_place", "event_date", "issued",
                         "volume", "page", "publisher", "publisher_place", *_SERIES, "ISBN"),
    "patent": (*_PEOPLE, "number", "authority", "jurisdiction", "issued", "submitted", "status"),
    "personal_communication": (*_PEOPLE, "recipient", "issued", "medium", "archive"),
    "post": _WEB,
    "post-weblog": _WEB,
    "report": (*_PEOPLE, "editor", "genre", "number", "publisher", "publisher_place", "issued",
               "number_of_pages", *_SERIES, "ISBN"),
    "review": (*_JOURNAL, "reviewed_title", "reviewed_author"),
    "review-book": (*_JOURNAL, "reviewed_title", "reviewed_author"),
    "software": (*_PEOPLE, "version", "publisher", "issued", "medium", "license"),
    "song": (*_PEOPLE, "composer", "performer", "container_title", "publisher", "issued", "medium"),
    "speech": _EVENT,
    "standard": (*_PEOPLE, "number", "publisher", "publisher_place", "issued", "status", "version"),
    "thesis": (*_PEOPLE, "genre", "publisher", "publisher_place", "issued", "number_of_pages"),
    "treaty": _LAW,
    "webpage": _WEB,
}  # fmt: skip
_USUAL = (*_PEOPLE, "editor", "container_title", "issued", "volume", "issue", "page", "publisher",
          "publisher_place")  # fmt: skip


def fields_of(type_: str | None) -> tuple[str, ...]:
    """The fields that belong to a type, in their order, `type` itself first."""
    return ("type", *_OF_TYPE.get(type_ or "", _USUAL), *_COMMON)


def arranged(type_: str | None, others: Collection[str]) -> tuple[str, ...]:
    """The fields of a type, and behind them those of some others that do not belong to it."""
    own = fields_of(type_)
    return (*own, *(name for name in FIELDS if name in others and name not in own))
