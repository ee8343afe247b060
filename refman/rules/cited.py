"""A reference as plain text, and what of a record stands in it.

Nobody tells where in such a text the title ends and the journal begins, so it is not taken apart:
the parts of a record are looked for in it. Letters are compared without blanks, which makes a word
that was divided at a line's end, or torn by the reading of a page, no obstacle; where words begin
and how sentences end is remembered beside them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from refman.model import Description, Name
from refman.rules.evidence import first_page
from refman.rules.likeness import bare_title
from refman.text.markup import strip_markup
from refman.text.titles import fold

MAX_REFERENCE = 4000
"""Characters of a reference that are looked at."""

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010][^\S\n]*\n\s*(?=[^\W\d_])")
_YEAR = re.compile(r"((?:1[5-9]|20)\d\d)[a-z]?")
_RANGE = re.compile(r"\d\s{0,2}[-–—−]\s{0,2}[A-Za-z]{0,2}\d")
_ENDS = re.compile(r"""[.?!”"»\]]|[’'](?:\W|$)|,(?=\s*[”"’'])|[,(]\s*$""")
_NUMERALS = frozenset("ii iii iv vi vii viii ix xi xii xiii i v x a b c d e".split())
_IDLE = frozenset(
    "of the and a an in for on et de la le du des der die das und y e eds editor editors".split()
)
_SUBTITLE = re.compile(r"[:?.!–—] ")


class TitleFit(IntEnum):
    """How a title stands in a reference."""

    ABSENT = 0
    SCRAMBLED = 1
    """Its words are there, in another order or far apart."""
    PART = 2
    """It is there, but the text goes on as if the title did, or only its main part is there."""
    NEAR = 3
    """Most of its letters are there, in order."""
    WHOLE = 4


class AuthorFit(IntEnum):
    """How the authors of a record stand in a reference."""

    ABSENT = 0
    UNKNOWN = 1
    """The record names nobody."""
    SOME = 2
    FIRST = 3
    """The first author stands where references begin."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a reference, from `start` up to but not with `end`."""

    start: int
    end: int

    def __contains__(self, index: int) -> bool:
        return self.start <= index < self.end


NOWHERE = Span(0, 0)


class Reference:
    """One reference, made ready to be searched."""

    def __init__(self, text: str) -> None:
        text = unicodedata.normalize("NFC", strip_markup(text))[:MAX_REFERENCE]
        text = _DIVIDED.sub("", text)
        self.words: list[str] = []
        self.gaps: list[str] = []
        """What stands between a word and the next."""
        last = 0
        for match in _TOKEN.finditer(text):
            if self.gaps:
                self.gaps[-1] = text[last : match.start()]
            for word in fold(match.group()).split():
                self.words.append(word)
                self.gaps.append("")
            last = match.end()
        if self.gaps:
            self.gaps[-1] = text[last:]
        self.starts: list[int] = []
        """Where in `letters` each word begins; and the end."""
        size = 0
        for word in self.words:
            self.starts.append(size)
            size += len(word)
        self.starts.append(size)
        self.letters = "".join(self.words)
        self.has_range = bool(_RANGE.search(text))

    def find(self, folded: str) -> Iterator[Span]:
        """Where the words of a folded text stand, wherever blanks are on either side."""
        wanted = folded.replace(" ", "")
        at = self.letters.find(wanted) if wanted else -1
        while at >= 0:
            first = bisect_left(self.starts, at)
            end = bisect_left(self.starts, at + len(wanted))
            if self.starts[first] == at and self.starts[end] == at + len(wanted):
                yield Span(first, end)
            at = self.letters.find(wanted, at + 1)

    def title(self, title: str | None) -> tuple[TitleFit, Span]:
        """How the title of a record stands in it, and where."""
        folded = bare_title(title or "")
        if not folded:
            return TitleFit.ABSENT, NOWHERE
        spans = list(self.find(folded))
        for span in spans:
            if self._ends(span) and self._begins(span):
                return TitleFit.WHOLE, span
        if spans:
            return TitleFit.PART, spans[-1]
        if len(folded) < _SHORT:
            return TitleFit.ABSENT, NOWHERE
        return self._near(folded) or self._main(title or "") or self._scrambled(folded)

    def _ends(self, span: Span) -> bool:
        gap = self.gaps[span.end - 1]
        return span.end == len(self.words) or bool(_ENDS.search(gap))

    def _begins(self, span: Span) -> bool:
        """Whether a title may begin there: not where it is the end of a longer one."""
        if span.start == 0 or self.gaps[span.start - 1].strip(" \t\n-‐–"):
            return True
        before = self.words[span.start - 1]
        return len(before) < 3 or not before.isalpha()

    def _near(self, folded: str) -> tuple[TitleFit, Span] | None:
        from rapidfuzz import fuzz  # noqa: PLC0415  (only where a title does not stand there)

        wanted = folded.replace(" ", "")
        if len(wanted) > len(self.letters) * 1.1:
            return None
        found = fuzz.partial_ratio_alignment(wanted, self.letters, score_cutoff=_NEAR)
        if found is None:
            return None
        first = max(0, bisect_left(self.starts, found.dest_start + 1) - 1)
        end = bisect_left(self.starts, found.dest_end)
        span = Span(first, end)
        if _numerals(folded.split()) != _numerals(self.words[first:end]):
            return None
        return TitleFit.NEAR, span

    def _main(self, title: str) -> tuple[TitleFit, Span] | None:
        """The title without its subtitle."""
        main = fold(_SUBTITLE.split(strip_markup(title), maxsplit=1)[0])
        if len(main) < _SHORT:
            return None
        for span in self.find(main):
            if self._ends(span):
                return TitleFit.PART, span
        return None

    def _scrambled(self, folded: str) -> tuple[TitleFit, Span]:
        known = set(self.words)
        words = [word for word in folded.split() if word not in _IDLE]
        there = sum(len(word) for word in words if word in known)
        if len(words) >= 4 and there >= 0.9 * sum(map(len, words)):
            return TitleFit.SCRAMBLED, NOWHERE
        return TitleFit.ABSENT, NOWHERE

    def authors(self, names: Sequence[Name], title: Span) -> AuthorFit:
        """How the authors of a record stand in it."""
        if not names:
            return AuthorFit.UNKNOWN
        before = title.start if title.end else len(self.words)
        for place, name in enumerate(names[:_MAX_NAMES]):
            span = self.name(name, title)
            if span is not None:
                first = place == 0 and (span.start < before or span.start < _OPENING)
                return AuthorFit.FIRST if first else AuthorFit.SOME
        return AuthorFit.ABSENT

    def name(self, name: Name, title: Span = NOWHERE) -> Span | None:
        """Where somebody's family name stands, outside of the title."""
        for text in (name.full_family, name.family or ""):
            folded = fold(text)
            if len(folded) < 2:
                continue
            for span in self.find(folded):
                if span.start not in title:
                    return span
        return None

    def years(self, title: Span) -> set[int]:
        """The years that it names, outside of the title; page numbers may be among them."""
        found = (
            _YEAR.fullmatch(word) for index, word in enumerate(self.words) if index not in title
        )
        return {int(match.group(1)) for match in found if match}

    def container(self, record: Description, title: Span) -> Span | None:
        """Where the journal or book stands, also abbreviated."""
        names = (record.container_title, record.container_title_short, record.collection_title)
        for name in filter(None, names):
            folded = fold(strip_markup(name))
            for span in self.find(folded):
                if span.start not in title:
                    return span
            span_or_none = self._abbreviated(folded, title)
            if span_or_none is not None:
                return span_or_none
        return None

    def _abbreviated(self, folded: str, title: Span) -> Span | None:
        """Where the words of a journal's title stand one after the other, each cut short."""
        words = [word for word in folded.split() if word not in _IDLE]
        if not words:
            return None
        initials = "".join(word[0] for word in words)
        for start in range(len(self.words)):
            if start in title:
                continue
            if len(initials) >= 3 and self.words[start] == initials:
                return Span(start, start + 1)
            end = self._abbreviates(words, start)
            if end is not None:
                return Span(start, end)
        return None

    def _abbreviates(self, words: Sequence[str], start: int) -> int | None:
        at, matched = start, 0
        for word in words:
            while at < len(self.words) and self.words[at] in _IDLE and at > start:
                at += 1
            if at == len(self.words) or not _shortens(self.words[at], word):
                break
            matched += 1
            at += 1
        if matched == len(words) and (matched > 1 or len(self.words[start]) >= 4):
            return at
        # The subtitle of a journal is mostly left out.
        return at if matched >= 3 and matched * 2 > len(words) else None

    def place(self, record: Description, title: Span) -> bool | None:
        """Whether volume and first page stand in it; False where it names another page.

        None where that cannot be told.
        """
        page, volume = first_page(record), fold(record.volume or "")
        numbers = [
            word.lstrip("0") or "0"
            for index, word in enumerate(self.words)
            if index not in title and any(char.isdigit() for char in word)
        ]
        if page is None or page == "1":
            return None
        others = list(numbers)
        for part in volume.split():
            if (part.lstrip("0") or "0") not in others:
                return None if page in numbers else self._elsewhere(numbers)
            others.remove(part.lstrip("0") or "0")
        if page in others or any(number.lstrip("esabcd") == page for number in others):
            return True if volume else None
        return self._elsewhere(numbers)

    def _elsewhere(self, numbers: Sequence[str]) -> bool | None:
        """False where it names a page, which then is another."""
        return False if self.has_range or len(numbers) >= 3 else None

    def unexplained(
        self, record: Description, *spans: Span | None, until: int | None = None
    ) -> int:
        """How many words neither the names of a record nor the given places explain.

        With `until`, only the words before that one are looked at.
        """
        names = (record.author or record.editor)[:_MOST_NAMES]
        known = {word for name in names for word in fold(name.display).split()}
        return sum(
            1
            for index, word in enumerate(self.words[:until])
            if len(word) >= 3
            and word.isalpha()
            and word not in known
            and word not in _IDLE
            and not any(span is not None and index in span for span in spans)
        )

    def names_page(self, title: Span) -> bool:
        """Whether a number that is no year follows the title."""
        rest = self.words[title.end :]
        return any(word.isdigit() and not _YEAR.fullmatch(word) for word in rest)

    def before(self, span: Span, count: int = 3) -> str:
        """The words in front of a place."""
        return " ".join(self.words[max(0, span.start - count) : span.start])


_SHORT = 20
_NEAR = 90
_MAX_NAMES = 12
_MOST_NAMES = 300
_OPENING = 4


def _numerals(words: Iterable[str]) -> list[str]:
    """The figures and Roman numerals of a title, in order."""
    digits = [digit for word in words for digit in re.findall(r"\d+", word)]
    return digits + [word for word in words if word in _NUMERALS]


def _shortens(short: str, word: str) -> bool:
    """Whether a word is another cut short (`biol`), or drawn together (`natl`)."""
    if short == word:
        return True
    if short.isdigit() or len(short) >= len(word) or short[0] != word[0]:
        return False
    letters = iter(word)
    return word.startswith(short) or (len(short) >= 3 and all(char in letters for char in short))
