"""Given names written as bare initials, as databases have them: `M J`, `MJ`, `Anna M`."""

from __future__ import annotations

import re
from dataclasses import replace

from refman.model.name import Name
from refman.text.names import parse_name

_MOST = 3
"""More capitals in a row than this are rather a name in capitals."""
_TIGHT = re.compile(r"\.(?=[^\W\d_])")
_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV|2nd|3rd|[4-9]th)")


def spelled_initials(given: str, family: str = "") -> str:
    """The given names with a full stop after each initial: `MJ`, `M J` and `M.J.` become `M. J.`

    Up to three capitals that are all there is are initials, unless the family name is in capitals
    too. Names stay as they are.
    """
    initials = given.isupper() and given.isalpha() and len(given) <= _MOST
    if initials and (len(given) == 1 or not family.isupper()):
        return " ".join(f"{letter}." for letter in given)
    if "." in given:
        given = _TIGHT.sub(". ", given)
    words = given.split(" ")
    if any(len(word) == 1 for word in words):
        words = [f"{word}." if len(word) == 1 and word.isupper() else word for word in words]
    return " ".join(words)


def person(text: str) -> Name:
    """A name as `parse_name` reads it, with a full stop after each initial.

    Suffixes are found after the given names too (`Smith, John A 3rd`).
    """
    name = parse_name(text)
    if name.literal is not None or not name.given:
        return name
    head, _, tail = name.given.rpartition(" ")
    if head and name.suffix is None and _SUFFIX.fullmatch(tail):
        name = replace(name, given=head, suffix=tail)
    given = spelled_initials(name.given or "", name.family or "")
    return name if given == name.given else replace(name, given=given)


def surname_first(text: str) -> Name:
    """A name whose initials stand last, as in MEDLINE and on patents: `van Dijk TH Jr`.

    One that does not end in initials is a literal.
    """
    if "," in text:
        return person(text)
    words = text.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
    if len(words) < 2 or not _are_initials(words[-1]):
        return Name(literal=" ".join(text.split()))
    initials = " ".join(f"{letter}." for letter in words.pop() if letter.isalpha())
    name = parse_name(f"{' '.join(words)}, {initials}")
    return replace(name, suffix=suffix) if suffix and name.literal is None else name


def either_order(text: str) -> Name:
    """A name with its initials last (`Smith LJ`, `CHEN X`), or any other as `person` reads it."""
    last = text.rpartition(" ")[2]
    inverted = "," not in text and last.isupper() and len(last.replace(".", "")) <= _MOST
    return surname_first(text) if inverted and " " in text else person(text)


def _are_initials(word: str) -> bool:
    letters = word.replace("-", "").replace(".", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= _MOST + 1
