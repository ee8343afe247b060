"""Splitting wikitext into citation templates, line by line and within bounds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from refman.ports import Problem

_OPENING = re.compile(r"\{\{\s*(cite [a-z]+|citation)\s*(?=[|}]|$)", re.IGNORECASE)
_BRACES = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
_REF_NAME = re.compile(r"<ref[ \t]+name[ \t]*=[ \t]*[\"']?([^\"'<>/]{1,100})[\"']?[ \t]*>[ \t]*$")
_COMMENT = re.compile(r"<!--[^<]{0,1000}-->")
_LINK = re.compile(r"\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{0,300})\]\]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_LONGEST = 64 * 1024
"""Letters of a template. A longer one is one that is not closed."""


@dataclass(frozen=True, slots=True)
class Template:
    """A citation template: its name, its parameters as they stand there, and where it begins."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    line: int
    text: str
    key: str | None = None
    """The name of the `<ref>` that it stands in."""


def split(lines: Iterable[str]) -> Iterator[Template | Problem]:
    """The templates in numbered lines, one after the other; one that is not closed is a problem.

    Memory is bounded by the longest template, time is in proportion to the text.
    """
    held: list[str] = []
    size = depth = begun = 0
    key: str | None = None
    for number, line in enumerate(lines, start=1):
        place = 0
        while True:
            if depth == 0:
                opening = _OPENING.search(line, place)
                if opening is None:
                    break
                begun, key = number, _key(line[place : opening.start()])
                place, held, size = opening.start(), [], 0
            end, depth = _end(line, place, depth)
            held.append(line[place:end])
            size += end - place
            if depth == 0:
                yield _template("".join(held), begun, key)
                place = end
                continue
            if size > _LONGEST:
                yield _not_closed("".join(held), begun)
                depth = 0
            break
    if depth > 0:
        yield _not_closed("".join(held), begun)


def _end(line: str, place: int, depth: int) -> tuple[int, int]:
    """Where the template ends in a line, and how deep the line leaves it: 0 where it ends."""
    for match in _BRACES.finditer(line, place):
        if match.group() == "{{":
            depth += 1
        elif match.group() == "}}":
            depth -= 1
            if depth == 0:
                return match.end(), 0
    return len(line), depth


def _template(text: str, line: int, key: str | None) -> Template:
    name, *parts = _parts(_COMMENT.sub("", text)[2:-2])
    parameters = []
    for place, part in enumerate(parts, start=1):
        label, equals, value = part.partition("=")
        parameters.append((label, value) if equals else (str(place), part))
    clean = tuple((_clean(label).lower(), _clean(value)) for label, value in parameters)
    return Template(_clean(name).lower(), clean, line, text[:2000], key)


def _parts(body: str) -> list[str]:
    """A template's body, cut at the bars that are not in another template or a link."""
    parts = []
    begun = depth = 0
    for match in _BRACES.finditer(body):
        mark = match.group()
        if mark in ("{{", "[["):
            depth += 1
        elif mark in ("}}", "]]"):
            depth = max(0, depth - 1)
        elif depth == 0:
            parts.append(body[begun : match.start()])
            begun = match.end()
    parts.append(body[begun:])
    return parts


def _clean(value: str) -> str:
    """A value as plain text: links by what they show, characters for their entities."""
    text = html.unescape(_LINK.sub(r"\1", value.replace("{{!}}", "|")))
    return " ".join(_CONTROL.sub(" ", text).split())


def _key(before: str) -> str | None:
    """The name of the reference that a template begins; a name is no key if it has blanks."""
    named = _REF_NAME.search(before[-200:])
    key = named.group(1).strip() if named else ""
    return key if key and key.isprintable() and " " not in key else None


def _not_closed(text: str, line: int) -> Problem:
    return Problem(reason="the template is not closed", line=line, raw=text[:2000])
