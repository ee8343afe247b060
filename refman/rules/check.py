"""What is missing, malformed, doubtful or retracted in a description.

A finding is advice: nothing is changed by it. The fields that a type is expected to have are
those without which no style can form its reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from refman.model import NAME_FIELDS, Description, stated
from refman.model.identifier import (
    doi_key,
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_orcid,
    parse_pmcid,
    parse_pmid,
)
from refman.rules.standing import CORRECTIONS
from refman.text.mojibake import repair_mojibake
from refman.text.titles import is_all_caps, recase


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The reference is wrong, or should not be cited as it stands."""
    WARNING = "warning"
    """The reference is not complete, or probably wrong."""
    INFO = "info"
    """Worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `code` is stable, for filters: `missing`, `malformed`, `year`, …"""

    field: str
    code: str
    message: str
    severity: Severity
    fix: Any = None
    """The value that the field should have, where it is safe to say; None otherwise."""
    advice: str = ""
    """What can be done about it, where that is not plain from the message."""


_REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    # Each entry is a choice: one of its fields is enough.
    "article-journal": (("author", "editor"), ("container_title",), ("issued",)),
    "article-magazine": (("container_title",), ("issued",)),
    "article-newspaper": (("container_title",), ("issued",)),
    "article": (("author",), ("issued",)),
    "book": (("author", "editor"), ("publisher",), ("issued",)),
    "chapter": (("author",), ("container_title",), ("issued",)),
    "entry-encyclopedia": (("container_title",), ("issued",)),
    "paper-conference": (("author",), ("container_title", "event_title"), ("issued",)),
    "report": (("author",), ("publisher",), ("issued",)),
    "thesis": (("author",), ("publisher",), ("issued",)),
    "dataset": (("author",), ("publisher",), ("issued",)),
    "webpage": (("URL",),),
}
_IDENTIFIERS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "DOI": ("DOI", parse_doi),
    "PMID": ("PubMed number", parse_pmid),
    "PMCID": ("PubMed Central number", parse_pmcid),
    "arXiv": ("arXiv number", parse_arxiv),
}
_UPDATES = {
    "retraction": (Severity.ERROR, "was retracted"),
    "withdrawal": (Severity.ERROR, "was withdrawn"),
    "removal": (Severity.ERROR, "was removed"),
    "partial_retraction": (Severity.ERROR, "was retracted in part"),
    "expression_of_concern": (Severity.WARNING, "came under an expression of concern"),
}
_TELL = "leave it out, or say so where it is cited"
_SUCCESSORS = {
    "is-preprint-of": ("published", "the preprint was published as {}"),
    "is-replaced-by": ("replaced", "the work was replaced by {}"),
}
_SAID = {
    "container_title": "the title of what it is in",
    "event_title": "a meeting",
    "issued": "a year",
    "author": "an author",
    "editor": "an editor",
    "publisher": "a publisher",
    "URL": "a URL",
}
_CONTAINERS = {
    "article-journal": "a journal",
    "article-magazine": "a magazine",
    "article-newspaper": "a newspaper",
    "chapter": "the title of its book",
    "paper-conference": "the title of its proceedings",
    "entry-encyclopedia": "the title of its encyclopedia",
}
_PUBLISHERS = {"thesis": "a university", "report": "an institution"}
_FIRST_YEAR = 1400
_SHOWN = 60
_COMMAS_IN_A_NAME = 2
_MONTHS = 12
_PAGES = re.compile(r"(\d{1,9})-(\d{1,9})")
_ET_AL = re.compile(r"(?:and )?(?:others|et al\.?)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,8}")
"""A tag of BCP 47, with `_` as programs write it, too."""
_NO_NAME = re.compile(r"(?<![A-Za-z\d])\d{3}|https?://|@\w")
_ORGANISATION = re.compile(r"[^\W\d_]{3,}\W+[^\W\d_]{3,}|[^\W\d_]{2,} \d{4} [^\W\d_]{3,}")
"""Two words at least, among which a number may stand: `TUG 2005 conference`."""
_UNPUBLISHED = re.compile(
    r"(?:in|under) (?:press|review|preparation|prep|print)|submitted|forthcoming|to appear|"
    r"accepted|n\.? ?d\.?|no date|undated|im (?:druck|erscheinen)|à paraître|en prensa",
    re.IGNORECASE,
)
"""What stands for a date that there is not yet."""
_TAKEN_BACK = re.compile(
    r"\W{0,2}(?P<word>retracted|withdrawn|removed)(?: (?:article|paper|chapter))?\W{0,2}:|"
    r".{8,}[\[(](?P<end>retracted|withdrawn)\b[^\])]{0,80}[\])]\.?$",
    re.IGNORECASE,
)
_ISBN_LIKE = re.compile(r"[\dXx][\dXx -]{8,16}[\dXx]")


def expected(type_: str | None) -> tuple[tuple[str, ...], ...]:
    """What a work of a type should have: choices of fields, of each of which one is enough."""
    return _REQUIRED.get(type_ or "", ())


def problems(description: Description, this_year: int | None = None) -> Iterator[Finding]:
    """What is to be looked at in a description, the gravest kind first.

    `this_year` is what dates are judged by; without it the clock is asked.
    """
    yield from _notices(description)
    yield from _taken_back(description)
    yield from _successors(description)
    yield from _missing(description)
    yield from _malformed(description)
    yield from _year(description, this_year or datetime.now(UTC).year)
    yield from _capitals(description)
    yield from _damaged(description)
    yield from _pages(description)
    yield from _names(description)
    yield from _language(description)
    yield from _address(description)


def _capitals(description: Description) -> Iterator[Finding]:
    title = description.title
    if title and is_all_caps(title):
        evidence = [text for text in (description.abstract, description.container_title) if text]
        better = recase(title, evidence, description.language).text
        message = "the title is all in capitals"
        advice = f"write {_cut(better)!r}" if better != title else ""
        yield Finding("title", "capitals", message, Severity.INFO, better, advice)


def _damaged(description: Description) -> Iterator[Finding]:
    """Letters that a wrong encoding has spoilt."""
    for name, value in stated(description):
        texts = [value] if isinstance(value, str) else []
        if name in NAME_FIELDS:
            texts = [name_.display for name_ in value]
        for text in texts:
            repaired = repair_mojibake(text)
            if repaired != text:
                message = f"{_cut(text)!r} was read in a wrong encoding"
                fix = repaired if isinstance(value, str) else None
                advice = f"write {_cut(repaired)!r}"
                yield Finding(name, "encoding", message, Severity.WARNING, fix, advice)
            elif "\ufffd" in text:
                message = f"{_cut(text)!r} has lost letters to a wrong encoding"
                yield Finding(name, "encoding", message, Severity.WARNING)


def _pages(description: Description) -> Iterator[Finding]:
    match = _PAGES.fullmatch(description.page or "")
    if match is None:
        return
    first, last = match.groups()
    if len(first) == len(last) and int(last) < int(first):
        message = f"the pages {description.page} go backwards"
        yield Finding("page", "pages", message, Severity.WARNING)


def _names(description: Description) -> Iterator[Finding]:
    for field in ("author", "editor"):
        for name in getattr(description, field):
            shown = name.display
            if _ET_AL.fullmatch(shown):
                message = f"{shown!r} stands for people who are not named"
                yield Finding(field, "names", message, Severity.INFO)
            elif _NO_NAME.search(shown) and not (name.literal and _ORGANISATION.search(shown)):
                message = f"{_cut(shown)!r} looks like no name"
                yield Finding(field, "names", message, Severity.WARNING)
            elif name.literal and name.literal.count(",") > _COMMAS_IN_A_NAME:
                message = f"{_cut(shown)!r} is read as one name"
                advice = (
                    "take off the inner braces"
                    if " and " in name.literal
                    else "put `and` between the names, not a comma"
                )
                yield Finding(field, "names", message, Severity.WARNING, None, advice)


def _language(description: Description) -> Iterator[Finding]:
    """A language that is given by its name, which styles do not know."""
    language = description.language
    if language and not _LANGUAGE.fullmatch(language):
        message = f"{_cut(language)!r} is no language code such as en, id or pt-BR"
        yield Finding("language", "language", message, Severity.INFO)


def _address(description: Description) -> Iterator[Finding]:
    """An address that is another DOI's."""
    url, doi = description.URL or "", description.DOI
    if doi and "doi.org/" in url:
        other = parse_doi(url)
        if other is not None and doi_key(other) != doi_key(doi):
            message = f"the address {_cut(url)} is that of another DOI than {doi}"
            advice = f"write https://doi.org/{doi}"
            yield Finding("URL", "address", message, Severity.WARNING, None, advice)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _notices(description: Description) -> Iterator[Finding]:
    found: dict[str, Finding] = {}
    for update in description.updates:
        severity, words = _UPDATES.get(update.type, (Severity.INFO, ""))
        if update.type in CORRECTIONS:
            words = "has a correction"
        if not words:
            continue
        when = f" on {update.date.edtf}" if update.date is not None else ""
        notice = f" (notice {update.DOI})" if update.DOI else ""
        message = f"the work {words}{when}{notice}"
        advice = _TELL if severity is Severity.ERROR else ""
        finding = Finding("updates", update.type, message, severity, None, advice)
        # The publisher and Retraction Watch often report one event each in their own way.
        found.setdefault(words, finding)
    yield from sorted(found.values(), key=lambda finding: list(Severity).index(finding.severity))


def _taken_back(description: Description) -> Iterator[Finding]:
    """Where only the title says so."""
    match = _TAKEN_BACK.match(description.title or "")
    if match is None or any(update.type in _UPDATES for update in description.updates):
        return
    word = (match["word"] or match["end"]).lower()
    code = {"retracted": "retraction", "withdrawn": "withdrawal", "removed": "removal"}[word]
    message = f"the work was {word}, as its title says"
    yield Finding("title", code, message, Severity.ERROR, None, _TELL)


def _successors(description: Description) -> Iterator[Finding]:
    """Where there is a later work that readers should be sent to."""
    seen: set[str] = set()
    for relation in description.relations:
        code, words = _SUCCESSORS.get(relation.type, ("", ""))
        target = relation.id.lower()
        if not code or target in seen or target == (description.DOI or "").lower():
            continue
        seen.add(target)
        known = parse_doi(relation.id) if relation.id_type == "doi" else None
        name = known or f"{relation.id_type} {relation.id}"
        advice = f"cite {name}, if it says the same"
        yield Finding("relations", code, words.format(name), Severity.INFO, None, advice)


def _missing(description: Description) -> Iterator[Finding]:
    doi = description.DOI if parse_doi(description.DOI or "") else None
    advice = f"`refman lookup {doi}` may tell it" if doi else ""
    if not description.title:
        yield Finding("title", "missing", "there is no title", Severity.ERROR, None, advice)
    for choice in _REQUIRED.get(description.type or "", ()):
        if not any(getattr(description, name) for name in choice):
            names = " or ".join(_said(name, description.type) for name in choice)
            message = f"a work of type {description.type} should have {names}"
            yield Finding(choice[0], "missing", message, Severity.WARNING, None, advice)
    if description.type is None:
        yield Finding("type", "missing", "the type is not known", Severity.WARNING, None, advice)


def _said(field: str, type_: str | None) -> str:
    """A field as people call it."""
    named = {"container_title": _CONTAINERS, "publisher": _PUBLISHERS}.get(field, {})
    return named.get(type_ or "") or _SAID.get(field, field.replace("_", "-"))


def _malformed(description: Description) -> Iterator[Finding]:
    for name, (label, parse) in _IDENTIFIERS.items():
        value: str | None = getattr(description, name)
        if value and (normal := parse(value)) != value:
            yield _bad(name, f"{value!r} is no {label} in its normal form", normal)
    for issn in description.ISSN:
        if parse_issn(issn) is None:
            yield _bad("ISSN", f"the ISSN {issn} has a wrong check digit or length")
    for isbn in description.ISBN:
        yield from _isbn(isbn)
    for name in NAME_FIELDS:
        for person in getattr(description, name):
            if person.ORCID and parse_orcid(person.ORCID) is None:
                yield _bad(name, f"the ORCID {person.ORCID} of {person.display} is wrong")


def _isbn(text: str) -> Iterator[Finding]:
    if parse_isbn(text) is not None:
        return
    inside = [match for match in _ISBN_LIKE.findall(text) if parse_isbn(match.strip())]
    if parse_issn(text) is not None:
        message = f"{text} is an ISSN, not an ISBN"
        advice = "move it to the field for ISSNs"
        yield Finding("ISBN", "malformed", message, Severity.WARNING, None, advice)
    elif len(inside) == 1:
        message = f"{_cut(text)!r} is an ISBN and something else"
        advice = f"write {inside[0].strip()}"
        yield Finding("ISBN", "malformed", message, Severity.INFO, None, advice)
    else:
        yield _bad("ISBN", f"the ISBN {_cut(text)} has a wrong check digit or length")


def _bad(field: str, message: str, fix: str | None = None) -> Finding:
    advice = f"write {fix}" if fix else "compare it with the work's own page"
    return Finding(field, "malformed", message, Severity.ERROR, fix, advice)


def _year(description: Description, this_year: int) -> Iterator[Finding]:
    date = description.issued
    if date is None:
        return
    if date.year is None:
        if not _UNPUBLISHED.fullmatch(date.edtf.strip()):
            message = f"the date {date.edtf!r} could not be read"
            yield Finding("issued", "year", message, Severity.INFO)
    elif not _FIRST_YEAR <= date.year <= this_year + 1:
        yield Finding("issued", "year", f"the year {date.year} is unlikely", Severity.WARNING)
    month = next((extra.value for extra in description.extra if extra.name == "month"), "")
    if month.isdecimal() and not 1 <= int(month) <= _MONTHS:
        yield Finding("issued", "year", f"there is no month {month}", Severity.WARNING)
