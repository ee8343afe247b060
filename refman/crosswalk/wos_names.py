"""The people of a Web of Science record, and what its addresses and ORCIDs say of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from refman.crosswalk.ris_values import one_line
from refman.model import Name
from refman.model.identifier import parse_orcid
from refman.text.initials import either_order

_REMARK = re.compile(r"\s+\([^()]*\)?$")
_ADDRESS = re.compile(r"\[([^\[\]]{1,20000})\]\s*([^\[\]]+)")
_NEXT_ADDRESS = re.compile(r";\s*(?=\[)")


def names(lines: Iterable[str]) -> tuple[Name, ...]:
    """The names on some lines, one on each or several parted by semicolons.

    `Smith, LJ`, `CHEN X` (as on patents) and `James Brown`; what stands in parentheses after a
    name is a remark.
    """
    found: list[Name] = []
    for line in lines:
        for piece in line.split(";"):
            text = _REMARK.sub("", one_line(piece))
            if text.strip(" ,;.") and text.lower() != "[anonymous]":
                found.append(either_order(text))
    return tuple(found)


def group_names(lines: Iterable[str]) -> tuple[Name, ...]:
    """Organisations, one on each line or parted by semicolons."""
    pieces = (one_line(piece) for line in lines for piece in line.split(";"))
    return tuple(Name(literal=text) for text in pieces if text)


def with_orcids(people: Sequence[Name], lines: Sequence[str]) -> tuple[tuple[Name, ...], list[str]]:
    """The names with their ORCIDs out of `Kim, Sungsu/0000-0002-1825-0097; …`, and the rest."""
    found = list(people)
    left: list[str] = []
    places = _Places(people)
    for piece in (one_line(piece) for line in lines for piece in line.split(";")):
        who, slash, number = piece.rpartition("/")
        orcid = parse_orcid(number) if slash else None
        place = places.of(who) if orcid is not None else None
        if place is not None and found[place].ORCID is None:
            found[place] = replace(found[place], ORCID=orcid)
        elif piece:
            left.append(piece)
    return tuple(found), left


def with_addresses(people: Sequence[Name], lines: Sequence[str]) -> tuple[Name, ...] | None:
    """The names with their affiliations out of `[Kim, S.; Lee, J.] Univ X, Seoul.`

    An address without names is everybody's only if there is but one author. None where an address
    names somebody who is no author, or nobody of several: then nothing is sure.
    """
    addresses: dict[int, list[str]] = {}
    known = _Places(people)
    for piece in (piece for line in lines for piece in _NEXT_ADDRESS.split(line)):
        text = one_line(piece)
        match = _ADDRESS.fullmatch(text)
        if match is not None:
            places = [known.of(who) for who in match[1].split(";")]
            address = match[2].strip(" ;")
        else:
            places = [0 if len(people) == 1 else None]
            address = text
        if not address:
            continue
        for place in places:
            if place is None:
                return None
            addresses.setdefault(place, []).append(address)
    return tuple(
        replace(name, affiliation=(*name.affiliation, *addresses[place]))
        if place in addresses
        else name
        for place, name in enumerate(people)
    )


class _Places:
    """Which of some names is meant by another: the one that is the same, or the only one alike."""

    def __init__(self, people: Sequence[Name]) -> None:
        self._same: dict[str, int] = {}
        self._alike: dict[str, list[int]] = {}
        for place, name in enumerate(people):
            self._same.setdefault(_folded(name), place)
            self._alike.setdefault(_short(name), []).append(place)

    def of(self, who: str) -> int | None:
        text = one_line(who)
        if not text:
            return None
        wanted = either_order(text)
        place = self._same.get(_folded(wanted))
        if place is not None:
            return place
        alike = self._alike.get(_short(wanted), [])
        return alike[0] if len(alike) == 1 else None


def _folded(name: Name) -> str:
    return name.inverted.casefold().replace(".", "").replace(" ", "")


def _short(name: Name) -> str:
    return f"{name.full_family},{(name.given or '')[:1]}".casefold()
