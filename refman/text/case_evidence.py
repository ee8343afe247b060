"""How words are written where nobody is shouting: the evidence for re-casing a title.

Texts in ordinary case (an abstract, a journal's name, keywords) are read word by word. A capital
counts only where nothing else explains it: not at the beginning of a sentence, not in a sentence
that is itself in title case, not in a text in capitals. Runs of capitalised words are kept as
names: `International Organization for Migration`. Reading takes time linear in the text, of which
the first 100,000 characters count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from refman.text.markup import strip_markup
from refman.text.recase_words import CONNECTORS, GENERIC
from refman.text.word_lists import word_list

__all__ = ["CaseEvidence", "Shape", "Word", "gather", "shape_of", "words_of"]


WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['’ʼ‘`](?=[^\W\d_]))*")
_START = re.compile(r"[.!?:;•|]\s|[\n\"“”‘(\[«»]|\s[-–—]\s")
_JOINT = re.compile(r"\s|-|\s?-\s?")
_LONGEST_TEXT = 100_000
_LONGEST_NAME = 9
_MOST_NAMES = 24
"""How many names that begin with one word are kept."""
_SHORT_SENTENCE = 6
_LONGEST_SHOUT = 5
"""Letters that an acronym may have among nothing but words in capitals, as in lists of keywords."""
_HEADINGS = word_list(
    "abstract abstrak background introduction objective objectives method methods result results "
    "conclusion conclusions discussion purpose aim aims keywords keyword latar belakang tujuan "
    "metode hasil kesimpulan simpulan pembahasan pendahuluan kata kunci dan"
)


class Shape(Enum):
    """The letter case of a word."""

    LOWER = "word"
    CAPITALISED = "Word"
    UPPER = "WORD"
    MIXED = "mRNA"
    OTHER = "19"


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a text, with what stands between it and the word before."""

    text: str
    gap: str
    start: int

    @property
    def key(self) -> str:
        """The form that words are compared in."""
        return self.text.casefold().replace("’", "'")


@dataclass(slots=True)
class CaseEvidence:
    """What was seen: how often each word has which shape, and names of several words."""

    forms: dict[str, Counter[str]] = field(default_factory=dict)
    names: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """The texts as they are and case-folded to the same length, for looking up what explains
    an acronym."""

    def form(self, key: str) -> str | None:
        """The spelling that the evidence prefers, or None where it has none."""
        seen = self.forms.get(key)
        if not seen:
            return None
        lower = seen.get(key, 0)
        best, count = max(
            ((form, number) for form, number in seen.items() if form != key),
            key=lambda item: (item[1], shape_of(item[0]) is not Shape.CAPITALISED, item[0]),
            default=("", 0),
        )
        return best if count > lower else key

    def expansion(self, acronym: str, words: tuple[str, ...]) -> tuple[str, ...] | None:
        """The words as they stand before `(acronym)` in the evidence."""
        wanted = f"{' '.join(words)} ({acronym})".casefold()
        for text, folded in self.texts:
            at = folded.find(wanted)
            if at < 0:
                continue
            found = tuple(text[at : at + len(wanted)].split()[: len(words)])
            if len(found) != len(words):
                continue
            if _opens_sentence(text, at) and found[1].islower():
                found = (found[0].lower(), *found[1:])
            return found
        return None


def shape_of(word: str) -> Shape:
    """The letter case of a word; one capital letter alone is capitalised."""
    if word.isalpha():
        if word.islower():
            return Shape.LOWER
        if word[0].isupper() and word[1:].islower():
            return Shape.CAPITALISED
    letters = [char for char in word if char.isalpha()]
    if not letters or not any(char.isupper() or char.islower() for char in letters):
        return Shape.OTHER
    if not any(char.isupper() for char in letters):
        return Shape.LOWER
    if len(letters) > 1 and not any(char.islower() for char in letters):
        return Shape.UPPER
    if letters[0].isupper() and not any(char.isupper() for char in letters[1:]):
        return Shape.CAPITALISED
    return Shape.MIXED


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    end = 0
    for match in WORD.finditer(text):
        yield Word(match.group(), text[end : match.start()], match.start())
        end = match.end()


def gather(texts: Iterable[str]) -> CaseEvidence:
    """The evidence in some texts. Those in capitals tell nothing and are passed over."""
    evidence = CaseEvidence()
    left = _LONGEST_TEXT
    for text in texts:
        if left <= 0:
            break
        plain = strip_markup(text[:left])
        left -= len(plain)
        if _is_shouted(plain):
            continue
        spaced = " ".join(plain.split())
        folded = spaced.casefold()
        if len(folded) == len(spaced):
            evidence.texts.append((spaced, folded))
        sentence: list[Word] = []
        for word in words_of(plain):
            if sentence and _START.search(word.gap):
                _read_sentence(sentence, evidence)
                sentence = []
            sentence.append(word)
        _read_sentence(sentence, evidence)
    return evidence


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at]
    return not before.strip() or bool(_START.search(before))


def _is_shouted(text: str) -> bool:
    upper = sum(map(str.isupper, text))
    return upper > 0 and upper >= 2 * sum(map(str.islower, text))


def _read_sentence(words: list[Word], evidence: CaseEvidence) -> None:
    """Count the words of one sentence; its first says nothing when it is merely capitalised."""
    shapes = [shape_of(word.text) for word in words]
    speaks = not _is_title_case(words, shapes)
    shouts = all(shape in (Shape.UPPER, Shape.OTHER) for shape in shapes)
    for index, (word, shape) in enumerate(zip(words, shapes)):
        if shape is Shape.OTHER or not (word.text.isalpha() or _has_no_digit(word.text)):
            continue
        if shape is Shape.CAPITALISED and (
            not speaks or index == 0 or len(words) < _SHORT_SENTENCE or len(word.text) == 1
        ):
            continue
        if shape is Shape.UPPER and (
            _is_heading(words, shapes, index) or (shouts and len(word.text) > _LONGEST_SHOUT)
        ):
            continue
        if shape is Shape.CAPITALISED and word.key in GENERIC:
            continue
        form = word.key if shape is Shape.LOWER else word.text
        evidence.forms.setdefault(word.key, Counter())[form] += 1
    if speaks and len(words) >= _SHORT_SENTENCE:
        for name in _names(words, shapes):
            same = evidence.names.setdefault(name[0].casefold(), [])
            if name not in same and len(same) < _MOST_NAMES:
                same.append(name)


def _has_no_digit(word: str) -> bool:
    return not any(char.isdigit() for char in word)


def _is_title_case(words: list[Word], shapes: list[Shape]) -> bool:
    inner = [
        shape
        for word, shape in zip(words[1:], shapes[1:])
        if len(word.text) >= 4 and shape in (Shape.LOWER, Shape.CAPITALISED)
    ]
    capitalised = sum(shape is Shape.CAPITALISED for shape in inner)
    return capitalised >= 2 and capitalised * 5 >= len(inner) * 3


def _is_heading(words: list[Word], shapes: list[Shape], index: int) -> bool:
    """Whether a word in capitals is a heading or emphasis, and so no acronym."""
    word = words[index]
    if word.key in _HEADINGS or len(word.text) > 9:
        return True
    around = shapes[max(0, index - 2) : index + 3]
    return len(around) >= 3 and sum(shape is Shape.UPPER for shape in around) >= 3


def _names(words: list[Word], shapes: list[Shape]) -> Iterator[tuple[str, ...]]:
    """Runs of two capitalised words and more, joined by blanks, hyphens and small words."""
    run: list[str] = []
    capitals = 0
    pending: list[str] = []
    for word, shape in zip(words, shapes):
        joined = bool(run) and _JOINT.fullmatch(word.gap) is not None
        strong = shape in (Shape.CAPITALISED, Shape.UPPER, Shape.MIXED)
        if joined and strong and len(run) + len(pending) < _LONGEST_NAME:
            run += [*pending, word.text]
            pending = []
            capitals += 1
        elif joined and shape is Shape.LOWER and word.text in CONNECTORS and len(pending) < 2:
            pending.append(word.text)
        else:
            if capitals >= 2:
                yield from _usable(run)
            run, capitals, pending = ([word.text], 1, []) if strong else ([], 0, [])
    if capitals >= 2:
        yield from _usable(run)


def _usable(run: list[str]) -> Iterator[tuple[str, ...]]:
    """A name, and what is left of it without an article or a number word before it."""
    if run[0].casefold() in CONNECTORS:
        run = run[1:]
        while run and run[0].islower():
            run = run[1:]
    if len(run) >= 2:
        yield tuple(run)
