"""Which capitals of a title a bibliography style would lose, and so need braces.

BibTeX's styles put titles in lower case from the second word on (`change.case$`), leaving what
stands in braces and what follows a colon. The same rule serves both ways: an exporter braces what
it names, and an importer may forget braces that the exporter would set again.
"""

from __future__ import annotations

import re

from refman.text.latex_scanner import CLOSE, OPEN
from refman.text.markup import NO_CASE

_MARK = r"<(?:i|b|sup|sub|span [^<>]{5,45})>|</(?:i|b|sup|sub|span)>"
_FORMULA = r"\$[^$]{1,400}\$"
_WORD = r"[^\W_](?:[^\W_]|['’.&](?=[^\W_]))*"
_TOKEN = re.compile(f"{_MARK}|{_FORMULA}|{_WORD}|[.?!:…]")
_SMALL_WORDS = """
    a an the and but or nor for so yet as at by in into of off on onto out over per to up via
    with from upon than that vs versus is its after before under between against among through
    during without within toward towards about across post pre
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_PLAIN, _HELD, _MARKED = range(3)
_Word = tuple[re.Match[str], bool, int, bool]
_ENOUGH = 3
_MOST = 0.75


def protected_spans(title: str, language: str | None = None) -> list[tuple[int, int]]:
    """The words of a title, as (start, end), whose capitals need braces.

    In a title in sentence case: every word with a capital but the first and one after a colon.
    In Title Case, where most words carry a capital: only those whose capitals are not of that
    kind (acronyms, `mRNA`, single letters). In a title wholly in capitals: none. A title in
    another language than English counts as sentence case. Words inside CSL marks are left out,
    since the LaTeX commands for them protect what they hold.
    """
    tail = title[1:]
    return [] if tail == tail.lower() else _spans(_words(title), language)


def _spans(words: list[_Word], language: str | None = None) -> list[tuple[int, int]]:
    if not any(has_lower for _, _, _, has_lower in words) and len(words) > 1:
        return []
    title_case = (language is None or language.lower().startswith("en")) and _is_title_case(words)
    return [
        (match.start(), match.end())
        for match, first, place, _ in words
        if place == _PLAIN and _needs_braces(match.group(), first=first, title_case=title_case)
    ]


def drop_needless(title: str, language: str | None = None) -> str:
    """Take out the braces that the exporter would set again by itself.

    `title` has `OPEN` and `CLOSE` around what its author had braced; what must stay comes out as
    CSL's nocase span. Braces around the whole title say nothing, and go.
    """
    plain, groups = _lift(title)
    words = _words(plain)
    spans = frozenset(_spans(words, language))
    kept = [
        (start, end)
        for start, end in groups
        if (start, end) != (0, len(plain)) and _must_stay(plain, start, end, words, spans)
    ]
    for start, end in reversed(kept):
        plain = f'{plain[:start]}<span class="nocase">{plain[start:end]}</span>{plain[end:]}'
    return plain


def _must_stay(
    title: str, start: int, end: int, words: list[_Word], spans: frozenset[tuple[int, int]]
) -> bool:
    content = title[start:end]
    if content == content.lower() or (content[0] == "$" and content[-1] == "$"):
        return False
    if start == 0 and content[1:] == content[1:].lower():
        return False  # the first letter of a title keeps its capital anyway
    for match, _, place, _ in words:
        if match.start() >= end or match.end() <= start or place != _PLAIN:
            continue
        # Part of a word in braces, `{B}ayes`: the exporter would brace all of the word.
        word = match.group()
        tail = word[1:]
        if match.start() == 0 and tail == tail.lower():
            continue
        if word != word.lower() and match.span() not in spans:
            return True
    return False


def _lift(title: str) -> tuple[str, list[tuple[int, int]]]:
    """The title without its sentinels, and where they stood."""
    pieces: list[str] = []
    groups: list[tuple[int, int]] = []
    length = 0
    start = 0
    for piece in re.split(f"([{OPEN}{CLOSE}])", title):
        if piece == OPEN:
            start = length
        elif piece == CLOSE:
            groups.append((start, length))
        else:
            pieces.append(piece)
            length += len(piece)
    return "".join(pieces), groups


def _words(title: str) -> list[_Word]:
    """The words, each with three facts.

    Whether it begins the title or a subtitle, whether it stands in a mark or in a nocase span, and
    whether it has a letter in lower case.
    """
    words = []
    first = True
    marks: list[int] = []
    for match in _TOKEN.finditer(title):
        token = match.group()
        if token[0] == "<":
            if token[1] != "/":
                marks.append(_HELD if token == NO_CASE else _MARKED)
            elif marks:
                marks.pop()
        elif token[0] == ":":
            first = title[match.end() : match.end() + 1] == " "
        elif token[0] in ".?!…$":
            continue
        else:
            words.append((match, first, max(marks, default=_PLAIN), token != token.upper()))
            first = False
    return words


def _is_title_case(words: list[_Word]) -> bool:
    capital = total = 0
    for match, first, place, _ in words:
        word = match.group()
        if (
            first
            or place == _MARKED
            or len(word) < 2
            or word.lower() in _SMALL
            or not word.isalpha()
        ):
            continue
        total += 1
        capital += word[0].isupper()
    return total >= _ENOUGH and capital >= _MOST * total


def _needs_braces(word: str, *, first: bool, title_case: bool) -> bool:
    rest = word[1:]
    if rest != rest.lower():
        return True
    if word[0] == word[0].lower() or first:
        return False
    if title_case:
        return len(word) == 1 and word != "A"
    return True
