"""BibTeX and biblatex fields, and the variables of a description they stand for.

Field names are those of `btxdoc` (Patashnik 1988), the biblatex manual (section 2.2) and, for
`doi`, `url`, `issn`, `abstract` and the like, the usage of publishers. What depends on the type
of entry is settled by the code that reads and writes; this is what does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refman.crosswalk.bibtex_values import (
    read_doi,
    read_isbns,
    read_issns,
    read_keywords,
    read_language,
    read_number,
    read_pages,
    read_pmcid,
    read_pmid,
    read_verbatim,
    write_keywords,
    write_many,
    write_number,
    write_pages,
    write_verbatim,
)
from refman.model import Date
from refman.text.latex import decode, encode
from refman.text.names import parse_bibtex_names

FORMAT = "bibtex"
"""The name under which fields without a place are kept."""

PLAIN = {
    "shorttitle": "title_short",
    "series": "collection_title",
    "chapter": "chapter_number",
    "edition": "edition",
    "volumes": "number_of_volumes",
    "part": "part_number",
    "version": "version",
    "pubstate": "status",
    "note": "note",
    "eventtitle": "event_title",
    "venue": "event_place",
    "origtitle": "original_title",
    "origpublisher": "original_publisher",
    "origlocation": "original_publisher_place",
}
"""LaTeX text on the one side, plain text on the other."""
NAMES = {
    "author": "author",
    "translator": "translator",
    "bookauthor": "container_author",
}
DATES = {
    "urldate": "accessed",
    "eventdate": "event_date",
    "origdate": "original_date",
}
"""EDTF."""

Reader = Callable[[str], Any]


def _paragraphs(raw: str) -> str:
    return decode(raw, paragraphs=True)


def _edtf(raw: str) -> Date | None:
    date = Date.parse(read_verbatim(raw))
    return Date(literal=decode(raw)) if date is not None and date.literal else date


READERS: dict[str, tuple[str, Reader]] = {
    **{name: (variable, decode) for name, variable in PLAIN.items()},
    **{name: (variable, parse_bibtex_names) for name, variable in NAMES.items()},
    **{name: (variable, _edtf) for name, variable in DATES.items()},
    "volume": ("volume", read_number),
    "pages": ("page", read_pages),
    "doi": ("DOI", read_doi),
    "isbn": ("ISBN", read_isbns),
    "issn": ("ISSN", read_issns),
    "url": ("URL", read_verbatim),
    "pmid": ("PMID", read_pmid),
    "abstract": ("abstract", _paragraphs),
}
"""Fields that are always read the same way."""

Alias = tuple[str, tuple[str, ...], Reader]

JOURNAL: Alias = ("container_title", ("journal", "journaltitle", "booktitle"), decode)
BOOKTITLE: Alias = ("container_title", ("booktitle", "journal", "journaltitle"), decode)
ALIASES: tuple[Alias, ...] = (
    ("editor", ("editor", "editora"), parse_bibtex_names),
    ("container_title_short", ("shortjournal", "journal-iso"), decode),
    ("publisher_place", ("address", "location"), decode),
    ("keyword", ("keywords", "keyword"), read_keywords),
    ("language", ("language", "langid"), read_language),
    ("number_of_pages", ("pagetotal", "numpages"), decode),
    ("annote", ("annote", "annotation"), _paragraphs),
    ("PMCID", ("pmcid", "pmc"), read_pmcid),
)
"""Variables that have several field names; the first that is there is taken."""

ARTICLES = frozenset(("article-journal", "article-magazine", "article-newspaper", "review",
                       "review-book", "periodical"))  # fmt: skip
IN_BOOKS = frozenset(("chapter", "paper-conference", "entry", "entry-dictionary",
                       "entry-encyclopedia", "book"))  # fmt: skip
PUBLISHERS = {
    "thesis": ("school", "institution", "publisher", "organization"),
    "report": ("institution", "organization", "publisher", "school"),
}
ANY_PUBLISHER = ("publisher", "institution", "organization", "school")
UNWRITTEN = frozenset(("crossref", "xref", "xdata"))
"""What an entry inherited it now has itself; the reference would only point nowhere."""
_FIELDS_IN_ORDER = """
    author editor editora bookauthor translator title shorttitle journal booktitle shortjournal
    type howpublished year month day date volume number issue eid pages chapter edition version part
    series seriesnumber volumes pagetotal publisher school institution organization address
    eventtitle venue eventdate origtitle origdate origpublisher origlocation pubstate note doi
    isbn issn eprint archiveprefix pmid pmcid url urldate language keywords abstract annote
    updates relations
"""
ORDER = {name: number for number, name in enumerate(_FIELDS_IN_ORDER.split())}

Writer = Callable[..., str]

WRITERS: dict[str, tuple[str, Writer]] = {
    **{variable: (name, encode) for name, variable in PLAIN.items()},
    "container_title_short": ("shortjournal", encode),
    "volume": ("volume", write_number),
    "page": ("pages", write_pages),
    "publisher_place": ("address", encode),
    "language": ("language", encode),
    "number_of_pages": ("pagetotal", encode),
    "annote": ("annote", encode),
    "abstract": ("abstract", encode),
    "keyword": ("keywords", write_keywords),
    "DOI": ("doi", write_verbatim),
    "URL": ("url", write_verbatim),
    "PMID": ("pmid", write_verbatim),
    "PMCID": ("pmcid", write_verbatim),
    "ISBN": ("isbn", write_many),
    "ISSN": ("issn", write_many),
}
"""Variables that are always written the same way, but for the choice between TeX and Unicode."""


def summary(fields: Mapping[str, str]) -> str:
    """What an `@misc` appeared in, as `howpublished`, since styles print no journal for it.

    `fields` are as the file has them, without outer braces. The text is ours alone, so it is
    known again, and dropped, when the entry comes back.
    """
    where = fields.get("journal") or fields.get("booktitle")
    if not where:
        return _address(fields)
    text = where
    if "volume" in fields:
        text += f", {fields['volume']}"
    if "number" in fields and "journal" in fields:
        text += f"({fields['number']})"
    if "pages" in fields:
        text += f":{fields['pages']}" if "volume" in fields else f", {fields['pages']}"
    return text


def _address(fields: Mapping[str, str]) -> str:
    """Where an entry is found of which nothing else is known that styles print."""
    if any(name in fields for name in ("author", "title", "year", "note")):
        return ""
    if "doi" in fields:
        return f"doi:{encode(fields['doi'])}"
    return encode(fields.get("url", ""))
