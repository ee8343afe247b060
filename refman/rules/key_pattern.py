"""Reading the citation key patterns of JabRef: `[auth:lower][year]_[shorttitle]`.

A marker stands in square brackets, with modifiers behind colons; what stands between is text. A
marker is one of JabRef's, or a field's name; in capitals it is a field's. `|` between patterns
means the first that gives anything.
"""

from __future__ import annotations

import re
from typing import Any

from refman.model import Description
from refman.rules.key_creators import Creators, family_alone, family_with_particle
from refman.rules.key_filters import KEY_SIGNS, MODIFIERS
from refman.rules.key_replacing import safe_pattern
from refman.rules.key_template import (
    FirstOf,
    Function,
    Joined,
    Node,
    Step,
    Subject,
    Template,
    Text,
    Value,
    bind,
    fault,
    named,
)
from refman.rules.key_values import (
    day,
    entry_type,
    field_of,
    field_text,
    month_name,
    plain_title,
    short_title,
    short_year,
    year,
)
from refman.rules.key_words import PATTERN_WORDS
from refman.text.transliteration import to_ascii

_MARKER = re.compile(
    r"(?P<pure>pure)?(?P<name>[a-z]+?(?:\.[a-z]+)*?)(?P<n>\d{1,3})?(?:_(?P<m>\d{1,3}))?",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?P<name>[A-Za-z_]+?)(?P<n>\d{1,4})?(?=[:\](,=]|$)")
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_UNWANTED = re.compile(r"[-:]")
_LITERAL = re.compile(r"[A-Za-z0-9_:.+/-]+")

_alone = Creators(family_alone, every_initial=False)
_whole = Creators(family_with_particle, every_initial=False)


def parse_pattern(text: str) -> Template:
    """Read a pattern. Raises `UsageError`, which shows where the mistake is."""
    return Template(_Parser(text).pattern(), PATTERN_WORDS, finish)


def finish(text: str, language: str | None) -> str:
    """The key, in ASCII and without what a key cannot hold."""
    return "".join(KEY_SIGNS.findall(to_ascii(text, language)))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def pattern(self) -> Node:
        choices: list[Node] = []
        parts: list[Node] = []
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign == "[":
                parts.append(self._marker())
            elif sign == "|" and parts:
                choices.append(Joined(tuple(parts)))
                parts = []
                self._at += 1
            else:
                parts.append(self._literal())
        if not parts:
            raise self._wrong("a pattern is missing")
        choices.append(Joined(tuple(parts)))
        return choices[0] if len(choices) == 1 else FirstOf(tuple(choices))

    def _wrong(self, message: str, position: int | None = None, hint: str = "") -> Exception:
        return fault(self._text, self._at if position is None else position, message, hint)

    def _literal(self) -> Node:
        match = _LITERAL.match(self._text, self._at)
        if match is None:
            raise self._wrong(
                f"a key cannot hold {self._text[self._at]!r}",
                hint="Letters, digits and _:.+/- may stand in one.",
            )
        self._at = match.end()
        return Text(match.group())

    def _marker(self) -> Node:
        start = self._at + 1
        end = next(
            (i for i in range(start, len(self._text)) if self._text[i] in ":]"), len(self._text)
        )
        marker = _function(self._text, self._text[start:end], start)
        self._at = end
        filters = [_wanted]
        while self._at < len(self._text) and self._text[self._at] == ":":
            self._at += 1
            filters.insert(len(filters) - 1, self._modifier())
        if self._text[self._at : self._at + 1] != "]":
            raise self._wrong("']' is missing")
        self._at += 1
        return Value(marker, (), tuple(filters))

    def _modifier(self) -> Step:
        start = self._at
        if self._text[start : start + 1] == "(":
            end = self._text.find(")", start)
            if end < 0:
                raise self._wrong("')' is missing")
            self._at = end + 1
            default = MODIFIERS["default"]
            return Step(default, (self._text[start + 1 : end],))
        match = _MODIFIER.match(self._text, start)
        if match is None:
            raise self._wrong("a modifier is expected behind ':'")
        function = named(MODIFIERS, match.group("name"), "modifier", self._text, start)
        self._at = match.end()
        given: list[tuple[str | None, Any, int]] = []
        if match.group("n"):
            given.append((None, int(match.group("n")), match.start("n")))
        sign = self._text[self._at : self._at + 1]
        if sign == "(":
            given += self._arguments(is_pattern=function.name == "regex")
        elif sign and sign in ",=":
            given += self._bare_arguments(function)
        return Step(function, bind(function, given, self._text, start))

    def _bare_arguments(self, function: Function) -> list[tuple[str | None, Any, int]]:
        """Arguments behind commas, as the older patterns of Better BibTeX have them."""
        start = self._at + 1
        ends = (at for at in range(start, len(self._text)) if self._text[at] in ":]")
        self._at = next(ends, len(self._text))
        given: list[tuple[str | None, Any, int]] = []
        for place, text in enumerate(self._text[start : self._at].split(",")):
            known = function.parameters[place : place + 1]
            number = bool(known) and known[0].kind is int and re.fullmatch(r"-?\d{1,6}", text)
            given.append((None, int(text) if number else text, start))
            start += len(text) + 1
        return given

    def _arguments(self, *, is_pattern: bool) -> list[tuple[str | None, Any, int]]:
        given: list[tuple[str | None, Any, int]] = []
        self._at += 1
        while True:
            match = _QUOTED.match(self._text, self._at)
            if match is None:
                raise self._wrong('a text in double quotes (") is expected')
            raw = match.group(1)
            value: Any = raw.replace('\\"', '"')
            if is_pattern and not given:
                try:
                    # JabRef's own examples write the backslash twice.
                    value = safe_pattern(raw.replace("\\\\", "\\"))
                except ValueError as error:
                    raise self._wrong(str(error)) from error
            given.append((None, value, self._at))
            self._at = match.end()
            sign = self._text[self._at : self._at + 1]
            self._at += 1
            if sign == ")":
                return given
            if sign != ",":
                self._at -= 1
                raise self._wrong("',' or ')' is missing")


def _function(text: str, marker: str, position: int) -> Function:
    """What a marker stands for. Raises `UsageError` with the markers there are."""
    field = field_of(marker)
    if marker.isupper() and field is not None:
        return Function(marker, _reader(field))
    match = _MARKER.fullmatch(marker)
    if match is not None:
        name = match.group("name").lower()
        people = _PEOPLE.get(name)
        if people is not None:
            kind = "editor" if name.startswith("ed") else "author" if match.group("pure") else "*"
            count, which = match.group("n"), match.group("m")
            return Function(marker, people(kind, int(count or 0), int(which or 1)))
        numbered = _NUMBERED.get(name)
        if numbered is not None and match.group("n"):
            count, which = int(match.group("n")), int(match.group("m") or 0)
            return Function(marker, numbered(count, which))
    simple = _SIMPLE.get(marker.lower())
    if simple is not None:
        return Function(marker, simple)
    if field is not None:
        return Function(marker, _reader(field))
    known = ", ".join([*_PEOPLE, *_SIMPLE, *(f"{name}N" for name in _NUMBERED)])
    raise fault(
        text, position, f"there is no marker {marker!r}", f"There are {known}, and names of fields."
    )


def _reader(field: str) -> Any:
    def read(subject: Subject) -> str:
        description: Description = subject.description
        return field_text(description, field)

    return read


def _by(method: Any, *arguments: Any) -> Any:
    def run(subject: Subject) -> str:
        found: str = method(subject, *arguments)
        return found

    return run


_PEOPLE: dict[str, Any] = {
    "auth": lambda kind, n, m: _by(_alone.auth, n, m, kind),
    "authfirstfull": lambda kind, n, m: _by(_whole.auth, n, m, kind),
    "authforeini": lambda kind, _n, _m: _by(_alone.fore_initial, kind),
    "auth.etal": lambda kind, _n, _m: _by(_alone.et_al, kind, False, ".", "etal"),
    "authetal": lambda kind, _n, _m: _by(_alone.et_al, kind, False, ""),
    "auth.auth.ea": lambda kind, _n, _m: _by(_alone.two_and_ea, kind),
    "authors": lambda kind, n, _m: _by(_alone.several, n, kind, False, ""),
    "authorsalpha": lambda kind, _n, _m: _by(_alone.alpha, kind, False, ""),
    "authini": lambda kind, n, _m: _by(_alone.shared_beginnings, n, kind),
    "authorini": lambda kind, _n, _m: _by(_alone.first_and_initials, kind, False, ""),
    "authorlast": lambda kind, _n, _m: _by(_alone.last, kind),
    "authorlastforeini": lambda kind, _n, _m: _by(_alone.last_fore_initial, kind),
    "authshort": lambda kind, _n, _m: _by(_alone.short, kind, False, ""),
}
_PEOPLE |= {
    editors: _PEOPLE[authors]
    for editors, authors in {
        "edtr": "auth",
        "edtrforeini": "authforeini",
        "edtr.edtr.ea": "auth.auth.ea",
        "editors": "authors",
        "edtrini": "authini",
        "editorini": "authorini",
        "editorlast": "authorlast",
        "editorlastforeini": "authorlastforeini",
        "edtrshort": "authshort",
    }.items()
}
"""The markers that tell of people, in lower case; each makes a function of a kind and numbers."""


def _words(subject: Subject) -> list[str]:
    """The words of the title: blanks and hyphens part them, signs before a word go."""
    found = []
    for word in re.split(r"[\s—–-]+", plain_title(subject.description)):
        bare = re.sub(r"^[^\w]+|[^\w]+$", "", word)
        if bare:
            found.append(bare)
    return found


def _telling(subject: Subject, count: int) -> list[str]:
    return [word for word in _words(subject) if word.lower() not in subject.skipped][:count]


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _title(subject: Subject) -> str:
    return " ".join(
        word.lower() if place and word.lower() in subject.skipped else _capital(word)
        for place, word in enumerate(_words(subject))
    )


def _pages(subject: Subject) -> list[str]:
    return re.findall(r"\d{1,9}", (subject.description.page or "")[:200])


def _author_field(subject: Subject) -> str:
    return " and ".join(name.display for name in subject.description.author[:20])


_SIMPLE: dict[str, Any] = {
    "title": _title,
    "shorttitle": lambda subject: " ".join(_telling(subject, 3)),
    "shorttitleini": lambda subject: "".join(word[0] for word in _telling(subject, 3)),
    "veryshorttitle": lambda subject: " ".join(_telling(subject, 1)),
    "camel": lambda subject: " ".join(_capital(word) for word in _words(subject)),
    "fulltitle": lambda subject: plain_title(subject.description),
    "year": year,
    "shortyear": short_year,
    "month": month_name,
    "day": day,
    "entrytype": entry_type,
    "firstpage": lambda subject: min(_pages(subject), key=int, default=""),
    "lastpage": lambda subject: max(_pages(subject), key=int, default=""),
    "pageprefix": lambda subject: (
        re.match(r"\D{0,20}", subject.description.page or "") or [""]
    )[0],
    "author": _author_field,
}  # fmt: skip
"""The other markers, in lower case."""


_NUMBERED: dict[str, Any] = {
    "keyword": lambda n, _m: (
        lambda subject: "".join(subject.description.keyword[n - 1 : n] if n > 0 else ())
    ),
    "keywords": lambda n, _m: lambda subject: "".join(subject.description.keyword[:n]),
    # As the older patterns of Better BibTeX have them: so many words, so many with a capital.
    "shorttitle": lambda n, m: _by(short_title, n, m),
    "veryshorttitle": lambda n, m: _by(short_title, n, m),
}

_wanted = Step(Function("unwanted", lambda _, text: _UNWANTED.sub("", text)))
"""JabRef takes hyphens and colons out of what stands in a field."""
