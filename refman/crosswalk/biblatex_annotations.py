"""biblatex's data annotations (manual, 3.7): what a field says, said of a field or of a name in it.

Three uses are made of them, which other programs pass over:

- `title+an:volume = {="12A"}` is a field that the data model does not allow in the entry;
- `title+an = {=supplied}` marks a field that stands only because the data model asks for it;
- `author+an:orcid = {2="0000-0002-1825-0097"}` and `author+an:affiliation` are of people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from refman.crosswalk.bibtex_fields import NAME_OF
from refman.model import Name
from refman.model.identifier import parse_orcid
from refman.text.latex import decode, encode

CARRIER = "title+an:"
MARK = "+an"
SUPPLIED = "=supplied"
_PEOPLE = ("orcid", "affiliation")
_ITEM_START = re.compile(r'(?:\A|"; ?)(\d{1,5})="')
_QUOTE = re.compile(r'(?<!\\)"')
_QUOTE_COMMAND = "\\textquotedbl{}"
_VARIABLE_OF = {name: variable for variable, name in NAME_OF.items()}
_KNOWN = frozenset(("author", "bookauthor", "editor", "translator"))
_OTHERS = {
    f"{CARRIER}{name}-{kind}": (variable, kind)
    for name, variable in _VARIABLE_OF.items()
    for kind in _PEOPLE
}
_SAID_OF = _OTHERS | {
    f"{name}{MARK}:{kind}": (_VARIABLE_OF[name], kind) for name in _KNOWN for kind in _PEOPLE
}
"""The annotations of people, and of whom each says what.

Those whom biblatex knows by another name only, or not at all, are named in the title's.
"""


def carried(value: str) -> str:
    """The value of a field as the annotation that carries it."""
    return f'="{value}"'


def bare_name(name: str) -> str:
    """The field that is carried in an annotation, or annotated by it; any other as it is."""
    if name.startswith(CARRIER):
        return name.removeprefix(CARRIER).removesuffix("-orcid").removesuffix("-affiliation")
    return name.partition(MARK)[0]


def settle(fields: dict[str, str]) -> dict[str, str]:
    """Put carried fields in their places, drop supplied ones; what is said of people comes back."""
    people: dict[str, str] = {}
    for name in tuple(fields):
        if MARK not in name:
            continue
        value = fields[name]
        if name in _SAID_OF:
            people[name] = value
        elif name.startswith(CARRIER) and value.startswith('="') and value.endswith('"'):
            fields[name.removeprefix(CARRIER)] = value[2:-1]
            del fields[name]
        elif name.endswith(MARK) and value == SUPPLIED:
            fields.pop(name.removesuffix(MARK), None)
            del fields[name]
    return people


def annotate_people(people: dict[str, str], values: dict[str, Any], fields: dict[str, str]) -> None:
    """Give the people of a description their ORCID iDs and affiliations.

    What does not fit stays in `fields`.
    """
    for name, raw in people.items():
        variable, kind = _SAID_OF[name]
        named = list(values.get(variable, ()))
        items = _items(" ".join(raw.split()))
        if not items or any(not 0 < number <= len(named) for number, _ in items):
            continue
        for number, text in items:
            place = number - 1
            said = decode(text)
            if kind == "orcid":
                named[place] = replace(named[place], ORCID=parse_orcid(said) or said)
            elif said:
                known = named[place].affiliation
                named[place] = replace(named[place], affiliation=(*known, said))
        values[variable] = tuple(named)
        del fields[name]


def _items(value: str) -> list[tuple[int, str]]:
    """The numbered texts in `1="…"; 2="…"`; none where it is not all of that form."""
    starts = list(_ITEM_START.finditer(value))
    if not starts or starts[0].start() > 0 or value[-1] != '"' or starts[-1].end() == len(value):
        return []
    ends = [start.start() for start in starts[1:]] + [len(value) - 1]
    return [(int(start[1]), value[start.end() : end]) for start, end in zip(starts, ends)]


def people_annotations(
    variable: str, names: Sequence[Name], *, unicode: bool
) -> list[tuple[str, str]]:
    """The annotations that say of people what their names do not: fields and their values."""
    orcids = [(n, name.ORCID) for n, name in enumerate(names, 1) if name.ORCID]
    homes = [(n, home) for n, name in enumerate(names, 1) for home in name.affiliation]
    field = NAME_OF[variable]
    return [
        (
            f"{field}{MARK}:{kind}" if field in _KNOWN else f"{CARRIER}{field}-{kind}",
            "; ".join(f'{number}="{_quoted(text, unicode=unicode)}"' for number, text in said),
        )
        for kind, said in zip(_PEOPLE, (orcids, homes))
        if said
    ]


def _quoted(text: str, *, unicode: bool) -> str:
    # An accent's `\\"` is not mistaken for the end: no semicolon follows it.
    return _QUOTE.sub(lambda _: _QUOTE_COMMAND, encode(text, unicode=unicode))
