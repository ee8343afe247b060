"""BibTeX entries read: fields to a description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refman.crosswalk import notices
from refman.crosswalk.biblatex_annotations import annotate_people, settle
from refman.crosswalk.bibtex_dates import read_date, read_stated
from refman.crosswalk.bibtex_fields import (
    ALIASES,
    ANY_PUBLISHER,
    ARTICLES,
    BOOKTITLE,
    DATE_NAMES,
    FORMAT,
    IN_BOOKS,
    JOURNAL,
    PUBLISHERS,
    READERS,
    ROLES,
    UNDATED,
    Alias,
    summary,
)
from refman.crosswalk.bibtex_journals import journal_named
from refman.crosswalk.bibtex_types import PLAIN_THESIS, THESIS_GENRES, TOLD_BY_CSL, csl_type
from refman.crosswalk.bibtex_values import (
    read_issns,
    read_language,
    read_number,
    read_pmcid,
    read_pmid,
    read_verbatim,
    url_alone,
)
from refman.model import Description, Extra
from refman.model.identifier import parse_arxiv
from refman.text.latex import decode, decode_title
from refman.text.names import parse_bibtex_names


@dataclass(slots=True)
class Reading:
    """What an entry says, in our terms."""

    description: Description
    guessed: frozenset[str]
    remarks: list[str]
    """What was not taken as it stood, in words."""


def read_entry(
    entry_type: str, key: str, pairs: Iterable[tuple[str, str]], kept: Iterable[Extra] = ()
) -> Reading:
    """The description in an entry: its type in lower case, its key, its fields with their values.

    Values are without their outer braces or quotes, macros resolved. Fields that have no place
    go to `extra` as they are; so does the second of two fields of one name. `kept` goes there too.
    """
    fields, spelling, extras, remarks = _gather(pairs)
    said_of_people = settle(fields)
    for name, nothing in _UNDATED:
        if fields.get(name) == nothing:
            del fields[name]
    if "howpublished" in fields and fields["howpublished"] == summary(fields):
        del fields["howpublished"]
    values: dict[str, Any] = {}
    guessed: set[str] = set()
    _read_title(fields, values)
    _read_journal(fields)
    _read_by_name(fields, values)
    _read_eprint(fields, values)
    _read_notices(fields, values)
    kind = _read_type(entry_type, fields, values, extras)
    _read_roles(fields, values)
    _read_aliases(kind, fields, values)
    _read_title_parts(fields, values)
    _read_issued(fields, values, guessed)
    _read_place(kind, fields, values)
    _read_howpublished(fields, values)
    _read_electronic_issn(fields, values)
    _read_note(values)
    annotate_people(said_of_people, values, fields)
    if fields.get("key") == key:
        del fields["key"]
    for variable in ("author", "editor"):
        if any(name.literal and name.literal.count(",") > 2 for name in values.get(variable, ())):
            guessed.add(variable)
    extras += [Extra(FORMAT, spelling.get(name, name), raw) for name, raw in fields.items() if raw]
    extras += kept
    return Reading(Description(**values, extra=tuple(extras)), frozenset(guessed), remarks)


def _read_by_name(fields: dict[str, str], values: dict[str, Any]) -> None:
    for name in tuple(fields):
        known = READERS.get(name)
        if known is not None and known[0] not in values:
            raw = fields[name]
            value = known[1](raw)
            if value:
                values[known[0]] = value
            if name not in DATE_NAMES or read_stated(read_verbatim(raw))[1]:
                del fields[name]


def _read_type(
    entry_type: str, fields: dict[str, str], values: dict[str, Any], extras: list[Extra]
) -> str:
    """The CSL type, and the genre that goes with it."""
    subtype = fields.get("entrysubtype")
    is_arxiv = "arXiv" in values
    kind = values["type"] = csl_type(entry_type, subtype, is_arxiv=is_arxiv)
    if subtype is not None and kind != csl_type(entry_type, is_arxiv=is_arxiv):
        del fields["entrysubtype"]
    own_type = fields.get("entrytype")
    if own_type is None and entry_type not in TOLD_BY_CSL:
        extras.append(Extra(FORMAT, "entrytype", entry_type))
    elif own_type in TOLD_BY_CSL:
        # Written as another type than it would be, for want of what that one requires.
        del fields["entrytype"]
    _read_genre(own_type or entry_type, fields, values)
    return kind


def _read_notices(fields: dict[str, str], values: dict[str, Any]) -> None:
    """What our own exporter writes of notices and relations; anything else stays as it is."""
    for name, read in (
        ("updates", notices.updates_from_text),
        ("relations", notices.relations_from_text),
    ):
        found = read(read_verbatim(fields[name])) if name in fields else None
        if found:
            values[name] = found
            del fields[name]


def _gather(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[str, str], dict[str, str], list[Extra], list[str]]:
    """The fields by name in lower case, their spelling, and what is there twice."""
    fields: dict[str, str] = {}
    spelling: dict[str, str] = {}
    extras: list[Extra] = []
    remarks: list[str] = []
    for name, raw in pairs:
        lower = name.lower()
        if lower not in fields:
            fields[lower] = raw
            spelling[lower] = name
        elif fields[lower] != raw and raw:
            count = 2 + sum(extra.name.startswith(f"{name}-") for extra in extras)
            extras.append(Extra(FORMAT, f"{name}-{count}", raw))
            remarks.append(f"the field {name} is there twice; the first was taken")
    return fields, spelling, extras, remarks


def _read_aliases(kind: str, fields: dict[str, str], values: dict[str, Any]) -> None:
    """Give each variable the first of its several fields that says something."""
    table = _aliases(kind)
    for present in tuple(fields):
        for variable, names, reader in table.get(present, ()):
            for name in names:
                raw = fields.get(name)
                if raw and variable not in values:
                    value = reader(raw)
                    if value:
                        values[variable] = value
                        del fields[name]


@lru_cache(maxsize=128)
def _aliases(kind: str) -> dict[str, tuple[Alias, ...]]:
    """For each field, the variables it may go to in a work of this kind, the likeliest first."""
    rules = [
        *ALIASES,
        BOOKTITLE if kind in IN_BOOKS else JOURNAL,
        ("publisher", PUBLISHERS.get(kind, ANY_PUBLISHER), decode),
        *_number_rules(kind),
    ]
    table: dict[str, tuple[Alias, ...]] = {}
    for rule in rules:
        for name in rule[1]:
            table[name] = (*table.get(name, ()), rule)
    return table


def _number_rules(kind: str) -> tuple[Alias, ...]:
    """`number` is the issue of a journal, the number in a series, or the report's own."""
    own: Alias = ("number", ("eid", "articleno", "article-number", "art_number"), decode)
    series: Alias = ("collection_number", ("seriesnumber",), read_number)
    if kind in ARTICLES:
        return ("issue", ("number", "issue"), read_number), own, series
    issue: Alias = ("issue", ("issue",), read_number)
    if kind in IN_BOOKS:
        return ("collection_number", ("number", "seriesnumber"), read_number), own, issue
    return ("number", ("number", "eid"), read_number), issue, series


def _read_title(fields: dict[str, str], values: dict[str, Any]) -> None:
    title = fields.get("title")
    if title:
        language = read_language(fields.get("language") or fields.get("langid") or "")
        text = decode_title(title, language=language or None)
        if text:
            values["title"] = text
    fields.pop("title", None)


def _read_title_parts(fields: dict[str, str], values: dict[str, Any]) -> None:
    """Biblatex parts title and subtitle; CSL does not.

    What stands in a volume without a title of its own stands in the work of all volumes.
    """
    if "container_title" not in values and values["type"] in IN_BOOKS - {"book"}:
        main = decode(fields.get("maintitle", ""))
        if main:
            values["container_title"] = main
            del fields["maintitle"]
    for name, variable in _SUBTITLES:
        if name in fields and variable in values:
            subtitle = decode(fields.pop(name))
            title = values[variable]
            if subtitle:
                values[variable] = f"{title}{'' if title[-1] in '?!.:' else ':'} {subtitle}"


_SUBTITLES = (
    ("subtitle", "title"),
    ("booksubtitle", "container_title"),
    ("journalsubtitle", "container_title"),
)
_UNDATED = (("year", UNDATED), ("date", ".."))
_NUMBER_IN_NOTE = re.compile(r"(PMID|PMCID):\s*((?:PMC)?\d{1,9})\.?", re.IGNORECASE | re.ASCII)
_TYPE_WORDS = {
    "phdthesis": THESIS_GENRES["phdthesis"],
    "mathesis": THESIS_GENRES["mastersthesis"],
    "techreport": "",
}
"""biblatex's own words in `type`."""


def _read_genre(entry_type: str, fields: dict[str, str], values: dict[str, Any]) -> None:
    raw = fields.pop("type", "")
    if raw == PLAIN_THESIS and entry_type == "thesis":
        return
    genre = _TYPE_WORDS.get(raw, decode(raw) if raw else "") or THESIS_GENRES.get(entry_type)
    if genre:
        values["genre"] = genre


def _read_journal(fields: dict[str, str]) -> None:
    """Astronomers have commands for journals; MathSciNet has the name in full in `fjournal`."""
    name = journal_named(fields.get("journal", ""))
    if name is not None:
        fields["journal"] = name
    if "fjournal" in fields and "shortjournal" not in fields:
        short = fields.pop("journal", "")
        fields["journal"] = fields.pop("fjournal")
        if short and short != fields["journal"]:
            fields["shortjournal"] = short


def _read_roles(fields: dict[str, str], values: dict[str, Any]) -> None:
    """Editors who are, by biblatex's `editortype`, what CSL has a variable for."""
    for slot in ("editor", "editora", "editorb", "editorc"):
        variable = ROLES.get(fields.get(f"{slot}type", "").strip().lower())
        people = fields.get(slot)
        if variable is not None and people and variable not in values:
            values[variable] = parse_bibtex_names(people)
            del fields[slot], fields[f"{slot}type"]


def _read_place(kind: str, fields: dict[str, str], values: dict[str, Any]) -> None:
    """ACM has the publisher's place in `address`, and the conference's in `location`."""
    place = fields.get("location")
    if kind == "paper-conference" and place and "event_place" not in values:
        values["event_place"] = decode(place)
        del fields["location"]


def _read_note(values: dict[str, Any]) -> None:
    """Some exporters have nowhere but the note for PubMed's numbers."""
    match = _NUMBER_IN_NOTE.fullmatch(values.get("note") or "")
    if match is not None:
        variable = match.group(1).upper()
        number = read_pmid(match.group(2)) if variable == "PMID" else read_pmcid(match.group(2))
        if values.setdefault(variable, number) == number:
            del values["note"]


def _read_eprint(fields: dict[str, str], values: dict[str, Any]) -> None:
    raw = fields.get("eprint")
    if not raw:
        return
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    text = read_verbatim(raw)
    number = parse_arxiv(text) if kind in ("arxiv", "") else None
    if number is not None or kind == "arxiv":
        values["arXiv"] = number or text
        if number is not None and text.startswith(f"{number}v"):
            for name in ("eprinttype", "archiveprefix"):
                fields.pop(name, None)
            return  # the version stays, with the number, in what is kept
    elif kind in ("pmid", "pubmed") and "PMID" not in values:
        values["PMID"] = read_pmid(text)
    elif kind in ("pmc", "pmcid") and "pmcid" not in fields:
        values["PMCID"] = read_pmcid(text)
    else:
        return
    for name in ("eprint", "eprinttype", "archiveprefix"):
        fields.pop(name, None)


def _read_issued(fields: dict[str, str], values: dict[str, Any], guessed: set[str]) -> None:
    year = fields.get("year", "")
    raw = fields.get("date")
    date, whole = read_stated(read_verbatim(raw) if raw else "")
    if date is not None and (date.year is not None or not year):
        if whole:
            del fields["date"]  # else what more it says stays, with the date, in what is kept
        if date.is_bare_year and not date.circa and fields.get("month"):
            year = str(date.year)
        else:
            values["issued"] = date
            stated, taken = read_date(year, "", "")
            if stated is None or (stated.year == date.year and stated.end is None):
                for name in ("month", "day", *(taken if year else ("year",))):
                    fields.pop(name, None)
    if year and "issued" not in values:
        found, taken = read_date(year, fields.get("month", ""), fields.get("day", ""))
        if found is not None:
            values["issued"] = found
            for name in taken:
                fields.pop(name, None)
    issued = values.get("issued")
    if issued is not None and issued.is_bare_year:
        guessed.add("issued")


def _read_electronic_issn(fields: dict[str, str], values: dict[str, Any]) -> None:
    """Web of Science and others have a second ISSN in a field of its own."""
    raw = fields.get("eissn")
    if raw:
        numbers = values.get("ISSN", ()) + read_issns(raw)
        values["ISSN"] = tuple(dict.fromkeys(numbers))
        del fields["eissn"]


def _read_howpublished(fields: dict[str, str], values: dict[str, Any]) -> None:
    raw = fields.get("howpublished")
    if not raw:
        return
    url = url_alone(raw)
    if url is not None and values.get("URL", url) == url:
        values["URL"] = url
        del fields["howpublished"]
