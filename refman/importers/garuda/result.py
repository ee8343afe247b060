"""One Garuda result as it was found on the page, and the record that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from refman.importers.garuda.authors import Authors, read_authors
from refman.importers.garuda.heading import Heading, read_heading
from refman.importers.garuda.keywords import split_keywords
from refman.importers.garuda.source_line import SourceLine, read_source_line
from refman.importers.garuda.wrapping import paragraphs
from refman.model import Date, Description, Extra, Name, Origin, OriginKind, Record
from refman.model.identifier import parse_doi
from refman.ports import ImportOptions, Problem
from refman.text.language import guess_language
from refman.text.markup import plain_abstract, plain_text
from refman.text.titles import clean_inline, recase

__all__ = ["FORMAT", "Result", "read_result"]

FORMAT = "garuda"
_LONGEST_TITLE = 5_000
_LONGEST_ABSTRACT = 500_000
_LONGEST_RAW = 2_000
_NO_DOI = re.compile(r"[\s\-–—.]*")


@dataclass(slots=True)
class Result:
    """The pieces of one result. `authors` is empty where they may stand in `title`."""

    line: int = 1
    title: str = ""
    authors: list[str] = field(default_factory=list)
    glued: bool = False
    """Whether the title may have the authors at its end."""
    source: str = ""
    publisher: str = ""
    doi: str = ""
    abstract: str = ""
    issued: Date | None = None
    url: str = ""
    links: dict[str, str] = field(default_factory=dict)
    """The addresses behind the other buttons by name: `pdf`, `download`, `detail`."""
    page_names: tuple[str, ...] = ()
    """Names that stand on the page above the results, as an author's page has."""

    @property
    def raw(self) -> str:
        """The head of the result as text, for a problem to show."""
        lines = [self.title, "; ".join(self.authors), self.source, self.publisher, self.doi]
        return "\n".join(line for line in lines if line)[:_LONGEST_RAW]


def read_result(result: Result, file: str, options: ImportOptions) -> Iterator[Record | Problem]:
    """The record of a result, with a problem after it where it could not be read whole."""
    reasons: list[str] = []
    heading = _heading(result, reasons)
    authors = read_authors(heading.authors)
    source = read_source_line(result.source) if result.source else SourceLine()
    doi, doi_extra = _doi(result, reasons)
    title = clean_inline(heading.title[:_LONGEST_TITLE])
    if not title and not doi and not authors.names:
        yield Problem(reason="a result without a title", line=result.line, raw=result.raw)
        return
    _note_gaps(title, heading, authors, source, reasons)
    abstract, keywords = split_keywords(
        plain_abstract(paragraphs(result.abstract[:_LONGEST_ABSTRACT]))
    )
    evidence = [result.abstract[:_LONGEST_ABSTRACT], source.container_title or ""]
    evidence += [source.issue_title or "", "; ".join(keywords)]
    language = guess_language(f"{title.lower()} {abstract}") or _language_of_title(title)
    recased = recase(title, evidence, language if not abstract else None)
    shown = recased.text if options.recase_titles else title
    description = Description(
        type="paper-conference" if source.is_proceedings else "article-journal",
        title=shown or None,
        author=tuple(_tidy_name(name) for name in authors.names),
        container_title=_text(source.container_title),
        issued=result.issued or source.issued,
        volume=source.volume,
        issue=source.issue,
        publisher=_text(result.publisher),
        DOI=doi,
        URL=_url(result.url),
        abstract=abstract or None,
        keyword=keywords,
        language=language,
        extra=tuple(_extra(result, source, doi_extra)),
    )
    yield Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{file}:{result.line}"),
        guessed=_guessed(result, heading, authors, source, description, shown != title),
        verbatim=_verbatim(result, heading, authors, description),
    )
    if reasons:
        yield Problem(reason="; ".join(reasons), line=result.line, raw=result.raw, partial=True)


def _heading(result: Result, reasons: list[str]) -> Heading:
    if not result.glued:
        return Heading(result.title, list(result.authors), guessed=False)
    heading = read_heading(result.title, result.abstract, result.page_names)
    if heading.doubt:
        reasons.append(heading.doubt)
    return heading


def _note_gaps(
    title: str, heading: Heading, authors: Authors, source: SourceLine, reasons: list[str]
) -> None:
    if not title:
        reasons.append("it has no title")
    if not authors.names and not heading.doubt:
        reasons.append("it names no author")
    if source.container_title is None:
        reasons.append("it names no journal")


def _language_of_title(title: str) -> str | None:
    """A bilingual abstract says nothing of the language; the title's small words then may."""
    return guess_language(title, enough=2)


def _doi(result: Result, reasons: list[str]) -> tuple[str | None, str | None]:
    """The DOI, and what stood in its place where it is none."""
    raw = plain_text(result.doi)
    if not raw or _NO_DOI.fullmatch(raw):
        return None, None
    doi = parse_doi("".join(raw.split()))
    if doi is None:
        reasons.append(f"{raw[:100]!r} is no DOI")
        return None, raw
    return doi, None


def _extra(result: Result, source: SourceLine, doi: str | None) -> Iterator[Extra]:
    if source.issue_title:
        yield Extra(FORMAT, "issue_title", plain_text(source.issue_title))
    if source.rest:
        yield Extra(FORMAT, "source", plain_text(source.rest))
    if doi:
        yield Extra(FORMAT, "DOI", doi)
    for name, address in sorted(result.links.items()):
        if url := _url(address):
            yield Extra(FORMAT, name, url)


def _guessed(
    result: Result,
    heading: Heading,
    authors: Authors,
    source: SourceLine,
    description: Description,
    recased: bool,
) -> frozenset[str]:
    guessed: set[str] = set()
    if not result.issued:
        guessed |= source.guessed
    if recased or heading.guessed:
        guessed.add("title")
    if authors.guessed or heading.guessed:
        guessed.add("author")
    if description.type == "paper-conference":
        guessed.add("type")
    if description.language:
        guessed.add("language")
    if description.DOI and description.DOI not in result.doi:
        guessed.add("DOI")
    stated = {
        "title": description.title,
        "author": description.author,
        "issued": description.issued,
    }
    return frozenset(name for name in guessed if stated.get(name, True))


def _verbatim(
    result: Result, heading: Heading, authors: Authors, description: Description
) -> tuple[tuple[str, str], ...]:
    kept = []
    if heading.title != (description.title or ""):
        kept.append(("title", heading.title))
    given = "; ".join(plain_text(text) for text in heading.authors)
    if authors.guessed and given and given != "; ".join(name.inverted for name in authors.names):
        kept.append(("author", given))
    if description.DOI and description.DOI not in result.doi:
        kept.append(("DOI", plain_text(result.doi)))
    return tuple(kept)


def _text(value: str | None) -> str | None:
    return (plain_text(value) or None) if value else None


def _tidy_name(name: Name) -> Name:
    return replace(
        name, family=_text(name.family), given=_text(name.given), literal=_text(name.literal)
    )


def _url(address: str) -> str | None:
    """An address of the web, with its blanks and quotes escaped; None for anything else."""
    address = plain_text(address)[:4_000]
    if not re.match(r"https?://[^\s/]", address, re.IGNORECASE):
        return None
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~")
