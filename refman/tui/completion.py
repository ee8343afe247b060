"""What the last word of a query could go on as: fields, states, tags, collections, searches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from refman.model import FIELDS
from refman.rules.query import READ, STATES, TERM_FIELDS
from refman.tui.display import one_line

MOST = 200
"""Completions that are looked for."""
_LAST = re.compile(r'(?:^|[\s(])(?P<word>-?(?:[A-Za-z_]+:(?:"[^"]*|[^\s()"]*)|[A-Za-z_]+))$')
_COMMON = ("author", "title", "journal", "year", "abstract", "keyword", "doi", "type", "key")
_OTHERS = ("tag", "collection", "search", "has", "missing", "is")
_BESIDE = ("tag", "collection", "note", "file")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names in use in a library."""

    tags: Sequence[str] = ()
    collections: Sequence[str] = ()
    searches: Sequence[str] = ()


def completions(text: str, vocabulary: Vocabulary) -> list[str]:
    """What the last word of a query could be, whole, the likeliest first; none where it is done."""
    match = _LAST.search(text)
    if match is None:
        return []
    word = match["word"]
    sign, bare = ("-", word[1:]) if word.startswith("-") else ("", word)
    field, colon, begun = bare.partition(":")
    found = _values(field.lower(), vocabulary) if colon else _fields()
    start = begun.removeprefix('"').lower() if colon else bare.lower()
    whole = []
    for value in found:
        if value.lower().startswith(start) and (not colon or value.lower() != start):
            shown = f"{field}:{_quoted(value)}" if colon else f"{value}:"
            whole.append(sign + shown)
            if len(whole) == MOST:
                break
    return whole


def completed(text: str, vocabulary: Vocabulary) -> str | None:
    """The query with its last word gone on, as far as one likely word is known for it."""
    match, found = _LAST.search(text), completions(text, vocabulary)
    if match is None or not found or len(match["word"].lstrip("-")) < 2:
        return None
    head = text[: match.start("word")]
    first = found[0]
    word = match["word"]
    # Only what goes on behind what was typed can be shown behind it.
    if not first.lower().startswith(word.lower()):
        return None
    return head + word + first[len(word) :]


def _fields() -> Iterator[str]:
    yield from _COMMON
    yield from _OTHERS
    yield from sorted({*TERM_FIELDS} - {*_COMMON, *_OTHERS})


def _values(field: str, vocabulary: Vocabulary) -> Iterable[str]:
    match field:
        case "tag":
            return vocabulary.tags
        case "collection":
            return vocabulary.collections
        case "search" | "saved":
            return vocabulary.searches
        case "is":
            return sorted({READ, f"un{READ}", *(state for state in STATES if "_" not in state)})
        case "has" | "missing":
            return [*_BESIDE, *sorted(name.lower() for name in FIELDS)]
        case _:
            return ()


def _quoted(value: str) -> str:
    plain = one_line(value)
    return f'"{plain}"' if re.search(r'[\s()"]', plain) else plain
