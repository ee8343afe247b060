"""The contributors of a Crossref record as names.

Deposits are taken at their word but for four things: placeholders (`-`, `et al.`) are no names,
a person's whole name in the family field is left in one piece, names in capitals are brought to
mixed case, and whoever is listed twice is named once; the last two are guesses. A particle that
the deposit lost (`Der Aa` for `van der Aa`) stays lost, and given and family name that were
swapped stay swapped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from refman.crosswalk.crossref_values import items, line, mappings, unlisted
from refman.model import Name
from refman.model.identifier import parse_orcid

_PLACEHOLDERS = frozenset(
    ("-", "--", "–", "—", ".", ",", "et al", "et al.", "et. al.", "et. al", "and others", "n/a",
     "[object object]", "null", "undefined")
)  # fmt: skip
_KEYS = (
    "ORCID", "affiliation", "authenticated-orcid", "family", "given", "literal", "name", "role",
    "sequence", "suffix",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]*)*")
_VOWELS = frozenset("AEIOUYÄÖÜÅÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÃÕ")


class Names(NamedTuple):
    """The names; the same in the letter case that came, where that was changed."""

    names: tuple[Name, ...]
    verbatim: str | None = None


def says_more(value: object) -> bool:
    """Whether contributors have what `Name` has no place for: a title, a CRediT role."""
    return unlisted(value, _KEYS) or any(
        role.get("vocabulary") not in (None, "crossref")
        for entry in mappings(value)
        for role in mappings(entry.get("role"))
    )


def read_names(value: object) -> Names:
    """The contributors of one role, in order."""
    listed = tuple(name for entry in mappings(value) if (name := _name(entry)) is not None)
    names = _each_once(listed)
    if any(_has_capitals(name) for name in names):
        strict = _all_in_capitals(names)
        names = tuple(_recase(name, strict) for name in names)
    if names == listed:
        return Names(names)
    return Names(names, "; ".join(name.inverted for name in listed))


def _each_once(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Without names that a deposit repeats: one in a row, or the whole list again.

    A name that stands twice in a row is one person, listed once for each affiliation, unless it is
    abbreviated or their ORCIDs differ. Further apart two people may bear it.
    """
    half = len(names) // 2
    if half > 1 and len(names) == 2 * half and all(map(_is_same, names[:half], names[half:])):
        names = tuple(map(_united, names[:half], names[half:]))
    once = list(names[:1])
    for name in names[1:]:
        if _is_same(once[-1], name) and _is_spelt_out(name):
            once[-1] = _united(once[-1], name)
        else:
            once.append(name)
    return names if len(once) == len(names) else tuple(once)


def _is_same(one: Name, other: Name) -> bool:
    same = (one.family, one.given, one.suffix, one.literal) == (
        other.family, other.given, other.suffix, other.literal,
    )  # fmt: skip
    return same and (one.ORCID == other.ORCID or not one.ORCID or not other.ORCID)


def _is_spelt_out(name: Name) -> bool:
    """Whether it is more than a family name and initials, which many people share."""
    if name.literal is not None:
        return " " in name.literal
    return any(len(word.strip(".")) > 2 for word in re.split(r"[\s.]+", name.given or ""))


def _united(one: Name, other: Name) -> Name:
    affiliation = tuple(dict.fromkeys((*one.affiliation, *other.affiliation)))
    return replace(one, ORCID=one.ORCID or other.ORCID, affiliation=affiliation)


def _name(entry: Mapping[str, Any]) -> Name | None:
    orcid = _orcid(entry.get("ORCID"))
    affiliation = _affiliation(entry.get("affiliation"))
    literal = _real(entry.get("name")) or _real(entry.get("literal"))
    family, given = _real(entry.get("family")), _real(entry.get("given"))
    if family is None and given is None:
        if literal is None:
            return None
        return Name(literal=literal, ORCID=orcid, affiliation=affiliation)
    suffix = _real(entry.get("suffix"))
    if family is None or (given is None and " " in family):
        # One name only, or a whole name that the depositor did not split.
        whole = " ".join(part for part in (family or given, suffix) if part)
        return Name(literal=whole, ORCID=orcid, affiliation=affiliation)
    return Name(family, given, suffix, ORCID=orcid, affiliation=affiliation)


def _real(value: object) -> str | None:
    """A part of a name, if it is one and no placeholder."""
    text = line(value)
    return None if text is None or text.lower() in _PLACEHOLDERS else text


def _orcid(value: object) -> str | None:
    text = line(value)
    return None if text is None else parse_orcid(text) or text


def _affiliation(value: object) -> tuple[str, ...]:
    if not value:
        return ()
    found = (line(item.get("name") if isinstance(item, dict) else item) for item in items(value))
    return tuple(dict.fromkeys(text for text in found if text))


# Capitals


def _has_capitals(name: Name) -> bool:
    return bool((name.family and _is_shouted(name.family)) or (name.given and name.given.isupper()))


def _is_shouted(family: str) -> bool:
    """Whether a family name is in capitals, but for a particle: `von SALLMANN`, `GEIßEL`."""
    if family.isupper():
        return True
    if family.islower() or family.istitle():
        return False
    words = family.replace("ß", "").split()
    return all(word.isupper() or word.islower() for word in words) and any(
        word.isupper() and len(word) > 2 for word in words
    )


def _all_in_capitals(names: tuple[Name, ...]) -> bool:
    """Whether every family name is in capitals, so that also the short and lone ones are."""
    long = [name for name in names if name.family and len(name.family) > 2]
    people = any(name.given for name in long)
    return people and all(_is_shouted(name.family or "") for name in long)


def _recase(name: Name, strict: bool) -> Name:
    family, given = name.family, name.given
    shouted = bool(family and _is_shouted(family) and (len(family) > 2 or strict))
    # One word without a given name may be an organisation's: `UNICEF`.
    if family and shouted and (given or strict) and "." not in family:
        name = replace(name, family=_WORD.sub(lambda match: _family_word(match.group()), family))
    if given and given.isupper():
        name = replace(name, given=_WORD.sub(lambda match: _given_word(match.group()), given))
    return name


def _family_word(word: str) -> str:
    return word if word.islower() else _capitalised(word)


def _given_word(word: str) -> str:
    """A given name in mixed case; what may be initials (`AJS`, `YU.`) stays as it is."""
    if "." in word or len(word) < 3:
        return word
    if len(word) == 3 and not (word[1] in _VOWELS and word[0] not in _VOWELS):
        return word
    return word if not _VOWELS.intersection(word) and word.isascii() else _capitalised(word)


def _capitalised(word: str) -> str:
    if word.startswith("MC") and len(word) > 4:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()
