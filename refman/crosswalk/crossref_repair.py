"""Mojibake in Crossref's records (`MÃ¼ller`), repaired before they are mapped.

Some publishers deposited UTF-8 that had been read as Windows-1252. `repair_mojibake` changes only
what is certainly that; what was changed is a guess all the same, and the text as it came is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refman.crosswalk.crossref_names import read_names
from refman.text.markup import plain_text
from refman.text.mojibake import repair_mojibake

_FIELDS = {
    "abstract": ("abstract",),
    "author": ("author",),
    "chair": ("chair",),
    "container-title": ("container_title", "collection_title"),
    "contributor": ("contributor",),
    "editor": ("editor",),
    "event": ("event_title", "event_place"),
    "group-title": ("container_title",),
    "institution": ("publisher", "publisher_place"),
    "original-title": ("original_title",),
    "publisher": ("publisher",),
    "publisher-location": ("publisher_place",),
    "short-container-title": ("container_title_short",),
    "short-title": ("title_short",),
    "title": ("title",),
    "subtitle": ("title", "title_short"),
    "translator": ("translator",),
}
"""The fields of a record that are text for people, and the fields they are mapped to."""
_NAMES = frozenset(("author", "chair", "contributor", "editor", "translator"))
_DEPTH = 6


def repaired(message: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The record as it was meant, and as they came the fields of the description it changes."""
    changed: dict[str, Any] = {}
    verbatim: dict[str, str] = {}
    for key, fields in _FIELDS.items():
        value = message.get(key)
        if value is None or not any(_is_damaged(text) for text in _texts(value)):
            continue
        changed[key] = _repair(value)
        text = _as_it_came(key, value)
        for field in fields:
            verbatim[field] = f"{verbatim[field]}: {text}" if field in verbatim else text
    return ({**message, **changed}, verbatim) if changed else (message, verbatim)


def _texts(value: object, depth: int = _DEPTH) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)) and depth:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item, depth - 1)


def _is_damaged(text: str) -> bool:
    return not text.isascii() and repair_mojibake(text) != text


def _repair(value: Any, depth: int = _DEPTH) -> Any:
    if isinstance(value, str):
        return repair_mojibake(value)
    if isinstance(value, list) and depth:
        return [_repair(item, depth - 1) for item in value]
    if isinstance(value, dict) and depth:
        return {key: _repair(item, depth - 1) for key, item in value.items()}
    return value


def _as_it_came(key: str, value: Any) -> str:
    if key in _NAMES:
        names, verbatim = read_names(value)
        return verbatim or "; ".join(name.inverted for name in names)
    return ": ".join(plain_text(text) for text in _texts(value))
