"""RIS, in the dialects of databases and reference managers.

A record is a line `TY  - …`, others with a tag of two characters, and `ER  - `. Read besides:
other numbers of blanks around the hyphen, values that go on without a tag, records without `TY`
or without `ER`, text before and between records (`Provider: JSTOR`, `1.`), and every line end.
What the tags mean is `refman.crosswalk.ris`'s business; see `docs/formats/ris.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from string import ascii_uppercase, digits
from typing import NamedTuple

from refman.crosswalk.ris import FORMAT, description_from_tags
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Origin, OriginKind, Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample

MAX_RECORD = 16 * 1024 * 1024
"""Longest record, in characters, that is still read."""

_MAX_RAW = 100_000
_MAX_STRAY = 1000
_TAG = re.compile(r"([A-Z][A-Z0-9])[ \t]{1,4}-(?:[ \t]|$)|(TY|ER)-(?:[ \t]|$)")
_TAGS = frozenset(map("".join, product(ascii_uppercase, ascii_uppercase + digits)))
_TIGHT_TAG = re.compile(r"([A-Z][A-Z0-9])-(?:[ \t]|$)")
_TYPE = re.compile(r"^[ \t]{0,4}TY[ \t]{0,4}-[ \t]{0,4}[A-Za-z]{2}", re.MULTILINE)
_TAGGED = re.compile(r"^(?:AU|A1|TI|T1|T2|JO|JF|PY|Y1|DA|ER|UR|DO|AB|ID|SP)  ?- ?", re.MULTILINE)
_PREAMBLE = re.compile(
    r"\d{1,9}[.)]?|(?:Record|Citation|Reference) #?\d.*|(?:Provider|Database|Content|Source)\s*:.*"
    r"|#.*|-+|=+|\*+"
)
_SAY_NOTHING = frozenset(("type", "extra"))


class _Tagged(NamedTuple):
    """A record as it stands: the line it begins on, and for each tag its values."""

    line: int
    tags: dict[str, list[str]]

    @property
    def raw(self) -> str:
        """About what stood in the file."""
        lines = (f"{tag}  - {value}" for tag, values in self.tags.items() for value in values)
        return "\n".join(lines)[:_MAX_RAW]


class RisImporter:
    """Reads `ris`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="RIS",
            extensions=(".ris", ".txt"),
            media_type="application/x-research-info-systems",
            description="from EndNote, Zotero, Mendeley, Scopus, Web of Science, JSTOR, …",
        )

    def recognise(self, sample: Sample) -> float:
        """0.95 where a line `TY  - …` stands with other tags after it."""
        typed = _TYPE.search(sample.text)
        if typed is not None:
            return 0.95 if _TAGGED.search(sample.text, typed.end()) else 0.7
        tagged = len(set(_TAGGED.findall(sample.text)))
        return 0.5 if tagged >= 4 else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in _split(source.lines()):
            if isinstance(item, Problem):
                yield item
            else:
                yield from _read(item, source.name, options)


def _split(lines: Iterator[str]) -> Iterator[_Tagged | Problem]:
    """The records of a file as they stand, one after the other."""
    return _Splitter().run(lines)


class _Splitter:
    """Cuts lines into records; between two records it collects what belongs to neither."""

    def __init__(self) -> None:
        self._record: _Tagged | None = None
        self._tight = False
        self._stray: list[str] = []
        self._stray_line = 0

    def run(self, lines: Iterator[str]) -> Iterator[_Tagged | Problem]:
        tags: dict[str, list[str]] = {}
        values: list[str] = []
        more: list[str] = []
        size = 0
        for number, line in enumerate(lines, 1):
            tag = line[:2]
            if line[2:5] == "  -" and tag in _TAGS:
                value = line[5:].strip()
            else:
                tag, value = self._tag_and_value(line, number)
            size += len(line)
            if not tag:
                if self._record is None:
                    self._outside(line, number)
                else:
                    more.append(line.rstrip())
            else:
                if more:
                    values[-1] = "\n".join((values[-1], *more))
                    more = []
                if tag == "ER":
                    yield from self._end()
                elif tag == "TY" or self._record is None:
                    yield from self._end()
                    values = [value]
                    tags = {tag: values}
                    size = len(line)
                    self._record = _Tagged(number, tags)
                else:
                    values = tags.setdefault(tag, [])
                    values.append(value)
            if size > MAX_RECORD and self._record is not None:
                yield self._too_long()
                more = []
        if more:
            values[-1] = "\n".join((values[-1], *more))
        yield from self._end()

    def _tag_and_value(self, line: str, number: int) -> tuple[str, str]:
        """Of a line that is not quite as specified; the tag is empty where there is none."""
        text = line.lstrip(" \t\ufeff") if number == 1 or self._record is None else line
        match = _TAG.match(text) or (_TIGHT_TAG.match(text) if self._tight else None)
        if match is None:
            return ("ER", "") if line.rstrip() == "ER" else ("", "")
        tag = str(match.group(match.lastindex or 1))
        if tag == "TY":
            self._tight = text[2] == "-"
        return tag, text[match.end() :].strip()

    def _outside(self, line: str, number: int) -> None:
        text = line.strip(" \t\n\ufeff")
        if text and not _PREAMBLE.fullmatch(text):
            self._stray_line = self._stray_line or number
            if len(self._stray) < _MAX_STRAY:
                self._stray.append(line)

    def _end(self) -> Iterator[_Tagged | Problem]:
        if self._stray:
            raw = "".join(self._stray)[:_MAX_RAW]
            yield Problem(reason="text outside any record", line=self._stray_line, raw=raw)
            self._stray = []
            self._stray_line = 0
        if self._record is not None:
            yield self._record
            self._record = None

    def _too_long(self) -> Problem:
        assert self._record is not None
        record, self._record = self._record, None
        reason = f"a record of over {MAX_RECORD >> 20} MB; ER is missing, or it is no RIS"
        return Problem(reason=reason, line=record.line, raw=record.raw)


def _read(tagged: _Tagged, name: str, options: ImportOptions) -> Iterator[Record | Problem]:
    description, guessed, key = description_from_tags(tagged.tags)
    if vars(description).keys() <= _SAY_NOTHING:
        yield Problem(reason="a record that says nothing", line=tagged.line, raw=tagged.raw)
        return
    verbatim: tuple[tuple[str, str], ...] = ()
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed |= {"title"}
            verbatim = (("title", title),)
    yield Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{tagged.line}"),
        guessed=guessed,
        verbatim=verbatim,
        citation_key=key,
    )
    if "TY" not in tagged.tags:
        yield Problem(reason="a record without TY", line=tagged.line, partial=True)


importer = RisImporter()
