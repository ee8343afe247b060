"""The citations in Typst: `@key`, `#cite(<key>)` and `#cite(label("key"))`.

`@name` is also how Typst refers to figures and sections, so a name that the text itself gives to
something (`<name>`) is no citation. Comments and raw text cite nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.text.citations import Citation, Cited, Included
from refman.text.markup_citations import without_code_spans

_COMMENT = re.compile(r"(?<![:\\])//[^\n]*|/\*")
_CITE = re.compile(r"\bcite\(\s{0,8}(?:<([^<>\s]{1,250})>|label\(\s{0,8}\"([^\"]{1,250})\")")
_REFERENCE = re.compile(r"(?<![\w\\.])@([^\W_](?:[\w:.-]{0,249}\w)?|_[\w:.-]{0,250})")
_LABEL = re.compile(r"<([\w][\w:.-]{0,250})>")
_ADDRESS = re.compile(r"https?://[^\s\"<>]{1,2000}")
_INCLUDE = re.compile(r"#include\s{1,8}\"([^\"]{1,400})\"")


def typst_citations(text: str) -> Iterator[Citation]:
    """What a text in Typst cites and includes, in order."""
    text = _ADDRESS.sub("", without_code_spans(_without_comments(text)))
    found: list[tuple[int, Citation]] = []
    cites = list(_CITE.finditer(text))
    inside = {match.start(1) - 1 for match in cites}
    labels = {match.group(1) for match in _LABEL.finditer(text) if match.start() not in inside}
    found += [(match.start(), Cited(match.group(1) or match.group(2))) for match in cites]
    found += [(match.start(), Included(match.group(1))) for match in _INCLUDE.finditer(text)]
    for match in _REFERENCE.finditer(text):
        if match.group(1) not in labels:
            found.append((match.start(), Cited(match.group(1))))
    for _, citation in sorted(found, key=lambda each: each[0]):
        yield citation


def _without_comments(text: str) -> str:
    kept: list[str] = []
    position = 0
    while (match := _COMMENT.search(text, position)) is not None:
        kept.append(text[position : match.start()])
        position = match.end()
        if match.group() == "/*":
            end = text.find("*/", position)
            position = len(text) if end < 0 else end + 2
    return "".join([*kept, text[position:]])
