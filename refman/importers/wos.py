"""Web of Science: field-tagged files (`FN … PT J … ER … EF`) and tab-delimited ones.

A tag is two characters and a blank at the beginning of a line, and goes on in lines that begin
with blanks; `PT` begins a record and `ER` ends it. The tab-delimited export has the same tags in
its first line. What they mean is `refman.crosswalk.wos`'s business; see `docs/formats/wos.md`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from refman.crosswalk.read_entry import Place, to_record
from refman.crosswalk.wos import FORMAT, description_from_wos
from refman.importers.tagged_works import told
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.tagged import MAX_RAW, Fault, Grammar, split

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: |\t|$)")
_COLUMN = re.compile(r"[A-Z][A-Z0-9]")
_NAMED = re.compile(r"^\ufeff?FN (?:ISI|Thomson|Clarivate|Web of)", re.MULTILINE)
_TYPED = re.compile(r"^PT [A-Z]", re.MULTILINE)
_FIELD = re.compile(r"^(AU|AF|TI|SO|PY|VL|BP|UT|AB|DT|J9|SN|LA|PN|AE) \S", re.MULTILINE)
_END = re.compile(r"^ER[ \t]*$", re.MULTILINE)
_HEADER = frozenset(("FN", "VR"))
_FEWEST_COLUMNS = 5

_Tags = dict[str, list[str]]


class WosImporter:
    """Reads `wos`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Web of Science",
            extensions=(".isi", ".ciw", ".txt", ".tsv"),
            media_type="application/x-inst-for-Scientific-info",
            description="field-tagged (plain text) and tab-delimited",
        )

    def recognise(self, sample: Sample) -> float:
        """0.98 with its header; less for its tags alone, and for a first line of tags and tabs."""
        text = sample.text
        if _columns(text.lstrip("\ufeff\r\n").split("\n", 1)[0]):
            return 0.98
        tags = len(set(_FIELD.findall(text)))
        if _NAMED.search(text) and tags:
            return 0.98
        if _TYPED.search(text) and tags >= 2:
            return 0.95 if _END.search(text) else 0.8
        return 0.8 if _END.search(text) and tags >= 3 else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        lines = source.lines()
        before: list[str] = []
        columns: list[str] = []
        for line in lines:
            before.append(line)
            if line.strip("\ufeff \r\n"):
                columns = _columns(line)
                break
        if columns:
            yield from _read_table(lines, columns, len(before) + 1, source.name, options)
        else:
            yield from _read_tagged(itertools.chain(before, lines), source.name, options)


def _columns(line: str) -> list[str]:
    """The tags of a first line that is nothing but tags and tabs."""
    cells = [cell.strip(' "') for cell in line.strip("\ufeff\r\n\t ").split("\t")]
    sure = len(cells) >= _FEWEST_COLUMNS and all(_COLUMN.fullmatch(cell) for cell in cells)
    return cells if sure and "PT" in cells else []


def _read_table(
    lines: Iterator[str], columns: Sequence[str], first: int, name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    for number, line in enumerate(lines, first):
        cells = [_cell(cell) for cell in line.rstrip("\r\n").split("\t")]
        if not any(cells):
            continue
        tags = {tag: [cell] for tag, cell in zip(columns, cells) if cell}
        place = Place(number, line[:MAX_RAW])
        yield to_record(description_from_wos(tags), FORMAT, name, place, options)
        if any(cells[len(columns) :]):
            reason = f"a row of {len(cells)} cells under {len(columns)} columns"
            yield Problem(reason=reason, line=number, raw=line[:MAX_RAW], partial=True)


def _cell(cell: str) -> str:
    """A cell without the quotation marks that spreadsheets put around it."""
    cell = cell.strip()
    inner = cell[1:-1]
    quoted = len(cell) >= 2 and cell[0] == cell[-1] == '"'
    if quoted and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"').strip()
    return cell


def _read_tagged(
    lines: Iterator[str], name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    database = ""
    for item in split(lines, GRAMMAR):
        if isinstance(item, Fault):
            yield told(item)
            continue
        tags: _Tags = {}
        for field in item.fields:
            tags.setdefault(field.tag, []).extend(field.value.split("\n"))
        database = " ".join(tags.pop("FN", [database]))
        tags.pop("VR", None)
        if tags:
            found = description_from_wos(tags, database)
            yield to_record(found, FORMAT, name, item, options)


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    return (match[1], line[match.end() :]) if match is not None else None


GRAMMAR = Grammar(
    tag=_tag,
    begins=frozenset(("PT",)),
    ends=frozenset(("ER", "EF")),
)


importer = WosImporter()
