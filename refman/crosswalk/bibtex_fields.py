"""BibTeX and biblatex fields, and the variables of a description they stand for.

Field names are those of `btxdoc` (Patashnik 1988), the biblatex manual (section 2.2) and, for
`doi`, `url`, `issn`, `abstract` and the like, the usage of publishers. What depends on the type
of entry is settled by the code that reads and writes; this is what does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refman.crosswalk.bibtex_dates import read_stated
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
    read_url,
    read_verbatim,
    write_keywords,
    write_many,
    write_number,
    write_pages,
    write_verbatim,
)
from refman.model import DATE_FIELDS, NAME_FIELDS, TEXT_FIELDS, Date
from refman.text.latex import decode, encode
from refman.text.names import parse_bibtex_names

FORMAT = "bibtex"
"""The name under which fields without a place are kept, biblatex's too: it is one syntax."""

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
    date, _ = read_stated(read_verbatim(raw))
    return Date(literal=decode(raw)) if date is not None and date.literal else date


Alias = tuple[str, tuple[str, ...], Reader]

JOURNAL: Alias = ("container_title", ("journal", "journaltitle", "booktitle"), decode)
BOOKTITLE: Alias = ("container_title", ("booktitle", "journal", "journaltitle"), decode)
ALIASES: tuple[Alias, ...] = (
    ("editor", ("editor", "editora"), parse_bibtex_names),
    ("container_title_short", ("shortjournal", "journal-iso", "abbrev_source_title"), decode),
    ("publisher_place", ("address", "location"), decode),
    ("keyword", ("keywords", "keyword"), read_keywords),
    ("language", ("language", "langid", "hyphenation"), read_language),
    ("number_of_pages", ("pagetotal", "numpages"), decode),
    ("annote", ("annote", "annotation"), _paragraphs),
    ("PMCID", ("pmcid", "pmc"), read_pmcid),
    ("license", ("license", "copyright", "rights"), decode),
    ("call_number", ("call-number", "library", "lccn"), decode),
    ("accessed", ("lastchecked", "lastaccessed"), _edtf),
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
UNDATED = "n.d."
"""What stands for a year that is not known, since the style `apalike` warns where there is none."""
UNWRITTEN = frozenset(("crossref", "xref", "xdata"))
"""What an entry inherited it now has itself; the reference would only point nowhere."""
_FIELDS_IN_ORDER = """
    author editor editora editoratype editorb editorbtype editorc editorctype bookauthor translator
    title shorttitle journal journaltitle journaltitleaddon booktitle shortjournal issuetitle
    type howpublished year month day date volume number issue eid pages chapter edition version part
    series seriesnumber volumes pagetotal publisher school institution organization address location
    eventtitle venue eventdate origtitle origdate origpublisher origlocation pubstate note doi
    isbn issn eprint eprinttype archiveprefix pmid pmcid url urldate language langid keywords
    abstract annote annotation updates relations
"""
ORDER = {name: number for number, name in enumerate(_FIELDS_IN_ORDER.split())}

ROLES = {"compiler": "compiler", "director": "director", "organizer": "organizer"}
"""biblatex's values of `editortype` for whom CSL has a variable of its own."""

Writer = Callable[..., str]

_WRITERS: dict[str, tuple[str, Writer]] = {
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
    "license": ("license", encode),
    "call_number": ("call-number", encode),
}

_BY_TYPE = frozenset(
    (
        "type", "title", "container_title", "collection_number", "issue", "number", "publisher",
        "genre", "arXiv", "issued", "editor",
    )
)  # fmt: skip
_ELSEWHERE = {"references": "csl-references"}
"""Names that other programs use for something else."""
_HOMELESS = (
    (TEXT_FIELDS | NAME_FIELDS | DATE_FIELDS)
    - _WRITERS.keys() - set(NAMES.values()) - set(DATES.values()) - _BY_TYPE
)  # fmt: skip
OWN = {_ELSEWHERE.get(name, name.replace("_", "-")): name for name in sorted(_HOMELESS)}
"""CSL's own names for what neither BibTeX nor biblatex has a field for."""

WRITERS: dict[str, tuple[str, Writer]] = {
    **_WRITERS,
    **{variable: (name, encode) for name, variable in OWN.items() if variable in TEXT_FIELDS},
}
"""Variables that are always written the same way, but for the choice between TeX and Unicode."""
NAME_OF = {variable: name for name, variable in NAMES.items()} | {
    variable: name for name, variable in OWN.items() if variable in NAME_FIELDS
} | {"editor": "editor"}  # fmt: skip
"""The fields of people."""
DATE_OF = {variable: name for name, variable in DATES.items()} | {
    variable: name for name, variable in OWN.items() if variable in DATE_FIELDS
}  # fmt: skip
"""The fields of dates other than that of publication."""
DATE_NAMES = frozenset(DATE_OF.values())

_SPECIAL = {
    "title": "title", "container_title": "journal journaltitle booktitle howpublished",
    "issued": "year month day date", "issue": "number issue", "number": "eid",
    "collection_number": "seriesnumber", "genre": "type",
    "publisher": "publisher institution organization school",
    "arXiv": "eprint eprinttype archiveprefix", "editor": "editor editora",
    "publisher_place": "location", "annote": "annotation", "language": "langid",
    "call_number": "library", "volume_title": "issuetitle", "updates": "updates",
    "relations": "relations",
}  # fmt: skip
VARIABLE_OF = {
    **{name: variable for variable, (name, _) in WRITERS.items()},
    **{name: variable for table in (NAME_OF, DATE_OF) for variable, name in table.items()},
    **{name: variable for variable, names in _SPECIAL.items() for name in names.split()},
}
"""The variable that each field is most likely written for, in either dialect."""


def _own_reader(variable: str) -> Reader:
    if variable in NAME_FIELDS:
        return parse_bibtex_names
    return _edtf if variable in DATE_FIELDS else decode


READERS: dict[str, tuple[str, Reader]] = {
    **{name: (variable, decode) for name, variable in PLAIN.items()},
    **{name: (variable, parse_bibtex_names) for name, variable in NAMES.items()},
    **{name: (variable, _edtf) for name, variable in DATES.items()},
    **{name: (variable, _own_reader(variable)) for name, variable in OWN.items()},
    "volume": ("volume", read_number),
    "pages": ("page", read_pages),
    "doi": ("DOI", read_doi),
    "isbn": ("ISBN", read_isbns),
    "issn": ("ISSN", read_issns),
    "url": ("URL", read_url),
    "pmid": ("PMID", read_pmid),
    "pubmedid": ("PMID", read_pmid),
    "pubmed_id": ("PMID", read_pmid),
    "issuetitle": ("volume_title", decode),
    "abstract": ("abstract", _paragraphs),
}
"""Fields that are always read the same way."""


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
