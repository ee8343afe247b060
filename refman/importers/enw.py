"""EndNote's import format, `enw`, which is Unix `refer` and BibIX with more tags.

A field is a line of a percent sign, one character and a blank; records are parted by empty lines or
begin with `%0`. What the tags mean is `refman.crosswalk.refer`'s business; see
`docs/formats/enw.md`.
"""

from __future__ import annotations

import re

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.refer import FORMAT, description_from_refer
from refman.importers.tagged_works import TaggedImporter
from refman.ports import FormatInfo, Sample
from refman.text.tagged import Entry, Grammar

_TAG = re.compile(r"[ \t]{0,8}%([A-Z0-9!#$&()*+<=>?@\[\]^~])(?:[ \t]|$)")
_LONG = frozenset("XZOH<K")
"""Texts that may have empty lines in them."""
_ONCE = frozenset("0TDJPXV")
_TYPED = re.compile(r"^[ \t]{0,8}%0[ \t]+[A-Z][A-Za-z ]{2,40}\r?$", re.MULTILINE)
_TEX = re.compile(r"^[ \t]{0,8}\\(?:documentclass|begin\{|usepackage|input\{)", re.MULTILINE)
"""TeX's comments begin with a percent sign, too."""
_FIELD = re.compile(r"^[ \t]{0,8}%([A-Z0-9@?!+*~&])[ \t]+\S", re.MULTILINE)


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    return (match[1], line[match.end() :]) if match is not None else None


def _goes_on(tag: str, _line: str, apart: bool) -> bool:
    return tag in _LONG or not apart


class EnwImporter(TaggedImporter):
    """Reads `enw`."""

    info = FormatInfo(
        name=FORMAT,
        label="EndNote import (Refer/BibIX)",
        extensions=(".enw", ".refer", ".ref", ".txt"),
        media_type="application/x-endnote-refer",
        description="from EndNote, Google Scholar, Wanfang, library catalogues, refer",
    )
    grammar = Grammar(tag=_tag, begins=frozenset("0"), once=_ONCE, goes_on=_goes_on)

    def recognise(self, sample: Sample) -> float:
        """0.96 where a line `%0 Journal Article` stands; less for a title and an author alone."""
        if _TEX.search(sample.text):
            return 0.0
        tags = {match[1] for match in _FIELD.finditer(sample.text)}
        if _TYPED.search(sample.text) and len(tags) >= 2:
            return 0.96
        first = sample.text.lstrip("\ufeff \t\r\n")[:1]
        if first == "%" and "T" in tags and len(tags) >= 2:
            return 0.9
        return 0.6 if first == "%" and not tags.isdisjoint("TAE") else 0.0

    def read_entry(self, entry: Entry) -> ReadEntry:
        """What the tags of an entry say."""
        return description_from_refer(entry.tags)


importer = EnwImporter()
