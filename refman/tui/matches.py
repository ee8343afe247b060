"""What of a text a query has found, for showing it: words, beginnings, phrases, pairs of letters.

Words are cut and folded as the full-text index does it (unicode61 without diacritics), so that what
is shown as found is what was found. Nothing is read as markup; places are those of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from refman.rules.query import And, Node, Not, Or, Term
from refman.tui.display import Piece

Span = tuple[int, int]

FIELDS = ("title", "author", "container_title", "abstract", "keyword")
"""The fields that are shown with what was found in them; terms of `other` are for the rest."""
STYLE = "bold underline $text-warning"

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_MOST_TERMS = 50
_MOST_SPANS = 500


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word as the index has it: in lower case, without diacritics."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word)
    bare = "".join(char for char in parts if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).lower()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words that are to follow each other; of the last one, the beginning is enough."""

    words: tuple[str, ...]
    begins: bool
    field: str | None
    runs: tuple[str, ...] = ()
    """What is written without blanks, to be found anywhere."""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a query looks for."""

    wanted: tuple[_Wanted, ...] = ()
    _known: dict[tuple[str, str], tuple[Span, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def spans(self, name: str, text: str) -> Sequence[Span]:
        """Where in the text of a field something was found; none overlap, the first comes first."""
        if not self.wanted or not text:
            return ()
        known = self._known.get((name, text))
        if known is None:
            if len(self._known) > _MOST_SPANS:
                self._known.clear()
            known = self._known[name, text] = tuple(_merged(self._found(name, text)))
        return known

    def over(self, name: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces of a field's text, cut where something was found, and that marked."""
        listed = list(pieces)
        spans = self.spans(name, "".join(text for text, _ in listed))
        if not spans:
            yield from listed
            return
        start = 0
        for text, style in listed:
            yield from _cut(text, style, start, spans)
            start += len(text)

    def _found(self, name: str, text: str) -> Iterator[Span]:
        wanted = [each for each in self.wanted if each.field in (None, name)]
        if not wanted:
            return
        words = [(folded(match.group()), *match.span()) for match in _WORD.finditer(text)]
        for each in wanted:
            for run in each.runs:
                for match in re.finditer(re.escape(run), text):
                    yield match.span()
            yield from _sequences(each, words)


def _sequences(wanted: _Wanted, words: Sequence[tuple[str, int, int]]) -> Iterator[Span]:
    count = len(wanted.words)
    if not count:
        return
    *firsts, last = wanted.words
    for place in range(len(words) - count + 1):
        end = words[place + count - 1]
        fits = end[0].startswith(last) if wanted.begins else end[0] == last
        if fits and all(words[place + i][0] == word for i, word in enumerate(firsts)):
            # Of a word of which the beginning was typed, that much: so one sees why it is there.
            stop = end[2]
            if wanted.begins and len(end[0]) == end[2] - end[1]:
                stop = end[1] + len(last)
            yield words[place][1], stop


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    here: Span | None = None
    for start, end in sorted(spans):
        if here is not None and start <= here[1]:
            here = here[0], max(here[1], end)
            continue
        if here is not None:
            yield here
        here = start, end
    if here is not None:
        yield here


def _cut(text: str, style: str, start: int, spans: Sequence[Span]) -> Iterator[Piece]:
    at = 0
    for first, last in spans:
        low, high = max(first - start, at), min(last - start, len(text))
        if high <= low:
            continue
        if low > at:
            yield text[at:low], style
        yield text[low:high], f"{style} {STYLE}".strip()
        at = high
    if at < len(text):
        yield text[at:], style


@lru_cache(maxsize=64)
def finder_for(query: Node) -> Finder:
    """What to look for in texts, of all that a query asks for; what it excludes is left out."""
    wanted: dict[_Wanted, None] = {}
    for term in _terms(query):
        if term.field is not None and term.field not in FIELDS:
            continue
        runs = tuple(_UNSPACED.findall(term.text))
        words = tuple(folded(word) for word in _WORD.findall(_UNSPACED.sub(" ", term.text)))
        if words or runs:
            wanted[_Wanted(words, not term.phrase, term.field, runs)] = None
    return Finder(tuple(wanted)[:_MOST_TERMS])


def _terms(query: Node) -> Iterator[Term]:
    match query:
        case Term():
            yield query
        case And(nodes) | Or(nodes):
            for node in nodes:
                yield from _terms(node)
        case Not(_):
            return
