"""The people of a MEDLINE record, with what stands beside each: short names, addresses, ORCIDs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from refman.crosswalk.ris_values import one_line
from refman.model import Name
from refman.model.identifier import parse_orcid
from refman.text.initials import person, surname_first

_FULL = {"FAU": "author", "FED": "editor"}
_SHORT = {"AU": "author", "ED": "editor"}
_TAGS = frozenset(("FAU", "AU", "CN", "FED", "ED", "AD", "AUID"))


class People(NamedTuple):
    """Authors, editors, and what goes with none of them."""

    author: tuple[Name, ...]
    editor: tuple[Name, ...]
    left: list[tuple[str, str]]


def read_people(fields: Sequence[tuple[str, str]]) -> People:
    """The people among the tags and values of a record, which must be in their order.

    `FAU`, the full name, comes before `AU`, the short one, and stands for it; where a record has
    no full names the short ones do, and a short one without its full one is left. `AD` and `AUID`
    go with the name before them, an `AD` before all names, as in old records, with the first
    author; `CN` is an author in its place.
    """
    reader = _People(any(tag in _FULL and value.strip() for tag, value in fields))
    for tag, value in fields:
        if tag in _TAGS and (text := one_line(value)):
            reader.take(tag, text)
    return reader.result()


class _People:
    def __init__(self, has_full_names: bool) -> None:
        self._has_full_names = has_full_names
        self._named: dict[str, list[Name]] = {"author": [], "editor": []}
        self._first_address: list[str] = []
        self._left: list[tuple[str, str]] = []
        self._short: list[tuple[str, str]] = []
        self._now = ""
        """Whose list the latest name is in."""

    def take(self, tag: str, text: str) -> None:
        if tag in _FULL:
            self._add(_FULL[tag], person(text))
        elif tag == "CN":
            self._add("author", Name(literal=text))
        elif tag in _SHORT:
            if not self._has_full_names:
                self._add(_SHORT[tag], surname_first(text))
            else:
                self._short.append((tag, text))
        elif tag == "AD":
            self._address(text)
        elif not self._now:
            self._left.append((tag, text))
        else:
            self._identify(text)

    def _add(self, field: str, name: Name) -> None:
        self._named[field].append(name)
        self._now = field

    def _latest(self) -> Name:
        return self._named[self._now][-1]

    def _address(self, text: str) -> None:
        if not self._now:
            self._first_address.append(text)
            return
        name = self._latest()
        self._named[self._now][-1] = replace(name, affiliation=(*name.affiliation, text))

    def _identify(self, text: str) -> None:
        """`ORCID: 0000-0002-1825-0097`; other identifiers are kept with whose they are."""
        name = self._latest()
        orcid = parse_orcid(text) if "isni" not in text.lower() else None
        if orcid is not None and name.ORCID in (None, orcid):
            self._named[self._now][-1] = replace(name, ORCID=orcid)
        else:
            self._left.append(("AUID", f"{name.inverted}: {text}"))

    def result(self) -> People:
        authors, editors = self._named["author"], self._named["editor"]
        if self._first_address and authors:
            known = authors[0].affiliation
            authors[0] = replace(authors[0], affiliation=(*self._first_address, *known))
        else:
            self._left += [("AD", text) for text in self._first_address]
        full = {_initial(name) for name in (*authors, *editors)}
        self._left += [one for one in self._short if _initial(surname_first(one[1])) not in full]
        return People(tuple(authors), tuple(editors), self._left)


def _initial(name: Name) -> str:
    """`smith,j`, by which a short name is known to stand for a full one."""
    family = "".join(char for char in name.full_family.casefold() if char.isalnum())
    return f"{family},{(name.given or '')[:1].casefold()}"
