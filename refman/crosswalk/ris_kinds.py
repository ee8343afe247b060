"""What each RIS tag is, by the type of the work: one table, read both ways.

RIS gives a tag several meanings, and the type decides which. The base is the list of tags that
came with EndNote (2011) and the older one of Reference Manager (2001); where the two are at odds,
and for types that neither has, it is what Zotero reads, so that the programs agree. Types and
fields are CSL's.

A line of the table is a tag, the field that it is in general (`-` for none), and after it fields
with the types that have it otherwise. Of two tags for a field the first one comes first in
reading, and is the one that is written unless it is in `_ONLY_READ`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

FORMAT = "ris"
"""The format of what is kept in `extra`."""

ARTICLES = frozenset(
    (
        "article", "article-journal", "article-magazine", "article-newspaper", "review",
        "review-book",
    )
)  # fmt: skip
"""`C7` is the article's number, `C2` its PMCID, `ET` the day it was out online."""

PERIODICALS = frozenset(("article-journal", "article-magazine", "article-newspaper"))
"""`JF` is written beside `T2`, for readers that know of periodicals only by that."""

WHOLES = frozenset(
    (
        "book", "thesis", "report", "map", "software", "standard", "motion_picture", "song",
        "periodical", "pamphlet", "patent", "musical_score", "classic",
    )
)  # fmt: skip
"""Works that are in nothing: `T2` is their series, and `BT` their own title."""

COUNTED = frozenset(("book", "thesis", "manuscript", "pamphlet", "classic"))
"""`SP` is the number of their pages, unless there is an `EP`."""

TIMED = frozenset(("motion_picture",))
"""`SP` is their running time, unless there is an `EP`."""

NUMBERED = frozenset(("report", "patent", "standard"))
"""`SN` is their number, where it is no ISBN or ISSN."""

CONFERENCE = "paper-conference"
"""`T2`, `C3` and `CP` share its proceedings and its conference, `CY` and `C1` the places."""

WEBPAGE = "webpage"
"""EndNote has the date of access under `M1`, its year under `VL`."""

_WHOLES = " ".join(sorted(WHOLES))
_PERIODICALS = " ".join(sorted(PERIODICALS))
_ARTICLES = " ".join(sorted(ARTICLES))
_TABLE = f"""
TI title
T1 title
CT title
BT container_title        title: {_WHOLES}
ST title_short
CP event_title
RI reviewed_title
AU author
A1 author
A2 editor                 collection_editor: book classic report standard map software;
                          author: bill speech; performer: song; interviewer: interview;
                          recipient: personal_communication; container_title: legal_case;
                          authority: patent
ED editor
A3 collection_editor      editor: book classic; contributor: thesis bill;
                          producer: motion_picture broadcast; -: report
A4 translator             contributor: legal_case paper-conference motion_picture dataset
T2 container_title        collection_title: {_WHOLES}; event_title: speech; section: hearing;
                          -: paper-conference
T3 collection_title       authority: hearing bill
C1 -                      submitted: patent; scale: map; publisher_place: paper-conference;
                          section: chapter
C2 -                      container_author: chapter
C3 -                      dimensions: graphic figure map
C4 -                      genre: motion_picture
C5 -                      references: patent; medium: song motion_picture broadcast
C6 -                      status: patent
VL volume                 -: patent webpage
ET edition                chapter_number: bill hearing legislation; version: software dataset;
                          -: article article-journal article-magazine review review-book
IS issue                  number_of_volumes: chapter; version: dataset; -: patent
NV number_of_volumes      collection_number: report
SV -                      collection_number: chapter; number: legal_case
OP -                      references: hearing legislation bill legal_case; issue: patent
SE section                chapter_number: chapter;
                          -: article article-journal article-magazine review review-book legal_case
M3 genre                  medium: interview graphic figure broadcast
PB publisher              authority: legal_case
PU publisher              authority: legal_case
CY publisher_place        -: paper-conference
PI publisher_place
C7 -                      number: {_ARTICLES} paper-conference
M1 number                 collection_number: book classic; medium: software; call_number: patent;
                          number_of_volumes: chapter; issue: {_PERIODICALS} paper-conference;
                          -: article review review-book webpage
LA language
CN call_number
DP source
DB archive
AN archive_location
AV archive_location
CR license
RN annote
"""
_ONLY_READ = frozenset(("T1", "CT", "BT", "A1", "PU", "PI", "AV"))

TagTable = Mapping[str, str]
"""Tag → field, in the order of reading."""


def _parsed(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Tag → its field in general, and type → field where it is another one."""
    table: dict[str, tuple[str, dict[str, str]]] = {}
    for line in text.replace("\n  ", " ").strip().split("\n"):
        tag, field, *rest = line.split(maxsplit=2)
        by_type: dict[str, str] = {}
        for clause in "".join(rest).split(";"):
            other, _, types = clause.partition(":")
            by_type |= dict.fromkeys(types.split(), other.strip())
        table[tag] = (field, by_type)
    return table


_PARSED = _parsed(_TABLE)


@lru_cache(maxsize=128)
def fields_by_tag(kind: str) -> TagTable:
    """The tags of a CSL type that are one field each."""
    table = {tag: by_type.get(kind, field) for tag, (field, by_type) in _PARSED.items()}
    return MappingProxyType({tag: field for tag, field in table.items() if field != "-"})


@lru_cache(maxsize=128)
def tags_by_field(kind: str) -> Mapping[str, str]:
    """The tag that each field of a CSL type is written under."""
    tags: dict[str, str] = {}
    for tag, field in fields_by_tag(kind).items():
        if tag not in _ONLY_READ:
            tags.setdefault(field, tag)
    return MappingProxyType(tags)
