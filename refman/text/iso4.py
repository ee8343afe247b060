"""Titles of journals abbreviated by the rules of ISO 4, with a list of title words.

The list is in the form of the LTWA, the List of Title Word Abbreviations that the ISSN
International Centre keeps: a word, its abbreviation (`n.a.` for a word that is not abbreviated) and
the languages it belongs to, as codes of ISO 639-2/B. `internation-` stands for all words that begin
so, `-berg` for all that end so.

`title_words.tsv` beside this module is an excerpt, of one entry in twenty: those that two thousand
titles of real journals needed, the commonest words of other titles, and what it has of Indonesian.
`built_in` reads it; the whole list, which the ISSN International Centre gives away, may be read in
its place.

Of the rules (ISO 4:1997; ISSN Manual, 7.1): a title of one word stays as it is; articles,
prepositions and conjunctions go, unless they begin the title as a preposition does; commas go and
full stops become commas; words keep their case and their accents; `Part`, `Section` and `Series`
go before a letter or a number. What they leave to judgement, names of persons and places in a
title for instance, is not done: such words are looked up as all others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from unicodedata import normalize

from refman.text.titles import fold
from refman.text.word_lists import word_list

_ARTICLES = word_list(
    "a an the der die das den dem des ein eine le la les l' el il lo los las gli i een het"
)
_CONNECTIVES = word_list(
    """and or of for in on to at by with from into upon its & und et y e ed en og och och i dan
    de di del della delle dello degli dei da dell dal do dos das em na no nas nos d du des au aux
    fur zur zum im aus von vom van voor per para por con pour sur dans par sul sulla untuk dalam
    pada"""
)
_PARTS = word_list("part section series serie teil abteilung sectio pars")
_ORDINAL = re.compile(r"[A-Z]|[IVX]{1,6}|\d{1,3}")
_PIECES = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?|[^\w\s]|_|\s+")
_CAMEL = re.compile(r"\w[A-Z]")
_ELISIONS = ("l'", "d'", "dell'", "nell'", "all'", "l’", "d’", "dell’", "nell’", "all’")
_ENDINGS = ("s", "es", "e", "n", "en", "i", "a", "o", "us", "um", "ae", "is", "as", "os")
"""Inflections under which a word of the list is still the same word, without their apostrophe."""
_SHORTEST_STEM = 3
_LONGEST_TITLE = 500
_MOST_WORDS = 3
"""In an entry of the list: `New South Wales`."""
_EVERY_LANGUAGE = "mul"
_FIRST_CHOICE = ("eng", "lat", "ind", "fre", "ger", "spa")
"""The order in which languages are tried that fit a title equally well."""


@dataclass(frozen=True, slots=True)
class TitleWord:
    """A line of the list."""

    abbreviation: str | None
    """None for a word that is not abbreviated."""
    languages: frozenset[str]
    length: int
    """How many letters of it are fixed, by which the closer of two is known."""


@dataclass(slots=True)
class TitleWords:
    """A list of title words, ready to be looked up."""

    _whole: dict[str, list[TitleWord]] = field(default_factory=dict)
    _beginnings: dict[str, list[TitleWord]] = field(default_factory=dict)
    _endings: dict[str, list[TitleWord]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str], separator: str = "\t") -> TitleWords:
        """The list that stands in lines of three fields; others, and the heading, are left."""
        words = cls()
        for line in lines:
            fields = [part.strip().strip('"') for part in line.split(separator)]
            if len(fields) >= 3 and fields[0] and fields[0] != "WORD":
                words._add(fields[0], fields[1], fields[2])
        return words

    def __len__(self) -> int:
        tables = (self._whole, self._beginnings, self._endings)
        return sum(len(entries) for table in tables for entries in table.values())

    def _add(self, word: str, abbreviation: str, languages: str) -> None:
        word = normalize("NFC", word.partition("(")[0].strip())
        abbreviation = normalize("NFC", abbreviation.strip("-"))
        key = fold(word.strip("-"))
        if not key or key.count(" ") >= _MOST_WORDS:
            return
        short = None if abbreviation.replace(" ", "").startswith("n.a") else abbreviation
        entry = TitleWord(short, frozenset(re.findall(r"[a-z]{3}", languages)), len(key))
        if word.startswith("-"):
            self._endings.setdefault(key, []).append(entry)
        elif word.endswith("-"):
            self._beginnings.setdefault(key, []).append(entry)
        else:
            self._whole.setdefault(key, []).append(entry)

    def is_phrase(self, words: str) -> bool:
        """Whether several words are an entry of their own: `New England`."""
        return fold(words) in self._whole

    def entries(self, word: str) -> list[tuple[TitleWord, str]]:
        """All that the list says of a word, closest first, each with what remains before it.

        What remains is empty but for an ending: `-berg` leaves `König` of `Königberg`.
        """
        key = fold(word)
        found = [(entry, "") for entry in self._whole.get(key, ())]
        for ending in _ENDINGS:
            stem = key.removesuffix(ending)
            if stem != key and len(stem) >= _SHORTEST_STEM:
                found += [(entry, "") for entry in self._whole.get(stem, ())]
        for length in range(len(key), _SHORTEST_STEM - 2, -1):
            found += [(entry, "") for entry in self._beginnings.get(key[:length], ())]
        if len(key) == len(word):
            for start in range(_SHORTEST_STEM, len(key) - 1):
                found += [(entry, word[:start]) for entry in self._endings.get(key[start:], ())]
        return found


@cache
def built_in() -> TitleWords:
    """The excerpt of the list that comes with refman."""
    text = resources.files(__package__).joinpath("title_words.tsv").read_text(encoding="utf-8")
    return TitleWords.of(text.splitlines())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a title, a mark, or a gap."""

    text: str

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalnum()

    @property
    def is_blank(self) -> bool:
        return self.text.isspace()


def abbreviate(title: str, words: TitleWords, languages: Collection[str] = ()) -> str:
    """The title abbreviated; `languages`, as the list has them, are those it is known to be in.

    A title of one word, one that is abbreviated already, and one too long to be a title come back
    as they are. Time is in proportion to the length.
    """
    if len(title) > _LONGEST_TITLE or is_abbreviated(title):
        return title
    pieces = _significant(_phrases(_pieces(title), words))
    named = [piece for piece in pieces if piece.is_word]
    if len(named) < 2 or (len(named) == 2 and fold(named[0].text) in _CONNECTIVES):
        return _joined([" " if piece.is_blank else piece.text for piece in pieces])
    shout = 3 * sum(map(str.isupper, title)) > 2 * sum(map(str.isalpha, title))
    found = {
        piece.text: words.entries(piece.text)
        for piece in pieces
        if piece.is_word and _may_be_abbreviated(piece.text, shout=shout)
    }
    language = _language(found.values(), languages)
    out: list[str] = []
    for piece in pieces:
        text = _shortened(piece.text, found.get(piece.text, []), language)
        out.append(" " if piece.is_blank else text)
    return _joined(out)


def is_abbreviated(title: str) -> bool:
    """Whether a title is abbreviated already: `J. Chem. Phys.`"""
    words = title.split()
    dotted = sum(word.endswith(".") and len(word) > 1 for word in words)
    return dotted > 0 and 2 * dotted >= len(words)


def _pieces(title: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for text in _PIECES.findall(title.strip()):
        lower = text.lower()
        elision = next((start for start in _ELISIONS if lower.startswith(start)), "")
        rest = text[len(elision) :]
        if rest:
            pieces.append(_Piece(rest))
    return pieces


def _phrases(pieces: list[_Piece], words: TitleWords) -> list[_Piece]:
    """The pieces, with those that are one entry of the list put together."""
    joined: list[_Piece] = []
    place = 0
    while place < len(pieces):
        length = 1
        if pieces[place].is_word:
            for count in range(_MOST_WORDS, 1, -1):
                span = pieces[place : place + 2 * count - 1]
                text = "".join(piece.text for piece in span)
                if all(one.is_word for one in span[::2]) and words.is_phrase(text):
                    length = len(span)
                    break
        joined.append(_Piece("".join(piece.text for piece in pieces[place : place + length])))
        place += length
    return joined


def _significant(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces without articles, connectives, commas and generic words."""
    kept: list[_Piece] = []
    for index, piece in enumerate(pieces):
        word = fold(piece.text) or piece.text
        bound = _is_hyphen(pieces, index - 1) or _is_hyphen(pieces, index + 1)
        if piece.text == "," or (piece.text == "&" and kept):
            continue
        if piece.is_word and not bound:
            alone = len(piece.text) == 1 and piece.text.isupper() and bool(kept)
            if word in _ARTICLES and not alone:
                continue
            if word in _CONNECTIVES and not alone and (kept or word in ("and", "of")):
                continue
            following = next((one.text for one in pieces[index + 1 :] if one.is_word), "")
            if word in _PARTS and kept and _ORDINAL.fullmatch(following):
                continue
        kept.append(_Piece(",") if piece.text == "." else piece)
    return kept


def _is_hyphen(pieces: list[_Piece], index: int) -> bool:
    return 0 <= index < len(pieces) and pieces[index].text in "-‐‑"


def _may_be_abbreviated(word: str, *, shout: bool) -> bool:
    """Whether a word is one, and no acronym, initial or number."""
    if len(word) < 3 or word.isdigit():
        return False
    return _CAMEL.search(word) is None or (word.isupper() and (shout or len(word) > 6))


def _language(
    found: Iterable[list[tuple[TitleWord, str]]], known: Collection[str]
) -> frozenset[str]:
    """The language whose words a title has most of; what is known outweighs one word."""
    votes: Counter[str] = Counter()
    for entries in found:
        for language in {name for entry, _ in entries for name in entry.languages}:
            votes[language] += 2
    for language in known:
        votes[language] += 3
    votes.pop(_EVERY_LANGUAGE, None)
    if not votes:
        return frozenset()
    most = max(votes.values())
    best = [language for language, count in votes.items() if count == most]
    first = next((language for language in _FIRST_CHOICE if language in best), None)
    return frozenset((first,) if first else best)


def _shortened(word: str, entries: list[tuple[TitleWord, str]], language: frozenset[str]) -> str:
    wanted = language | {_EVERY_LANGUAGE}
    for entry, before in entries:
        if entry.languages & wanted:
            return _dressed(word, entry.abbreviation, before)
    # A word that other languages have, too, is mostly the same one: but not in English, where
    # half of all titles are, and short words are of another meaning.
    for entry, before in entries:
        if "eng" not in language and entry.length > 4:
            return _dressed(word, entry.abbreviation, before)
    return word


def _dressed(word: str, abbreviation: str | None, before: str) -> str:
    """The abbreviation with the case and the accents of the word."""
    if abbreviation is None or len(before) + len(abbreviation.rstrip(".")) >= len(word):
        return word
    if " " in word and word.count(" ") == abbreviation.count(" "):
        both = zip(word.split(" "), abbreviation.split(" "))
        return " ".join(_dressed(one, short, "") for one, short in both)
    short = [*before, *abbreviation]
    for place, (own, listed) in enumerate(zip(word, short)):
        if fold(own) == fold(listed):
            short[place] = own
    if word[:1].isupper():
        short[0] = short[0].upper()
    if word.isupper():
        short = [letter.upper() for letter in short[:1]] + [letter.lower() for letter in short[1:]]
    return "".join(short)


def _joined(texts: list[str]) -> str:
    """The pieces as one text, without the gaps that were left."""
    title = re.sub(r"\s+", " ", "".join(texts)).strip(" ,")
    return re.sub(r" (?=[,;:)])|(?<=\() ", "", title)
