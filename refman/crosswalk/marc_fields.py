"""A MARC record's fields, and the kinds of value in them.

MARC (ISO 2709, MARCXML) has a leader, control fields (`001` to `009`) and data fields with two
indicators and subfields. The punctuation of ISBD stands in the subfields themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from refman.crosswalk.words_said import is_said

_ISBD = " /:;,=+\t\n"
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$|(?<=\d)\.$|(?<=\))\.$")
_BRACKETED = re.compile(r"\[([^\[\]]{1,200})\]")


class Field(NamedTuple):
    """A data field."""

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]

    def all(self, codes: str) -> list[str]:
        """The values of some subfields, in the order of the field."""
        return [value for code, value in self.subfields if code in codes and value]

    def first(self, codes: str) -> str:
        """The first value of some subfields; empty where there is none."""
        return next((value for code, value in self.subfields if code in codes and value), "")

    @property
    def text(self) -> str:
        """All of it in one line, as catalogues show it: `10 $a Title : $b more`."""
        parts = " ".join(f"${code} {value}" for code, value in self.subfields if value)
        return f"{self.indicators.replace(' ', '_')} {parts}"


class MarcRecord(NamedTuple):
    """One record."""

    leader: str
    control: tuple[tuple[str, str], ...]
    data: tuple[Field, ...]

    def fields(self, *tags: str) -> Iterator[Field]:
        """The data fields with one of the tags, in the order of the tags."""
        for tag in tags:
            for field in self.data:
                if field.tag == tag:
                    yield field

    def first(self, codes: str, *tags: str) -> str:
        """The first value of some subfields in some fields, without ISBD's punctuation."""
        for field in self.fields(*tags):
            if said := tidy(field.first(codes)):
                return said
        return ""

    def controlled(self, tag: str) -> str:
        """A control field; empty where there is none."""
        return next((value for name, value in self.control if name == tag), "")


def tidy(value: str) -> str:
    """A value without the punctuation that ISBD puts behind it; brackets of additions go too."""
    return _BRACKETED.sub(r"\1", value.strip()).rstrip(_ISBD)


def without_full_stop(value: str) -> str:
    """A heading without the full stop that ends it; that of an abbreviation or initial stays."""
    return _FULL_STOP.sub("", value)


def says_more(field: Field, words: frozenset[str], passed_over: str) -> bool:
    """Whether a field has a word that is not among the words of what was made of its record.

    Subfields under digits are links and codes; those that are passed over are not looked at either.
    """
    return any(
        not is_said(value, words)
        for code, value in field.subfields
        if value and code.isalpha() and code not in passed_over
    )
