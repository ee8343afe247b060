"""What is missing, malformed, doubtful or retracted in a description.

A finding is advice: nothing is changed by it. The fields that a type is expected to have are
those without which no style can form its reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from refman.model import Description
from refman.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_orcid,
    parse_pmcid,
    parse_pmid,
)
from refman.rules.standing import CORRECTIONS
from refman.text.titles import is_all_caps


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
_SUCCESSORS = {
    "is-preprint-of": ("published", "the preprint was published as {}"),
    "is-replaced-by": ("replaced", "the work was replaced by {}"),
}
_FIRST_YEAR = 1400


def problems(description: Description, this_year: int | None = None) -> Iterator[Finding]:
    """What is to be looked at in a description, the gravest kind first.

    `this_year` is what dates are judged by; without it the clock is asked.
    """
    yield from _notices(description)
    yield from _successors(description)
    yield from _missing(description)
    yield from _malformed(description)
    yield from _year(description, this_year or datetime.now(UTC).year)
    if description.title and is_all_caps(description.title):
        yield Finding("title", "capitals", "the title is all in capitals", Severity.INFO)


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
        finding = Finding("updates", update.type, f"the work {words}{when}{notice}", severity)
        # The publisher and Retraction Watch often report one event each in their own way.
        found.setdefault(words, finding)
    yield from sorted(found.values(), key=lambda finding: list(Severity).index(finding.severity))


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
        yield Finding("relations", code, words.format(name), Severity.INFO)


def _missing(description: Description) -> Iterator[Finding]:
    if not description.title:
        yield Finding("title", "missing", "there is no title", Severity.ERROR)
    for choice in _REQUIRED.get(description.type or "", ()):
        if not any(getattr(description, name) for name in choice):
            names = " or ".join(name.replace("_", "-") for name in choice)
            message = f"a work of type {description.type} should have {names}"
            yield Finding(choice[0], "missing", message, Severity.WARNING)
    if description.type is None:
        yield Finding("type", "missing", "the type is not known", Severity.WARNING)


def _malformed(description: Description) -> Iterator[Finding]:
    for name, (label, parse) in _IDENTIFIERS.items():
        value: str | None = getattr(description, name)
        if value and parse(value) != value:
            yield _bad(name, f"{value!r} is no {label} in its normal form")
    for issn in description.ISSN:
        if parse_issn(issn) is None:
            yield _bad("ISSN", f"the ISSN {issn} has a wrong check digit or length")
    for isbn in description.ISBN:
        if parse_isbn(isbn) is None:
            yield _bad("ISBN", f"the ISBN {isbn} has a wrong check digit or length")
    for person in (*description.author, *description.editor):
        if person.ORCID and parse_orcid(person.ORCID) is None:
            yield _bad("author", f"the ORCID {person.ORCID} of {person.display} is wrong")


def _bad(field: str, message: str) -> Finding:
    return Finding(field, "malformed", message, Severity.ERROR)


def _year(description: Description, this_year: int) -> Iterator[Finding]:
    date = description.issued
    if date is None:
        return
    if date.year is None:
        message = f"the date {date.edtf!r} could not be read"
        yield Finding("issued", "year", message, Severity.INFO)
    elif not _FIRST_YEAR <= date.year <= this_year + 1:
        yield Finding("issued", "year", f"the year {date.year} is unlikely", Severity.WARNING)
