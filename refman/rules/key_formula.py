"""Reading the citation key formulas of Better BibTeX: `auth.lower + year + shorttitle(1)`.

    formula := choice ((";" | line end) choice)*
    choice  := sum (("|" | "||") sum)*
    sum     := term ("+" term)*
    term    := ("text" | name arguments? | "(" choice ")") ("." name arguments?)*

A choice is the first that gives anything. A name is a function's, in any letter case, or else a
field's, as Zotero, BibTeX or CSL call it. Arguments are numbers, texts, words, lists, patterns
between slashes, and any of these with a name: `select(n=2)`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from refman.model import Description
from refman.rules.key_creators import Creators, family_with_particle, formula_functions
from refman.rules.key_filters import FILTERS, KEY_SIGNS
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
from refman.rules.key_values import FUNCTIONS, field_of, field_text
from refman.rules.key_words import FORMULA_WORDS
from refman.text.transliteration import to_ascii

_DEEPEST = 20
_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]+)|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<number>-?\d{1,6})"
    r"|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<sign>\|\||[|+.,=()\[\];\n])"
    r"|(?P<pattern>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]{0,4})"
    r"|(?P<word><=|>=|!=|<|>)",
    re.DOTALL,
)
_FUNCTIONS = FUNCTIONS | formula_functions(Creators(family_with_particle, every_initial=True))
_REFUSED = {
    "postfix": "refman tells equal keys apart by a, b, … at their end",
    "infix": "refman tells equal keys apart by a, b, … at their end",
    "inspirehep": "refman asks no service for keys",
    "group": "a library has no groups",
    "item": "Zotero's own numbers are not known here",
}
_OPEN = ("+", "|", "||", "(", ",", "\n")
_CLOSED = ("+", "|", "||", ")", ",", ".")


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def parse_formula(text: str) -> Template:
    """Read a formula. Raises `UsageError`, which shows where the mistake is."""
    return Template(_Parser(text).formula(), FORMULA_WORDS, finish)


def finish(text: str, language: str | None) -> str:
    """The key, in ASCII and without what a key cannot hold."""
    return "".join(KEY_SIGNS.findall(to_ascii(text, language)))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise fault(text, position, f"{text[position]!r} is not understood")
        kind = match.lastgroup or ""
        if kind != "blank":
            found.append(_Token(kind, match.group(), position))
        position = match.end()
    found.append(_Token("end", "", len(text)))
    # A line end parts formulas, unless one cannot begin or end there.
    return [
        token
        for before, token, after in zip([None, *found], found, [*found[1:], None])
        if token.text != "\n"
        or not (
            (before is not None and before.text in _OPEN)
            or (after is not None and after.text in _CLOSED)
        )
    ]


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _takes(self, *signs: str) -> bool:
        if self._next.kind == "sign" and self._next.text in signs:
            self._take()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._wrong(f"{sign!r} is missing")

    def _wrong(self, message: str) -> Exception:
        return fault(self._text, self._next.position, message)

    def formula(self) -> Node:
        choices: list[Node] = []
        while self._next.kind != "end":
            if self._takes(";", "\n"):
                continue
            choices.append(self._choice())
            if self._next.kind != "end" and self._next.text not in (";", "\n"):
                raise self._wrong(f"{self._next.text!r} is not expected here; parts go with '+'")
        if not choices:
            raise self._wrong("there is nothing in it")
        return choices[0] if len(choices) == 1 else FirstOf(tuple(choices))

    def _choice(self) -> Node:
        choices = [self._sum()]
        while self._takes("|", "||"):
            choices.append(self._sum())
        return choices[0] if len(choices) == 1 else FirstOf(tuple(choices))

    def _sum(self) -> Node:
        parts = [self._term()]
        while self._takes("+"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts))

    def _term(self) -> Node:
        token = self._take()
        if token.kind == "text":
            node: Node = Text(self._string(token))
            filters = self._filters()
            return FirstOf((node,), filters) if filters else node
        if token.kind == "name":
            function, arguments = self._function(token)
            return Value(function, arguments, self._filters())
        if token.kind == "sign" and token.text == "(":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise fault(self._text, token.position, "there are too many brackets")
            node = self._choice()
            self._expect(")")
            self._depth -= 1
            filters = self._filters()
            return FirstOf((node,), filters) if filters else node
        self._at -= token.kind != "end"
        found = f", not {token.text!r}" if token.text.strip() else ""
        raise self._wrong(f"a function, a field or a text in quotes is expected{found}")

    def _function(self, token: _Token) -> tuple[Function, tuple[Any, ...]]:
        folded = token.text.lower()
        if folded in _REFUSED:
            raise fault(self._text, token.position, f"{token.text}: {_REFUSED[folded]}")
        called = self._next.text == "(" and self._next.kind == "sign"
        capital = token.text[0].isupper()
        field = field_of(token.text)
        if field is not None and not called and (capital or folded not in _FUNCTIONS):
            return Function(token.text, _reader(field)), ()
        function = named(_FUNCTIONS, token.text, "function or field", self._text, token.position)
        return function, self._arguments(function, token.position)

    def _filters(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        while self._takes("."):
            token = self._take()
            if token.kind != "name":
                self._at -= token.kind != "end"
                raise self._wrong("a filter is expected behind '.'")
            function = named(FILTERS, token.text, "filter", self._text, token.position)
            steps.append(Step(function, self._arguments(function, token.position)))
        return tuple(steps)

    def _arguments(self, function: Function, position: int) -> tuple[Any, ...]:
        given: list[tuple[str | None, Any, int]] = []
        if self._takes("("):
            while not self._takes(")"):
                if given:
                    self._expect(",")
                token = self._next
                name = None
                if token.kind == "name" and self._tokens[self._at + 1].text == "=":
                    name = self._take().text
                    self._take()
                at = self._next.position
                given.append((name, self._value(), at))
        return bind(function, given, self._text, position)

    def _value(self) -> Any:
        token = self._take()
        match token.kind:
            case "number":
                return int(token.text)
            case "text":
                return self._string(token)
            case "word":
                return token.text
            case "name":
                return {"true": True, "false": False}.get(token.text, token.text)
            case "pattern":
                body, _, flags = token.text[1:].rpartition("/")
                try:
                    return safe_pattern(body, flags)
                except ValueError as error:
                    raise fault(self._text, token.position, str(error)) from error
        if token.text == "[" and self._depth < _DEEPEST:
            self._depth += 1
            values: list[Any] = []
            while not self._takes("]"):
                if values:
                    self._expect(",")
                values.append(self._value())
            self._depth -= 1
            return values
        self._at -= token.kind != "end"
        raise self._wrong("a number, a word or a text in quotes is expected")

    def _string(self, token: _Token) -> str:
        return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)


def _reader(field: str) -> Any:
    def read(subject: Subject) -> str:
        description: Description = subject.description
        return field_text(description, field)

    return read
