"""Text from outside, made harmless for a terminal."""

from __future__ import annotations

import re
from functools import cache

_UNSAFE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_MARKS = re.compile(r"</?(?:i|b|sup|sub)>|</?span(?: [^<>]{0,80})?>")


@cache
def _unsafe() -> re.Pattern[str]:
    # Compiled at need: most of what is printed has nothing of it.
    return re.compile(_UNSAFE)


def plain(text: str) -> str:
    """The text without control characters and reversals of writing direction."""
    # What is to be taken out is never printable, and most text is.
    return text if text.isprintable() else _unsafe().sub("", text)


def one_line(text: str | None) -> str:
    """The text on one line, without the inline marks of titles."""
    line = plain(text or "")
    if "<" in line:
        line = _MARKS.sub("", line)
    return " ".join(line.split())


def escape_json(text: str) -> str:
    """JSON text in which what a terminal would obey is escaped; the values stay the same."""
    return _unsafe().sub(lambda match: f"\\u{ord(match.group()):04x}", text)
