"""What a record says that has not come into its description, found by its words.

A field or element may be read in part: a title without its statement of responsibility, the first
publisher of two. Where it has a word that the description has not, it is worth keeping.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from refman.crosswalk.ris_values import one_line
from refman.model import Date, Extra, Name
from refman.text.xml_elements import text
from refman.text.xml_stream import local_name

_WORD = re.compile(r"\d+x?|[^\W\d_]{2,}")
_IN_NUMBER = re.compile(r"(?<=\d)[-\s](?=[\dx])")


class Leaf(NamedTuple):
    """An element without elements in it, by its path (`originInfo/publisher`), and its text."""

    element: etree._Element
    path: str
    text: str


def is_said(text: str, words: frozenset[str]) -> bool:
    """Whether all words and numbers of a text are among some words.

    Of a number in groups, as an ISBN is written, the groups or the whole number.
    """
    folded = one_line(text).casefold()
    return words.issuperset(_words(folded)) or words.issuperset(_words(_joined(folded)))


def words_said(fields: Mapping[str, Any]) -> frozenset[str]:
    """The words in the values of a description's fields."""
    return frozenset(word for value in fields.values() for word in _words_in(value)) | {""}


def unsaid(
    element: etree._Element, words: frozenset[str], passed_over: Collection[str], path: str = ""
) -> Iterator[Leaf]:
    """What in an element has a word that is not among some words.

    Elements of the names that are passed over are not looked into.
    """
    name = local_name(element)
    if name in passed_over:
        return
    here = f"{path}/{name}" if path else name
    if len(element):
        for one in element:
            yield from unsaid(one, words, passed_over, here)
    elif (said := text(element)) and not is_said(said, words):
        yield Leaf(element, here, said)


def _words_in(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield from _all_words(value)
    elif isinstance(value, Name):
        yield from _all_words(" ".join((value.inverted, value.suffix or "")))
        yield from _all_words(f"http https orcid org {value.ORCID}" if value.ORCID else "")
        yield from _words_in(value.affiliation)
    elif isinstance(value, Date):
        yield from map(str, value.parts)
        yield from _words_in(value.end)
        yield from _all_words(value.literal or "")
    elif isinstance(value, Extra):
        yield from _all_words(value.value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _words_in(one)


def _all_words(text: str) -> set[str]:
    folded = one_line(text).casefold()
    return _words(folded) | _words(_joined(folded))


def _joined(text: str) -> str:
    return _IN_NUMBER.sub("", text)


def _words(text: str) -> set[str]:
    return {word.lstrip("0") for word in _WORD.findall(text)}
