"""The dates in a MODS record (`originInfo`, `part`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from refman.model import Date
from refman.text.dates import read_date
from refman.text.xml_elements import attribute, children, text

_ENCODINGS = ("w3cdtf", "iso8601", "edtf", "marc")
_COPYRIGHT = re.compile(r"^[\[(]*(?:c|p|©|℗|cop\.?)\s?(?=\d{4})")
_BRACKETS = re.compile(r"^[\[(<]+|[\])>.,]+$")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")


def origin_date(origins: Sequence[etree._Element], *names: str) -> Date | None:
    """The first of the named dates that is there; one with an encoding before one in words."""
    for name in names:
        found = [one for origin in origins for one in children(origin, name) if text(one)]
        if not found:
            continue
        found.sort(key=_rank)
        start = _date(found[0])
        if start is None:
            continue
        if attribute(found[0], "point") == "start":
            ends = [one for one in found if attribute(one, "point") == "end"]
            end = _date(ends[0]) if ends else None
            if end is not None and end.year is not None and start.year is not None:
                start = replace(start, end=end)
        if attribute(found[0], "qualifier") in ("approximate", "inferred", "questionable"):
            start = replace(start, circa=start.year is not None)
        return start
    return None


def _rank(element: etree._Element) -> tuple[bool, bool]:
    return (
        attribute(element, "point") == "end",
        attribute(element, "encoding").lower() not in _ENCODINGS,
    )


def _date(element: etree._Element) -> Date | None:
    said = _COPYRIGHT.sub("", text(element))
    said = _BRACKETS.sub("", said)
    compact = _COMPACT.fullmatch(said)
    if compact is not None:
        said = "-".join(compact.groups())
    found = read_date(said)
    return found.date if found is not None else None
