"""BibTeX entries read: fields to a description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refman.crosswalk import notices
from refman.crosswalk.bibtex_dates import read_date
from refman.crosswalk.bibtex_fields import (
    ALIASES,
    ANY_PUBLISHER,
    ARTICLES,
    BOOKTITLE,
    FORMAT,
    IN_BOOKS,
    JOURNAL,
    PUBLISHERS,
    READERS,
    Alias,
    summary,
)
from refman.crosswalk.bibtex_types import THESIS_GENRES, TOLD_BY_CSL, csl_type
from refman.crosswalk.bibtex_values import (
    read_issns,
    read_language,
    read_number,
    read_pmcid,
    read_pmid,
    read_verbatim,
    url_alone,
)
from refman.model import Date, Description, Extra
from refman.model.identifier import parse_arxiv
from refman.text.latex import decode, decode_title


@dataclass(slots=True)
class Reading:
    """What an entry says, in our terms."""

    description: Description
    guessed: frozenset[str]
    remarks: list[str]
    """What was not taken as it stood, in words."""


def read_entry(entry_type: str, key: str, pairs: Iterable[tuple[str, str]]) -> Reading:
    """The description in an entry: its type in lower case, its key, its fields with their values.

    Values are without their outer braces or quotes, macros resolved. Fields that have no place
    go to `extra` as they are; so does the second of two fields of one name.
    """
    fields, spelling, extras, remarks = _gather(pairs)
    if "howpublished" in fields and fields["howpublished"] == summary(fields):
        del fields["howpublished"]
    values: dict[str, Any] = {}
    _read_title(fields, values)
    for name in tuple(fields):
        known = READERS.get(name)
        if known is not None:
            value = known[1](fields[name])
            if value:
                values[known[0]] = value
            del fields[name]
    guessed: set[str] = set()
    _read_eprint(fields, values)
    _read_notices(fields, values)
    subtype = fields.get("entrysubtype")
    kind = csl_type(entry_type, subtype, is_arxiv="arXiv" in values)
    values["type"] = kind
    if subtype is not None and kind != csl_type(entry_type, is_arxiv="arXiv" in values):
        del fields["entrysubtype"]
    if entry_type not in TOLD_BY_CSL and "entrytype" not in fields:
        extras.append(Extra(FORMAT, "entrytype", entry_type))
    _read_aliases(kind, fields, values)
    _read_title_parts(fields, values)
    _read_genre(entry_type, fields, values)
    _read_issued(fields, values, guessed)
    _read_howpublished(fields, values)
    _read_electronic_issn(fields, values)
    if fields.get("key") == key:
        del fields["key"]
    for variable in ("author", "editor"):
        if any(name.literal and name.literal.count(",") > 2 for name in values.get(variable, ())):
            guessed.add(variable)
    extras += [Extra(FORMAT, spelling[name], raw) for name, raw in fields.items() if raw]
    return Reading(Description(**values, extra=tuple(extras)), frozenset(guessed), remarks)


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
    """Biblatex parts title and subtitle; CSL does not."""
    for name, variable in (("subtitle", "title"), ("booksubtitle", "container_title")):
        if name in fields and variable in values:
            subtitle = decode(fields.pop(name))
            title = values[variable]
            if subtitle:
                values[variable] = f"{title}{'' if title[-1] in '?!.:' else ':'} {subtitle}"


_TYPE_WORDS = {"phdthesis": "PhD thesis", "mathesis": "Master's thesis", "techreport": ""}
"""biblatex's own words in `type`."""


def _read_genre(entry_type: str, fields: dict[str, str], values: dict[str, Any]) -> None:
    raw = fields.pop("type", "")
    genre = _TYPE_WORDS.get(raw, decode(raw) if raw else "") or THESIS_GENRES.get(entry_type)
    if genre:
        values["genre"] = genre


def _read_eprint(fields: dict[str, str], values: dict[str, Any]) -> None:
    raw = fields.get("eprint")
    if not raw:
        return
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    text = read_verbatim(raw)
    number = parse_arxiv(text) if kind in ("arxiv", "") else None
    if number is not None or kind == "arxiv":
        values["arXiv"] = number or text
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
    date = Date.parse(read_verbatim(raw).partition("T")[0]) if raw else None
    if date is not None and (date.year is not None or not year):
        del fields["date"]
        if date.is_bare_year and not date.circa and fields.get("month"):
            year = str(date.year)
        else:
            values["issued"] = date
            stated, _ = read_date(year, "", "") if year else (None, True)
            if stated is None or (stated.year == date.year and stated.end is None):
                for name in ("year", "month", "day"):
                    fields.pop(name, None)
    if year and "issued" not in values:
        found, whole = read_date(year, fields.get("month", ""), fields.get("day", ""))
        if found is not None:
            values["issued"] = found
            for name in ("year", "month", "day") if whole else ("year",):
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
