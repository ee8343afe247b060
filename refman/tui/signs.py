"""The signs before a work: what they look like and what they mean."""

from __future__ import annotations

import os
import sys

from refman.store import Row

WIDTH = 5
"""Cells of the signs: marked, how it stands, read, note, file."""

_STANDINGS = {"retracted": "R", "concern": "E", "corrected": "C", "superseded": "P"}
_ENRICHMENT = {
    "enriched": "+",
    "unchanged": "=",
    "pending": "~",
    "not_found": "?",
    "mismatch": "≠",
    "failed": "!",
}
_PROPOSED = "*"
_MARKED, _READ, _NOTE, _FILE = "●", "✓", "✎", "⧉"
_PLAIN = {"●": "#", "✓": "v", "✎": "n", "⧉": "f", "≠": "x"}
"""For terminals that have no such characters."""
_SIMPLE_TERMINALS = ("linux", "vt100", "vt102", "vt220", "ansi")

_MEANINGS = (
    (_MARKED, "marked"),
    ("R", "retracted"),
    ("E", "an expression of concern was published"),
    ("C", "corrected"),
    ("P", "a preprint now published, or replaced"),
    (_PROPOSED, "something is proposed for it (r reviews)"),
    ("+", "enriched"),
    ("=", "asked for, nothing new"),
    ("~", "waiting for enrichment"),
    ("?", "no source knows its DOI"),
    ("≠", "its DOI belongs to another work"),
    ("!", "enrichment failed"),
    (_READ, "read (it has the tag read)"),
    (_NOTE, "has a note"),
    (_FILE, "has a file"),
)


def are_plain() -> bool:
    """Whether this terminal is to have signs in ASCII: it says so, or REFMAN_ASCII does."""
    if os.environ.get("REFMAN_ASCII"):
        return True
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return "utf" not in encoding.lower() or os.environ.get("TERM", "") in _SIMPLE_TERMINALS


def shown(text: str) -> str:
    """The signs as this terminal can show them."""
    return text.translate(_TABLE) if are_plain() else text


_TABLE = str.maketrans(_PLAIN)


def meanings() -> list[tuple[str, str]]:
    """Each sign with what it means, for the help."""
    return [(shown(sign), meaning) for sign, meaning in _MEANINGS]


def signs(row: Row, *, marked: bool) -> str:
    """The signs of a work: whether it is marked, what to know first, and what there is with it."""
    stands = _STANDINGS.get(row.status or "") or (
        _PROPOSED if row.marks.proposed else _ENRICHMENT.get(row.enrichment or "", " ")
    )
    beside = zip((_READ, _NOTE, _FILE), row.marks[:3], strict=True)
    text = (_MARKED if marked else " ") + stands
    return shown(text + "".join(sign if there else " " for sign, there in beside))
