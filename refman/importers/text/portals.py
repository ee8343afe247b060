"""Results that were copied from the page of a portal, as the lines of a browser's clipboard.

Each portal shows the title, the names and the place of a result on lines of their own; the line
of the place is the one that has a form, and the others are found from it. What stands between
results (buttons, counts, menus) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from refman.crosswalk.reference_places import YEAR, find_place
from refman.crosswalk.reference_portals import (
    ReadResult,
    Shown,
    read_result,
    read_scholar_result,
)
from refman.importers.text.likely import is_furniture
from refman.text.reference_names import CAPITAL, read_shown_names, take_names

_MAX_LINE = 2_000
_MAX_PENDING = 12
_NAME = rf"{CAPITAL}{{1,4}}(?:-?{CAPITAL})? {CAPITAL}[\w'’]{{1,30}}(?:[ -][\w'’]{{1,30}}){{0,4}}"
_BYLINE = re.compile(
    rf"(?P<names>{_NAME}(?:, {_NAME}){{0,12}}(?:,? ?…)?)\s{{1,3}}[-–—]\s{{1,3}}"
    rf"(?P<place>.{{3,300}})"
)
_BYLINE_END = re.compile(rf"(?:{YEAR}|\w\.\w{{2,6}})(?:\s[-–—]\s.{{1,80}})?$|\s[-–—]\s\S{{1,60}}$")
_SCHOLAR_LINKS = re.compile(
    r"(?:(?:Save|Cite|Simpan|Kutip|★|☆)\s{0,3}){0,3}(?:Cited by \d|Related articles|All \d{1,4}"
    r" versions|"
    r"Dirujuk \d|Artikel terkait|\d{1,4} versi|Import into|Library Search|View as HTML|More"
    r"|Web of Science: \d)"
    r"|(?:Save|Simpan)\s{0,3}(?:Cite|Kutip)"
)
_SCHOLAR_SIDE = re.compile(
    r"(?:\[(?:PDF|HTML|DOC)\]\s{0,2}[\w-]{1,40}(?:\.[\w-]{1,30}){1,4}|Full View|Find .{1,40})"
    r"\s{0,3}$"
)
_PROFILE_END = re.compile(
    rf"\t\s{{0,3}}(?P<cited>\d{{0,7}})\*?\s{{0,3}}\t\s{{0,3}}(?P<year>{YEAR})\s{{0,3}}$"
)
_SCOPUS_EXPORT = re.compile(rf"\({YEAR}\) {CAPITAL}.{{3,300}}(?:, \d|Cited \d).{{0,120}}$")
_SCOPUS_PLACE = re.compile(rf".{{3,200}}, {YEAR}, \d{{1,5}}(?:\([^()]{{1,20}}\))?(?:, .{{1,60}})?$")
_SINTA_META = re.compile(r"(?:Authors?|Creator|Author Order)\s?:", re.IGNORECASE)
_SINTA_CITED = re.compile(r"\d{1,6} cited\b|\bAccred\s?:\s?Sinta", re.IGNORECASE)
_ONLY_YEAR = re.compile(rf"\W{{0,4}}(?P<year>{YEAR})\b.{{0,40}}$")
_QUARTILE = re.compile(r"(?:Q[1-4]|no-Q) (?:as )?(?:Journal|Conference|Book)\b.{0,40}|Article"
    r"(?: • Open access)?|Open access|Conference [Pp]aper.{0,20}|Review.{0,20}|Book "
    r"[Cc]hapter.{0,20}", re.IGNORECASE)  # fmt: skip
_JOURNAL_LABEL = re.compile(rf".{{3,200}} \((?:[A-Z][a-z]{{2,8}} )?{YEAR}\)$")

Line = tuple[int, str]


class Found(NamedTuple):
    """A result that was read, the line of its title, and its text."""

    line: int
    result: ReadResult
    raw: str


class Portal(NamedTuple):
    """A portal: how sure a text is its page, and how its results are read."""

    name: str
    score: Callable[[list[str]], int]
    read: Callable[[Iterable[Line]], Iterator[Found]]
    in_columns: bool = False


def portal_of(head: list[str]) -> Portal | None:
    """The portal whose results the lines of a head show, if any."""
    lines = [line.strip()[:_MAX_LINE] for line in head if line.strip()]
    best = max(PORTALS, key=lambda portal: portal.score(lines))
    return best if best.score(lines) >= 2 else None


# Google Scholar


def _scholar_score(lines: list[str]) -> int:
    bylines = sum(_is_byline(line) for line in lines)
    links = sum(_SCHOLAR_LINKS.match(line) is not None for line in lines)
    return 2 * min(bylines, links) + (bylines if bylines > 1 else 0)


def _is_byline(line: str) -> bool:
    line = line.replace("\xa0", " ")
    match = _BYLINE.match(line)
    return match is not None and _BYLINE_END.search(match["place"]) is not None


def _read_scholar(lines: Iterable[Line]) -> Iterator[Found]:
    pending: list[Line] = []
    current: list[Line] = []
    for number, raw in lines:
        line = raw.strip()[:_MAX_LINE].replace("\xa0", " ")
        if not line or _SCHOLAR_SIDE.match(line):
            continue
        if _is_byline(line):
            last = pending.pop() if pending and current else None
            if current:
                yield _scholar_result(current, pending)
                pending = [last] if last is not None else []
            if pending:
                current = [pending[-1], (number, line)]
            pending = []
        elif _SCHOLAR_LINKS.match(line):
            if current:
                yield _scholar_result(current, pending)
            current, pending = [], []
        else:
            pending = [*pending[-_MAX_PENDING:], (number, line)]
    if current:
        yield _scholar_result(current, pending)


def _scholar_result(lines: list[Line], snippet: list[Line]) -> Found:
    (number, title), (_, byline) = lines
    match = _BYLINE.match(byline)
    assert match is not None
    whole = f"{title} {byline}"
    shown = Shown(title, match["names"], match["place"], whole)
    raw = "\n".join(text for _, text in (*lines, *snippet))
    return Found(number, read_scholar_result(shown), raw)


def _profile_score(lines: list[str]) -> int:
    ends = sum(_PROFILE_END.search(line) is not None for line in lines)
    # In a table of columns every line would have tabs.
    return 2 * ends if 2 * sum("\t" in line for line in lines) <= len(lines) + 1 else 0


def _read_profile(lines: Iterable[Line]) -> Iterator[Found]:
    """A list of works on a person's page: title, names, and place with counts in columns."""
    pending: list[Line] = []
    for number, raw in lines:
        line = raw.rstrip("\n")[:_MAX_LINE].replace("\xa0", " ")
        end = _PROFILE_END.search(line)
        if end is None:
            if line.strip() and not is_furniture(line):
                pending = [*pending[-2:], (number, line.strip())]
            continue
        place = line[: end.start()].strip()
        if not pending:
            continue
        names = pending[-1][1] if len(pending) > 1 else ""
        at, title = pending[-2] if len(pending) > 1 else pending[-1]
        if end["year"] not in place:
            place = f"{place}, {end['year']}"
        whole = " ".join(text for text in (title, names, place) if text)
        yield Found(at, read_result(Shown(title, names, place, whole)), whole)
        pending = []


# PubMed, DOAJ, Scopus: title, names, place


_MARKED = re.compile(r"\s{0,8}(?:\[\d|\(\d|\d{1,4}[.):]? |[•*–-] )")
_DATED = re.compile(rf"\({YEAR}\)|[,;] {YEAR}\b|{YEAR};")


def _could_be_title(line: str) -> bool:
    """Whether nothing shows that a line is a part of a reference instead."""
    if line.endswith((",", ";", "-")) or _MARKED.match(line) or _DATED.search(line):
        return False
    return take_names(line) is None


def _is_citation(line: str) -> bool:
    """Whether a line says where something appeared, and nothing else: PubMed's and DOAJ's."""
    text = re.split(r"\s(?:doi:|DOI:?|Epub|PMID:?)\s", line, maxsplit=1)[0].rstrip(" .")
    place = find_place(text, "vancouver")
    if place is None or not place.is_periodical:
        return False
    journal = text[: place.start].strip(" .")
    return 2 <= len(journal) <= 150 and ". " not in journal.replace(". (", " (")


def _is_names(line: str) -> bool:
    if line.endswith((",", ";", "&", " and")) or _MARKED.match(line):
        return False
    names = read_shown_names(line)
    return names is not None and (len(names.names) > 1 or bool(names.names[0].family))


def _citation_score(lines: list[str]) -> int:
    return sum(
        3
        for title, names, line in zip(lines, lines[1:], lines[2:])
        if _is_citation(line) and _is_names(names) and _could_be_title(title)
    )


def _is_scopus_place(line: str) -> bool:
    return _SCOPUS_EXPORT.match(line) is not None or _SCOPUS_PLACE.match(line) is not None


def _scopus_score(lines: list[str]) -> int:
    found = 0
    for first, second, place in zip(lines, lines[1:], lines[2:]):
        exported = _SCOPUS_EXPORT.match(place) is not None and _is_names(first)
        shown = _SCOPUS_PLACE.match(place) is not None and _is_names(second)
        shown = shown and _could_be_title(first) and take_names(place) is None
        found += 3 * (exported or shown)
    return found


def _read_cited(lines: Iterable[Line]) -> Iterator[Found]:
    """Results of which each ends in a line that has the form of a place."""
    pending: list[Line] = []
    current: tuple[int, Shown, list[str]] | None = None
    for number, raw in lines:
        line = " ".join(raw.split())[:_MAX_LINE]
        if not line:
            continue
        is_place = _is_citation(line) or _is_scopus_place(line)
        if is_place and len(pending) >= 2:
            if current is not None:
                yield _cited(*current)
            current = (*_shown(pending, line), [])
            pending = []
        elif current is not None and _MORE.match(line):
            current[2].append(line)
        elif not is_furniture(line) and not _QUARTILE.fullmatch(line):
            pending = [*pending[-_MAX_PENDING:], (number, line)]
    if current is not None:
        yield _cited(*current)


_MORE = re.compile(r"(?:DOI|doi|PMID|PMCID|https?://|DOCUMENT TYPE|SOURCE|Cited)\b", re.IGNORECASE)
_SCOPUS_YEAR = re.compile(rf"\((?P<year>{YEAR})\) (?P<rest>.+?)(?:\. Cited \d+ times?)?\.?\s*$")
_SCOPUS_WEB = re.compile(
    rf"(?P<journal>.{{3,200}}), (?P<year>{YEAR}), (?P<rest>\d{{1,5}}(?:\([^()]{{1,20}}\))"
    rf"?(?:, .{{1,60}})?)$"
)


def _shown(pending: list[Line], place: str) -> tuple[int, Shown]:
    """Which of the two lines before a place is the title: the names come before it at Scopus'."""
    first, second = pending[-2], pending[-1]
    exported = _SCOPUS_YEAR.match(place)
    names_first = exported is not None and _is_names(first[1])
    title, names = (second, first) if names_first else (first, second)
    if not names_first and not _is_names(names[1]):
        title, names = second, (second[0], "")
    if exported is not None:
        place = f"{exported['rest']} ({exported['year']})"
        place = re.sub(r",? (\d{1,5}) \(([^()]{1,20})\)", r", \1(\2)", place, count=1)
        place = re.sub(r", art\. no\. (?=\w)", ", ", place)
    elif (web := _SCOPUS_WEB.match(place)) is not None:
        place = f"{web['journal']}, {web['rest']} ({web['year']})"
    place = re.sub(r", pp?\. ?", ", ", place)
    whole = " ".join((title[1], names[1], place))
    return min(first[0], second[0]), Shown(title[1], names[1], place, whole)


def _cited(line: int, shown: Shown, more: list[str]) -> Found:
    whole = " ".join((shown.whole, *more))
    return Found(line, read_result(shown._replace(whole=whole)), "\n".join((shown.whole, *more)))


# SINTA


def _sinta_score(lines: list[str]) -> int:
    marks = sum(_SINTA_META.match(line) is not None for line in lines)
    cited = sum(_SINTA_CITED.search(line) is not None for line in lines)
    return 2 * min(marks, cited)


def _read_sinta(lines: Iterable[Line]) -> Iterator[Found]:
    """A result ends with its year and how often it is cited, or with its accreditation."""
    block: list[Line] = []
    for number, raw in lines:
        line = " ".join(raw.split())[:_MAX_LINE]
        if not line or _QUARTILE.fullmatch(line):
            continue
        block = [*block[-_MAX_PENDING:], (number, line)]
        if _SINTA_CITED.search(line):
            found = _sinta_result(block)
            if found is not None:
                yield found
            block = []


def _sinta_result(block: list[Line]) -> Found | None:
    meta = next((i for i, (_, line) in enumerate(block) if _SINTA_META.match(line)), None)
    if meta is None:
        return None
    before = [line for line in block[:meta] if not is_furniture(line[1])]
    if not before:
        return None
    # The journal may stand before what is said of the authors, or after it.
    first = before[-2] if len(before) > 1 and find_place(before[-1][1]) else before[-1]
    title = first
    names = place = year = ""
    for _, line in block[block.index(title) + 1 :]:
        if _SINTA_META.match(line):
            if line.lower().startswith("authors"):
                names = line.partition(":")[2].strip()
        elif _SINTA_CITED.search(line) or _ONLY_YEAR.fullmatch(line):
            found = _ONLY_YEAR.search(line)
            year = found["year"] if found is not None else year
        elif not place:
            place = line
    if year and year not in place:
        place = f"{place}, {year}" if place else year
    text = "\n".join(line for _, line in block)
    return Found(title[0], read_result(Shown(title[1], names, place, " ".join(text.split()))), text)


PORTALS = (
    Portal("Google Scholar", _scholar_score, _read_scholar),
    Portal("Google Scholar profile", _profile_score, _read_profile, in_columns=True),
    Portal("SINTA", _sinta_score, _read_sinta),
    Portal("PubMed or DOAJ", _citation_score, _read_cited),
    Portal("Scopus", _scopus_score, _read_cited),
)
