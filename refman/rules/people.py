"""How alike two lists of people are: spelt otherwise, abbreviated, turned round, cut short."""

from __future__ import annotations

from collections.abc import Iterable

from refman.model import Name
from refman.rules.likeness import Likeness, is_latin
from refman.text.mojibake import without_mojibake
from refman.text.titles import fold

_MAX_PEOPLE = 60
"""How many are compared one by one."""
_NAMELESS = frozenset(
    (
        "",
        "al",
        "et al",
        "others",
        "and others",
        "anonymous",
        "anon",
        "unknown",
        "na",
        "n a",
        "author",
    )
)


def compare_people(ours: Iterable[Name], theirs: Iterable[Name]) -> Likeness:
    """How alike two lists of names are, the order left aside.

    `NEAR` is said where they share some names, or a family name with other initials.
    """
    a, b = _people(ours), _people(theirs)
    if not a or not b:
        return Likeness.UNKNOWN
    a, b = _same_letters(a, b)
    if len(a) > len(b):
        a, b = b, a
    score = sum(max(_match(one, other) for other in b) for one in a) / len(a)
    if score >= 0.5:
        return Likeness.SAME if score > 0.5 or len(a) > 1 else Likeness.NEAR
    if score > 0:
        return Likeness.NEAR
    # An organisation and the people in it, or two scripts, cannot be compared.
    if all(name.organisation for name in a) or all(name.organisation for name in b):
        return Likeness.UNKNOWN
    if is_latin("".join(a[0].words)) is not is_latin("".join(b[0].words)):
        return Likeness.UNKNOWN
    return Likeness.UNLIKE


class _Person:
    """A name as sets of folded words."""

    __slots__ = ("family", "initials", "organisation", "words")

    def __init__(self, name: Name) -> None:
        given = ""
        if name.literal is not None:
            family = name.literal
        else:
            family = " ".join(p for p in (name.non_dropping_particle, name.family) if p)
            given = name.given or ""
            if not family:
                family, given = given, ""
        words = _letters(family).split()
        others = _letters(given).split()
        self.family = frozenset(word for word in words if len(word) > 1 or not word.isascii())
        self.words = self.family | {word for word in others if len(word) > 1}
        self.family = self.family or self.words
        self.initials = frozenset(word[0] for word in others)
        self.organisation = name.literal is not None and len(words) >= 3


def _letters(text: str) -> str:
    """A name folded so that `Müller`, `Mueller` and `Muller` are one."""
    folded = fold(without_mojibake(text).replace("\ufffd", ""))
    if "e" in folded:
        folded = folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return folded


def _people(names: Iterable[Name]) -> list[_Person]:
    people: list[_Person] = []
    for name in names:
        if fold(name.display) in _NAMELESS:
            continue
        person = _Person(name)
        if person.words:
            people.append(person)
        if len(people) == _MAX_PEOPLE:
            break
    return people


def _same_letters(a: list[_Person], b: list[_Person]) -> tuple[list[_Person], list[_Person]]:
    """Both lists in Latin letters where only one of them is."""
    latin_a, latin_b = (is_latin("".join(people[0].words)) for people in (a, b))
    if latin_a is latin_b:
        return a, b
    from anyascii import anyascii  # noqa: PLC0415

    for person in b if latin_a else a:
        person.family = frozenset(fold(anyascii(word)).replace(" ", "") for word in person.family)
        person.words = frozenset(fold(anyascii(word)).replace(" ", "") for word in person.words)
        person.initials = frozenset()
    return a, b


def _match(a: _Person, b: _Person) -> float:
    """1 for the same name, also turned round; 0.5 for a family name with other initials."""
    if not a.family.isdisjoint(b.family):
        known = a.initials and b.initials
        return 0.5 if known and a.initials.isdisjoint(b.initials) else 1.0
    if not a.family.isdisjoint(b.words) or not b.family.isdisjoint(a.words):
        return 1.0
    return 1.0 if any(_is_close(one, other) for one in a.family for other in b.family) else 0.0


def _is_close(a: str, b: str) -> bool:
    """Two spellings of one name, or one of them with a broken character in it."""
    if a[0] != b[0] or min(len(a), len(b)) < 5:
        return False
    from rapidfuzz import fuzz  # noqa: PLC0415

    return fuzz.ratio(a, b) >= 84
