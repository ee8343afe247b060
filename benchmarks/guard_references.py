"""Pairs for measuring the guard against wrong DOIs, made from reference strings.

Two collections of strings with the DOI of each are read:

- references out of PubMed Central with the fields that GROBID found in them (`atitle`,
  `firstAuthor`, `jtitle`, `volume`, `firstPage`): the fields make the record, as far as they are
  one, and the string is the title of the entry, as a careless importer delivers it;
- strings that Crossref formatted in several styles (`style`, `ref_string`): the string in Chicago's
  or APA's style is taken apart and makes the record, where it names all authors, and those in the
  other styles are entries.

The year of a record is that of its own string.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process

from benchmarks.guard_records import Pair
from refman.model import Date, Description, Name
from refman.rules.evidence import first_page
from refman.rules.likeness import bare_title

_YEAR = re.compile(r"(?<![\d:–-])(?:1[89]\d\d|20[0-2]\d)(?![\d–-])")
_YEAR_IN_BRACKETS = re.compile(r"\(((?:1[89]|20)\d\d)[a-z]?\)")
_CHICAGO = re.compile(
    r"(?P<authors>[^“”]{2,4000}?)\.? (?P<year>\d{4})\. “(?P<title>[^”]{3,1000}?)[.]?” "
    r"(?P<container>[^“”]*?)(?: (?P<volume>\d+))?(?: \((?P<issue>[\w-]+)\))?"
    r"(?: \([A-Z][^()]*\))?(?:: (?P<page>[\w–-]+))?\.?"
)
_APA = re.compile(
    r"(?P<authors>[^()]{2,4000}?) \((?P<year>\d{4})[^()]*\)\. (?P<title>.{3,1000}?[^A-Z][.?!]) "
    r"(?P<container>[^.\d]*?)(?:, (?P<volume>\d+))?(?:\((?P<issue>[\w-]+)\))?"
    r"(?:, (?P<page>[\w–-]+))?\."
)
_UNTITLED = (
    "elsevier-without-titles",
    "american-chemical-society",
    "american-institute-of-physics",
)
_LIKEST = 1500
"""Of how many works the likest title is looked for: each is held against all."""


@dataclass(frozen=True, slots=True)
class Referenced:
    """A work as a record, and its strings by kind."""

    record: Description
    strings: tuple[tuple[str, str], ...]


def read_references(rows: Iterable[dict[str, Any]]) -> list[Referenced]:
    """The works of a collection of either form, each DOI once."""
    listed = list(rows)
    return list(_structured(listed) if listed and "atitle" in listed[0] else _styled(listed))


def _structured(rows: Iterable[dict[str, Any]]) -> Iterator[Referenced]:
    seen: set[str] = set()
    for row in rows:
        text = " ".join(row["reference"].split())
        doi, title = row["doi"].lower(), row.get("atitle")
        if doi in seen or not title or not _is_sound(title, text, row):
            continue
        seen.add(doi)
        author = row.get("firstAuthor")
        record = Description(
            type="article-journal",
            title=title,
            author=(Name(family=author),) if author else (),
            container_title=row.get("jtitle"),
            volume=row.get("volume"),
            page=row.get("firstPage"),
            issued=_year(text),
            DOI=doi,
        )
        yield Referenced(record, (("reference as it was printed", text),))


def _is_sound(title: str, text: str, row: dict[str, Any]) -> bool:
    """Whether a row can be a right pair.

    Some titles were cut at their first italics, and some strings are of another work than the
    DOI: neither its title, nor its volume, nor its first page is in them.
    """
    if title != title.strip():
        return False
    if bare_title(title).replace(" ", "") in bare_title(text).replace(" ", ""):
        return True
    numbers = set(re.findall(r"\d+", text))
    places = [re.findall(r"\d+", row.get(key) or "") for key in ("volume", "firstPage")]
    return any(place and place[0] in numbers for place in places)


def _year(text: str) -> Date | None:
    found = _YEAR_IN_BRACKETS.findall(text)[:1] or _YEAR.findall(text)
    return Date(int(found[-1])) if found else None


def _styled(rows: Iterable[dict[str, Any]]) -> Iterator[Referenced]:
    by_doi: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        by_doi[row["doi"].lower()][row["style"]] = " ".join((row["ref_string"] or "").split())
    for doi, strings in by_doi.items():
        for style, pattern in (("chicago-author-date", _CHICAGO), ("apa", _APA)):
            match = pattern.fullmatch(strings.get(style, ""))
            if match is None or not _is_whole(match["container"]):
                continue
            if "et al" in match["authors"] or "…" in match["authors"]:
                continue
            others = tuple((_kind(name), s) for name, s in strings.items() if s and name != style)
            yield Referenced(_record(match, doi, style), others)
            break


def _is_whole(container: str) -> bool:
    """Whether what was taken for the container is one, and no more."""
    return bool(container) and not re.search(r"\(|\d: |Portico|Edited by|n\. pag", container)


def _kind(style: str) -> str:
    return f"untitled, {style}" if style.startswith(_UNTITLED) else f"style {style}"


def _record(match: re.Match[str], doi: str, style: str) -> Description:
    people = _chicago_names if style.startswith("chicago") else _apa_names
    return Description(
        type="article-journal",
        title=match["title"].rstrip("."),
        author=tuple(people(match["authors"])),
        container_title=match["container"].strip() or None,
        volume=match["volume"],
        issue=match["issue"],
        page=match["page"],
        issued=Date(int(match["year"])),
        DOI=doi,
    )


def _chicago_names(text: str) -> Iterator[Name]:
    """`Smith, Jane, John Doe, and Mary Major, et al.`"""
    parts = [part.removeprefix("and ").strip() for part in text.split(", ")]
    if len(parts) == 1:
        yield Name(literal=text)
        return
    yield Name(family=parts[0], given=parts[1].split(" and ")[0])
    rest = parts[1].split(" and ")[1:] + parts[2:]
    for name in rest:
        given, _, family = name.rpartition(" ")
        if name not in ("et al", "et al.") and family:
            yield Name(family=family, given=given or None)


def _apa_names(text: str) -> Iterator[Name]:
    """`Smith, J. A., & Doe, M.`"""
    parts = text.replace("& ", "").replace("… ", "").split(", ")
    for family, given in zip(parts[::2], parts[1::2]):
        yield Name(family=family.strip(), given=given.strip(" ,"))


def right_references(works: Sequence[Referenced]) -> Iterator[Pair]:
    """Each string, as the title of an entry, beside the record of its own work."""
    for work in works:
        for kind, text in work.strings:
            entry = Description(title=text, DOI=work.record.DOI)
            yield kind, entry, work.record, True
            yield f"{kind}, and a year", replace(entry, issued=_year(text)), work.record, True


def wrong_references(works: Sequence[Referenced], rng: random.Random) -> Iterator[Pair]:
    """Each string beside the record of another work, by chance and of its neighbours."""
    titles = [bare_title(work.record.title or "") for work in works]
    groups: dict[tuple[str, object], list[int]] = defaultdict(list)
    for index, work in enumerate(works):
        for key in _groups_of(work.record):
            groups[key].append(index)
    for index, work in enumerate(works):
        near = [
            (key[0], _another(groups[key], index, works, rng)) for key in _groups_of(work.record)
        ]
        if index < _LIKEST:
            best = process.extract(titles[index], titles, scorer=fuzz.token_sort_ratio, limit=4)
            near.append(("likest title", next((i for t, _, i in best if t != titles[index]), None)))
        for kind, other in near:
            if other is not None and work.strings:
                _, text = rng.choice(work.strings)
                entry = Description(title=text, DOI=work.record.DOI, issued=_year(text))
                yield f"string, {kind}", entry, works[other].record, False


def _groups_of(record: Description) -> Iterator[tuple[str, object]]:
    yield "any other", None
    if record.container_title:
        yield "same journal", record.container_title.lower()
        yield "same journal and year", (record.container_title.lower(), record.year)
    if record.author:
        yield "same first author", (record.author[0].family or "").lower()


def _another(
    group: Sequence[int], index: int, works: Sequence[Referenced], rng: random.Random
) -> int | None:
    for _ in range(4):
        other = rng.choice(group)
        if _may_differ(works[index].record, works[other].record):
            return other
    return None


def _may_differ(one: Description, other: Description) -> bool:
    """Whether two records are of two works, and a string without a title can tell them apart."""
    if bare_title(one.title or "") == bare_title(other.title or ""):
        return False
    page, other_page = first_page(one), first_page(other)
    alike = one.volume == other.volume and page is not None and page == other_page
    return not (alike and one.author and other.author)
