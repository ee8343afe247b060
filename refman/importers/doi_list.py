"""A list of DOIs: one a line, in any form, or in a column of a table.

Read are bare DOIs, `doi:…`, addresses of any resolver, whatever the letter case and percent
encoding; comments after `#`; tables parted by tabs, commas or semicolons, where a header names
the column or the lines are all alike. See `docs/formats/doi-list.md`. A DOI that is there twice
makes two records: telling equals apart is not the importer's business.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple
from urllib.parse import unquote

from refman.model import Description, Origin, OriginKind, Record
from refman.model.identifier import find_dois, parse_doi
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.markup import plain_text

FORMAT = "doi-list"

_LOOKED_AT = 200
_LONGEST = 4096
"""Longest line, in characters, in which a DOI is looked for."""
_DELIMITERS = ("\t", ";", ",")
_RESOLVERS = ("https://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/", "http://doi.org/")
_HEADERS = frozenset(
    ("doi", "dois", "doi link", "doi url", "article doi", "digital object identifier")
)


class _Table(NamedTuple):
    """How the lines are parted, and which column holds the DOI, if a header says so."""

    delimiter: str
    column: int | None = None


class DoiListImporter:
    """Reads `doi-list`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="List of DOIs",
            extensions=(".txt", ".dois"),
            description="one DOI a line, in any form, or a table with a column of DOIs",
        )

    def recognise(self, sample: Sample) -> float:
        """0.9 where at least four in five of the first 200 lines are a DOI and nothing else."""
        lines = [line for line in sample.text.splitlines()[:_LOOKED_AT] if _says_something(line)]
        if len(sample.text) > _LONGEST and len(lines) > 1:
            lines = lines[:-1]  # the sample may end inside it
        if lines and lines[0].strip(' "').lower() in _HEADERS:
            lines = lines[1:]
        alone = sum(_is_doi_alone(line) for line in lines)
        return 0.9 if lines and alone >= 0.8 * len(lines) else 0.0

    def read(
        self,
        source: Input,
        options: ImportOptions,  # noqa: ARG002
    ) -> Iterator[Record | Problem]:
        """A record for each DOI, and a problem for each line that has none."""
        lines = source.lines()
        first = list(islice(lines, _LOOKED_AT))
        table = _table(first)
        name = source.name
        for number, line in enumerate(chain(first, lines), 1):
            text = line.strip()
            if not text or text[0] == "#":
                continue
            doi = None if table is not None else _plain(text)
            if doi is not None:
                yield _record(doi, name, number)
            elif number > 1 or not _is_header(text):
                yield from _look_closer(text, table, name, number)


importer = DoiListImporter()


def _record(doi: str, name: str, number: int) -> Record:
    origin = Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{number}")
    return Record(description=Description(DOI=doi), origin=origin)


def _says_something(line: str) -> bool:
    text = line.strip()
    return bool(text) and text[0] != "#"


def _plain(text: str) -> str | None:
    """The DOI of a line that is nothing else; None where one must look closer."""
    if len(text) > _LONGEST or "%25" in text or " " in text:
        return None
    return parse_doi(text if text.isascii() else plain_text(text))


def _is_doi_alone(line: str) -> bool:
    """Whether a line is a DOI, or was meant to be one, and nothing else."""
    text = line.partition(" #")[0].strip(" \t\n\"',;")
    words = text.split(None, 3)
    if len(text) > 300 or len(words) > 3:
        return False
    if len(words) == 1 and text.startswith(_RESOLVERS):
        return True
    label = text[: text.find("10.")].lower().strip(" :=")
    return parse_doi(text) is not None and (len(words) == 1 or label == "doi")


def _is_header(text: str) -> bool:
    return any(cell.strip(' "').lower() in _HEADERS for cell in _cells(text, _delimiter(text)))


def _delimiter(text: str) -> str:
    return next((delimiter for delimiter in _DELIMITERS if delimiter in text), ",")


def _table(lines: list[str]) -> _Table | None:
    """The table that the lines are, by their header or because all have as many delimiters.

    Commas and semicolons may belong to DOIs, so without a header only what most lines have in the
    same number, and beside something that is a DOI by itself, parts them.
    """
    wanted = [line.strip() for line in lines if _says_something(line)]
    if not wanted:
        return None
    delimiter = _delimiter(wanted[0])
    for column, cell in enumerate(_cells(wanted[0], delimiter)):
        if delimiter in wanted[0] and cell.strip().lower() in _HEADERS:
            return _Table(delimiter, column)
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in wanted if len(line) <= _LONGEST)
        count, lines_alike = counts.most_common(1)[0] if counts else (0, 0)
        if count and lines_alike >= 0.8 * len(wanted):
            return _Table(delimiter)
    return None


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _look_closer(
    text: str, table: _Table | None, name: str, number: int
) -> Iterator[Record | Problem]:
    """The DOIs of a line that is not simply one."""
    if len(text) > _LONGEST:
        yield Problem(reason="too long a line for a DOI", line=number, raw=text[:_LONGEST])
        return
    line = plain_text(text) if table is None else text
    if table is not None:
        doi = _in_table(line, table)
        if doi is not None:
            yield _record(doi, name, number)
            return
    else:
        line = line.partition(" #")[0].rstrip()
        doi = parse_doi(unquote(unquote(line))) if "%" in line else parse_doi(line)
        if doi is not None:
            yield _record(doi, name, number)
            return
    found = find_dois(line)
    for doi in found:
        yield _record(doi, name, number)
    if not found:
        yield Problem(reason="no DOI in it", line=number, raw=text)
    elif table is None and not _ends_with(line, found[-1]):
        reason = f"only {', '.join(found)} was taken from the line"
        yield Problem(reason=reason, line=number, raw=text, partial=True)


def _in_table(line: str, table: _Table) -> str | None:
    cells = [plain_text(cell) for cell in _cells(line, table.delimiter)]
    if table.column is not None and table.column < len(cells):
        return parse_doi(cells[table.column])
    return next((doi for cell in cells if (doi := parse_doi(cell)) is not None), None)


def _ends_with(line: str, doi: str) -> bool:
    return line.rstrip(" .,;)]}>'\"").endswith(doi.rstrip(".,;)]}>'\""))
