"""Variables inside a CSL-JSON `note`, as citeproc-js, Zotero and pandoc read them.

A line `key: value`, or `{:key: value}` anywhere, states a variable that the program at hand has no
field for: `PMID: 123`, `original-date: 1886`, `Original Date: 1886`, `type: dataset`,
`editor: Doe || Jane`, and Better BibTeX's `tex.eprint: 2101.00001` for a field of BibTeX. The key
is CSL's name of the variable, blanks for hyphens, in any case.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_. -]{1,40}?)\s{0,4}:\s{0,8}(\S.{0,4000})")
_BRACED = re.compile(r"\{:([A-Za-z][A-Za-z0-9_. -]{1,40}?)\s{0,4}:\s{0,8}([^{}\n]{1,4000})\}")
_TEX = ("tex.", "bibtex.", "biblatex.")
_KEYS = frozenset(("citation-key", "citekey", "bibtex"))


class Statement(NamedTuple):
    """One variable that a note states, by the key as it came, and the text that it stands in."""

    key: str
    value: str
    raw: str


def statements(note: str) -> list[Statement]:
    """The lines and braces of a note that have the form of a variable, known or not."""
    if ":" not in note:
        return []
    found = [
        Statement(match[1].strip(), match[2].strip(), match[0]) for match in _BRACED.finditer(note)
    ]
    for line in note.split("\n"):
        match = _LINE.fullmatch(line.strip())
        if match is not None:
            found.append(Statement(match[1].strip(), match[2].strip(), line))
    return found


def without(note: str, taken: list[str]) -> str:
    """What is left of a note without some lines and braces."""
    gone = set(taken)
    lines = [line for line in note.split("\n") if line not in gone]
    text = "\n".join(lines)
    if "{:" in text:
        text = _BRACED.sub(lambda match: "" if match[0] in gone else match[0], text)
    return text.strip("\n ")


def variable(key: str) -> str:
    """The name of a CSL variable that a key may mean: `Original Date` is `original-date`."""
    return key.strip().lower().replace(" ", "-")


def tex_field(key: str) -> str | None:
    """The field of BibTeX that a key names, or None."""
    lowered = key.lower()
    for prefix in _TEX:
        if lowered.startswith(prefix) and len(key) > len(prefix):
            return lowered[len(prefix) :]
    return None


def key_in_note(note: object) -> str | None:
    """A citation key that a note states, as Better BibTeX pins it: `Citation Key: doe2020`."""
    if not isinstance(note, str):
        return None
    found = (one.value for one in statements(note) if variable(one.key) in _KEYS)
    return next(found, None)


def is_key(key: str) -> bool:
    """Whether a statement is that of a citation key."""
    return variable(key) in _KEYS
