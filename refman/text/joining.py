"""Lines that were one before a page or a screen cut them, put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CUT = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_COMPOUND = frozenset(
    """
    all anti best case cell class co computer context cost cross data dose double early end ethyl
    evidence ex family first five food four free full gene half health high higher home host human
    ill in inter large late left life light long low lower meta mid middle mini multi near non old
    on one open out over part peer plant point population post pre problem quasi randomized re
    real right risk school second self semi short single six small so socio soft sub super t ten
    third three time top two type under up user water well wide work world x
    """.split()
)
"""Words that stand before a hyphen of their own more often than a line ends within a word there."""


def join_lines(lines: Sequence[str]) -> str:
    """The lines as one, with single blanks; a word that was divided is whole again.

    A hyphen at a line's end goes where small letters stand on both sides of it, but stays behind
    words that make compounds; before a capital, a digit or a sign it always stays.
    """
    text = ""
    for raw in lines:
        line = " ".join(raw.split())
        if not line:
            continue
        cut = _CUT.search(text, max(0, len(text) - 60))
        follows = _GOES_ON.match(line)
        if cut is None or follows is None:
            glued = text.endswith(("-", "\u2010", "–", "/")) and line[0].isalnum()
            text = (
                f"{text}{line}" if glued and len(text) > 1 and text[-2] != " " else f"{text} {line}"
            )
        elif _divided(cut[1], follows.group()):
            text = text[:-1] + line
        else:
            text += line
    return text.strip()


def _divided(before: str, after: str) -> bool:
    return after[0].islower() and before[-1].islower() and before.lower() not in _COMPOUND
