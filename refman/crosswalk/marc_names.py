"""The people and bodies in a MARC record, with what they did."""

from __future__ import annotations

from typing import NamedTuple

from refman.crosswalk.marc_fields import Field, tidy, without_full_stop
from refman.crosswalk.mods_names import field_of_role, is_no_author
from refman.crosswalk.ris_values import one_line
from refman.model import Name
from refman.text.names import parse_name

_UNIMARC = {
    "070": "author", "651": "editor", "340": "editor", "730": "translator", "440": "illustrator",
    "230": "composer", "300": "director", "590": "performer", "205": "contributor",
    "220": "compiler", "460": "author",
}  # fmt: skip
"""UNIMARC's codes of function."""


class Contributor(NamedTuple):
    """A name, its field (None for one that no citation names), and whether the record tells it."""

    name: Name
    field: str | None
    told: bool


def contributor(field: Field) -> Contributor | None:
    """Who a field names; None where it names nobody."""
    name = _name(field)
    if name is None:
        return None
    roles = [one_line(value).rstrip(".,") for value in field.all("4e")]
    for role in roles:
        known = _UNIMARC.get(role) or field_of_role(role)
        if known is not None:
            return Contributor(name, known, told=True)
    if any(is_no_author(role) for role in roles):
        return Contributor(name, None, told=True)
    default = "contributor" if field.tag in ("710", "711", "712") else "author"
    return Contributor(name, default, told=False)


def _name(field: Field) -> Name | None:
    if field.tag[1] == "1":
        parts = [without_full_stop(tidy(value)) for value in field.all("ab")]
        whole = one_line(". ".join(filter(None, parts)))
        return Name(literal=whole) if whole else None
    heading = one_line(tidy(field.first("a")))
    if not heading.strip(" .,"):
        return None
    given = one_line(tidy(field.first("b")))
    if field.tag in ("700", "701", "702") and given and "," not in heading:
        # UNIMARC has the given names apart; in MARC 21 `b` is a king's number.
        return Name(heading, given) if not _is_number(given) else Name(literal=f"{heading} {given}")
    if field.indicators[:1] == "0" and given:
        return Name(literal=f"{heading} {given}")
    return parse_name(without_full_stop(heading))


def _is_number(text: str) -> bool:
    return bool(text) and all(char in "IVXLC." for char in text)
