"""The regular expressions that templates of citation keys may hold: a subset that cannot run away.

Signs, classes (`[a-z]`, `\\d`, `\\s`, `\\w`), `.`, `^`, `$`, `|` between whole alternatives, and
`+`, `*`, `?` or `{2}` behind a single sign or class. Groups and back-references are refused. A
repetition takes all that it can and gives nothing back, which is what keeps the time linear for
each place it is tried at: `.*x` finds nothing.
"""

from __future__ import annotations

import re

MAX_PATTERN = 200

_TOKEN = re.compile(
    r"(?P<class>\[\^?(?:\]|\\.|[^\]\\])(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<anchor>[\^$])"
    r"|(?P<or>\|)|(?P<any>\.)|(?P<sign>[^\\\[\](){}*+?|^$.])",
    re.DOTALL,
)
_REPEAT = re.compile(r"[*+?]|\{\d{1,3}(?:,\d{0,3})?\}")
_CLASSES = "dDsSwWbB"


def safe_pattern(text: str, flags: str = "") -> re.Pattern[str]:
    """A pattern of the subset. `i` in the flags disregards letter case.

    Raises `ValueError`, saying why, for one that is not of it.
    """
    if len(text) > MAX_PATTERN:
        raise ValueError(f"a regular expression may have {MAX_PATTERN} characters")
    pieces: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(
                f"a regular expression may not have {text[position]!r} here; "
                "groups are not understood"
            )
        position = token.end()
        pieces.append(_piece(token))
        repeat = _REPEAT.match(text, position)
        if repeat is not None:
            if token.lastgroup in ("anchor", "or"):
                raise ValueError(f"nothing stands before {repeat.group()!r}")
            position = repeat.end()
            pieces.append(repeat.group() + "+")
    try:
        return re.compile("".join(pieces), re.IGNORECASE if "i" in flags else 0)
    except (re.error, OverflowError) as error:
        raise ValueError(f"the regular expression makes no sense: {error}") from error


def _piece(token: re.Match[str]) -> str:
    text = token.group()
    if token.lastgroup == "class":
        # What Python would take for a set of sets some day, or warns of now.
        begin = 2 if text[1] == "^" else 1
        inner = re.sub(r"(?<!\\)\[|([&~|-])(?=\1)", lambda m: "\\" + m.group(), text[begin:-1])
        return text[:begin] + inner + "]"
    if token.lastgroup == "escape":
        sign = text[1]
        if sign in _CLASSES:
            return text
        if sign.isalnum():
            raise ValueError(f"a regular expression may not have {text!r}")
        return re.escape(sign)
    return text if token.lastgroup in ("anchor", "or", "any") else re.escape(text)
