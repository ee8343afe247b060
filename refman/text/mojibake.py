"""Text whose UTF-8 was once read as Windows-1252 (`MÃ¼ller`), read aright.

Only what is certain is repaired: every character beyond ASCII must be a part of a well-formed
UTF-8 sequence when written as Windows-1252, as good text never is by chance. A text in which one
such character was lost, or good and bad stand side by side, stays as it came.
"""

from __future__ import annotations

import re

_FOLLOWING = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""What the second and later bytes of a character look like in Windows-1252."""
_SUSPECT = re.compile(f"[\u00c2-\u00f4]{_FOLLOWING}")
_USUAL = re.compile(f"[\u00c2-\u00c5]{_FOLLOWING}|\u00e2\u20ac{_FOLLOWING}?")
"""Accented Latin letters, and the punctuation of printers."""
_MAX_TIMES = 2


def repair_mojibake(text: str) -> str:
    """The text as it was meant, where that is certain; else as it is."""
    for _ in range(_MAX_TIMES):
        if text.isascii() or _SUSPECT.search(text) is None:
            break
        try:
            text = b"".join(map(_byte, text)).decode("utf-8")
        except UnicodeError:
            break
    return text


def _byte(char: str) -> bytes:
    """A character as Windows-1252 has it; the five that it lacks were passed on as controls."""
    return char.encode("latin-1" if "\x80" <= char <= "\x9f" else "cp1252")


def without_mojibake(text: str) -> str:
    """The text as it is best compared: what cannot be repaired for certain is repaired in pieces.

    What is left of a sequence in which a character was lost goes. Good text may suffer, so the
    outcome is not to be kept.
    """
    text = repair_mojibake(text)
    return text if text.isascii() else _USUAL.sub(lambda match: _repaired(match.group()), text)


def _repaired(run: str) -> str:
    """The character that a sequence stands for, or none."""
    repaired = repair_mojibake(run)
    return "" if repaired == run else repaired
