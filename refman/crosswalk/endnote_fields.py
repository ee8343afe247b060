"""Which element of an EndNote record is which field, by the type of the work.

EndNote has a fixed set of elements, to which each reference type gives names of its own: `isbn` is
the report number of a report, `custom7` the article number of a journal article. The table is
EndNote's (its table of reference types), read as Zotero reads it.
"""

from __future__ import annotations

import re
from functools import lru_cache

FORMAT = "endnote-xml"
"""The format of what is kept in `extra`."""

ARTICLES = frozenset(
    (
        "article", "article-journal", "article-magazine", "article-newspaper", "review",
        "review-book",
    )
)  # fmt: skip
COUNTED = frozenset(("book", "thesis", "manuscript", "pamphlet", "classic"))
"""`pages` is the number of their pages, `section` are pages."""
WHOLES = frozenset(
    (
        "book", "classic", "dataset", "graphic", "manuscript", "map", "motion_picture", "pamphlet",
        "patent", "periodical", "report", "software", "standard", "thesis",
    )
)  # fmt: skip
"""Works that are in nothing: `secondary-title` is their series."""
NUMBERED = frozenset(("report", "patent", "standard"))
"""`isbn` is their number, where it is no ISBN or ISSN."""
_LAWS = frozenset(("bill", "hearing", "legislation", "legal_case"))
_CONFERENCE = frozenset(("paper-conference",))
_FILMS = frozenset(("motion_picture", "broadcast", "performance"))
_SERIAL_PARTS = ARTICLES | _CONFERENCE | {"periodical"}
_IN_SERIES = frozenset(
    ("book", "chapter", "classic", "entry", "entry-dictionary", "entry-encyclopedia", "report")
)

ELEMENTS = (
    "database", "source-app", "rec-number", "foreign-keys", "ref-type", "contributors",
    "auth-address", "auth-affiliaton", "titles", "periodical", "alt-periodical", "pages", "volume",
    "number", "issue", "secondary-volume", "secondary-issue", "num-vols", "edition", "section",
    "reprint-edition", "reprint-status", "keywords", "dates", "pub-location", "publisher",
    "orig-pub", "isbn", "accession-num", "call-num", "report-id", "coden",
    "electronic-resource-num", "abstract", "label", "image", "caption", "notes", "research-notes",
    "work-type", "reviewed-item", "availability", "remote-source", "meeting-place",
    "work-location", "work-extent", "pack-method", "size", "repro-ratio", "remote-database-name",
    "remote-database-provider", "language", "urls", "access-date", "modified-date", "custom1",
    "custom2", "custom3", "custom4", "custom5", "custom6", "custom7", "misc1", "misc2", "misc3",
)  # fmt: skip
"""The elements of a record, in the order of EndNote's document type definition."""

AUTHORS = (
    "authors", "secondary-authors", "tertiary-authors", "subsidiary-authors",
    "translated-authors",
)  # fmt: skip

_PROCEEDINGS = re.compile(
    r"proceeding|lecture notes|transactions|communications in computer|tagungsband|actes",
    re.IGNORECASE,
)
_Choices = tuple[tuple[frozenset[str], str | None], ...]
_TEXTS: dict[str, tuple[str | None, _Choices]] = {
    "pages": ("page", ((COUNTED, "number_of_pages"), (_FILMS, "dimensions"))),
    "volume": ("volume", ((frozenset(("patent", "webpage")), None),)),
    "number": (
        "number",
        (
            (_SERIAL_PARTS, "issue"),
            (_IN_SERIES, "collection_number"),
            (frozenset(("graphic",)), "dimensions"),
            (frozenset(("patent", "standard")), None),
        ),
    ),
    "num-vols": ("number_of_volumes", ()),
    "edition": (
        "edition",
        ((frozenset(("software",)), "version"), (_LAWS | ARTICLES, None)),
    ),
    "section": (
        "section",
        (
            (frozenset(("chapter",)), "chapter_number"),
            (COUNTED, "page"),
            (frozenset(("article-journal", "article")), "page_first"),
        ),
    ),
    "pub-location": ("publisher_place", ((_CONFERENCE, "event_place"),)),
    "publisher": ("publisher", ((frozenset(("legal_case",)), "authority"),)),
    "orig-pub": (None, ((_LAWS, "references"),)),
    "call-num": ("call_number", ()),
    "report-id": (None, ()),
    "work-type": ("genre", ()),
    "reviewed-item": ("reviewed_title", ()),
    "meeting-place": ("event_place", ((_CONFERENCE, None),)),
    "size": ("dimensions", ((frozenset(("graphic",)) | _FILMS, None),)),
    "remote-database-name": ("source", ()),
    "language": ("language", ()),
    "custom1": (
        None,
        ((_CONFERENCE, "publisher_place"), (frozenset(("map",)), "scale")),
    ),
    "custom3": (
        None,
        ((_CONFERENCE, "container_title"),),
    ),
    "custom5": (
        None,
        ((frozenset(("patent",)), "references"), (_FILMS | {"song"}, "medium")),
    ),
    "custom6": (None, ((frozenset(("patent",)), "status"),)),
    "custom7": (None, ((ARTICLES | _CONFERENCE, "number"),)),
}

ONLY_READ: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    "issue": (
        (_SERIAL_PARTS, "issue"),
        (frozenset(("chapter",)), "number_of_volumes"),
    ),
    "report-id": ((frozenset(("report",)), "number"),),
    "custom3": (
        (frozenset(("graphic",)) | _FILMS, "dimensions"),
        (frozenset(("patent",)), "publisher_place"),
    ),
    "custom4": ((_FILMS, "genre"),),
    "misc1": (
        (frozenset(("book",)), "collection_number"),
        (frozenset(("bill", "hearing", "legislation", "broadcast")), "number"),
        (frozenset(("software",)), "medium"),
        (frozenset(("patent",)), "call_number"),
    ),
    "misc2": (
        (frozenset(("interview", "graphic", "broadcast")), "medium"),
        (
            frozenset(
                (
                    "manuscript", "map", "report", "thesis", "post-weblog", "webpage", "post",
                    "personal_communication", "speech", "article",
                )
            ),
            "genre",
        ),
    ),
}  # fmt: skip
"""Places in which others write a field too, if it is not where it ought to be."""

_NAMES: dict[str, tuple[str | None, _Choices]] = {
    "authors": ("author", ((frozenset(("song",)), "composer"), (_FILMS, "director"))),
    "secondary-authors": (
        "editor",
        (
            (frozenset(("book", "report", "classic")), "collection_editor"),
            (frozenset(("personal_communication",)), "recipient"),
            (frozenset(("interview",)), "interviewer"),
            (frozenset(("song",)), "performer"),
            (_FILMS | {"bill", "patent", "speech", "legal_case"}, None),
        ),
    ),
    "tertiary-authors": (
        "collection_editor",
        (
            (frozenset(("book", "report", "classic")), "editor"),
            (_FILMS, "producer"),
            (frozenset(("bill", "patent", "legal_case", "thesis")), None),
        ),
    ),
    "subsidiary-authors": (
        "translator",
        ((_CONFERENCE, "contributor"), (_FILMS | {"legal_case", "patent"}, None)),
    ),
    "translated-authors": (None, ()),
}


def _choice(table: tuple[str | None, _Choices], kind: str) -> str | None:
    default, choices = table
    for kinds, field in choices:
        if kind in kinds:
            return field
    return default


def text_field(element: str, kind: str) -> str | None:
    """The field of plain text that an element is, for a CSL type; None where it is none."""
    table = _TEXTS.get(element)
    return _choice(table, kind) if table is not None else None


@lru_cache(maxsize=128)
def written_texts(kind: str) -> tuple[tuple[str, str], ...]:
    """The elements that are a field of plain text for a CSL type, with the fields, in order."""
    found = ((name, text_field(name, kind)) for name in ELEMENTS)
    return tuple((name, field) for name, field in found if field is not None)


def other_field(element: str, kind: str) -> str | None:
    """The field that an element may stand in for."""
    for kinds, field in ONLY_READ.get(element, ()):
        if kind in kinds:
            return field
    return None


def names_field(element: str, kind: str) -> str | None:
    """The field of names that an element of `contributors` is, for a CSL type."""
    return _choice(_NAMES[element], kind)


def series_title(kind: str) -> str:
    """The field that `secondary-title` is: what the work is in, or its series."""
    if kind in ("paper-conference", "speech"):
        return "event_title"
    return "collection_title" if kind in WHOLES else "container_title"


def is_proceedings(title: str) -> bool:
    """Whether what stands for the name of a conference is the title of its proceedings."""
    return _PROCEEDINGS.search(title) is not None
