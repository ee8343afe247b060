"""Sentence case for titles in capitals, by evidence first and by lists of known words second.

For every word, in this order, the first that knows decides:

1. it is no plain word in capitals (`pH`, `H2O`, `COVID-19`): it stays;
2. it stands alone in parentheses, as acronyms do: it stays, and the words before it that spell it
   take the form they have in the evidence, or else capitals;
3. a name of several words in the evidence, or in the built-in lists, holds it;
4. the built-in lists know it, and nothing else can be meant by it;
5. the evidence shows it in another case;
6. in Indonesian titles, it follows a word that a name follows (`SMA`, `Kabupaten`);
7. it is a Roman numeral, a lone letter (`vitamin C`) or has no vowel (`BPJS`): it stays;
8. otherwise it goes to lower case.

The first word then gets a capital, and so does the first after a colon, a question or exclamation
mark or a full stop, as in the sentence case of APA style; a word such as `mRNA` does not.

Limits: a name or acronym that neither evidence nor list knows ends in lower case (`IOM` without
an abstract), German nouns too; a name that is also a word may come out either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from refman.text import recase_words as known
from refman.text.case_evidence import CaseEvidence, Shape, Word, gather, shape_of, words_of
from refman.text.language import guess_language

_TAG = re.compile(r"<[^<>]*>")
_SENTENCE_END = re.compile(r"[:?!¿¡](?:[\s\"”’')\]»]*\s|$)|^[¿¡]")
_FULL_STOP = re.compile(r"\.[\"”’')\]»]*\s")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ORDINAL = re.compile(r"(\d+)(ST|ND|RD|TH|S)")
_JOINT = re.compile(r"\s+|\s*[-‐‑]\s*")
_ELISION = re.compile(r"(?:l|d|dell|all|nell|sull|dall|un|qu|s|n|j|c|m|t)'(?=.{2})")
_INFLECTED = re.compile(r"(?:me[a-z]+(?:kan|i)|ber[a-z]{4,}|ter[a-z]{4,}|di[a-z]+kan|[a-z]+nya)")
_HYPHENS = ("-", "‐", "‑")
_LONGEST_ACRONYM = 8
_LONGEST_PLACE = 3


class Recaser:
    """One title on its way to sentence case."""

    def __init__(self, title: str, evidence: Iterable[str], language: str | None) -> None:
        # Tags become blanks of the same length, so that positions stay those of the title.
        self.title = title
        self.words: list[Word] = list(words_of(_TAG.sub(lambda m: "\0" * len(m[0]), title)))
        self.keys = [word.key for word in self.words]
        self.evidence: CaseEvidence = gather(evidence)
        self.forms: list[str | None] = [None] * len(self.words)
        language = language or guess_language(title, enough=1, lead=2)
        self.indonesian = language is not None and language.lower().split("-")[0] in ("id", "ind")
        self.romance = sum(key in known.ROMANCE_WORDS for key in self.keys) >= 2

    def text(self) -> str:
        """The title in sentence case."""
        self._keep_codes()
        self._read_parentheses()
        self._read_names(self.evidence.names)
        self._read_names(known.PHRASES)
        self._read_binomials()
        for index in range(len(self.words)):
            if self.forms[index] is None:
                self.forms[index] = self._known(index)
        if self.indonesian:
            self._read_places()
        for index in range(len(self.words)):
            if self.forms[index] is None:
                self.forms[index] = self._plain(index)
        return self._written()

    def _keep_codes(self) -> None:
        for index, word in enumerate(self.words):
            if ordinal := _ORDINAL.fullmatch(word.text):
                self.forms[index] = ordinal[1] + ordinal[2].lower()
            elif any(char.isdigit() for char in word.text) or shape_of(word.text) in (
                Shape.OTHER,
                Shape.MIXED,
                Shape.LOWER,
            ):
                self.forms[index] = word.text
            elif self._is_code(index):
                self.forms[index] = known.FORMS.get(word.key, word.text)

    def _is_code(self, index: int) -> bool:
        """Whether it is the `COVID` of `COVID-19`."""
        word = self.words[index]
        return (
            len(word.text) <= 5
            and self._is_hyphened(index)
            and self.words[index + 1].text[0].isdigit()
            and word.key not in known.NUMBERED
            and self.evidence.form(word.key) != word.key
        )

    def _read_parentheses(self) -> None:
        for index, word in enumerate(self.words):
            after = self.words[index + 1].gap if index + 1 < len(self.words) else self._tail()
            if not (word.gap.endswith("(") and after.startswith(")")):
                continue
            if self.forms[index] is not None and shape_of(word.text) is not Shape.UPPER:
                continue
            if not self._is_acronym(word.key):
                continue
            if self.forms[index] is None:
                form = self.evidence.form(word.key)
                self.forms[index] = form if form and form != word.key else word.text
            self._spell_out(index)

    def _is_acronym(self, key: str) -> bool:
        return (
            2 <= len(key) <= _LONGEST_ACRONYM
            and key not in known.PARENTHETICAL
            and not (key in known.COMMON and key not in known.ACRONYM_KEYS)
            and self.evidence.form(key) != key
        )

    def _tail(self) -> str:
        last = self.words[-1]
        return self.title[last.start + len(last.text) :]

    def _spell_out(self, index: int) -> None:
        """Give the words that an acronym stands for their capitals."""
        letters = [char for char in self.keys[index] if char.isalpha()]
        first = index
        while letters and first > 0:
            if first < index and not _JOINT.fullmatch(self.words[first].gap):
                return
            first -= 1
            if self.keys[first][0] == letters[-1]:
                letters.pop()
            elif self.keys[first] not in known.CONNECTORS:
                return
        if letters or index - first < 2:
            return
        words = tuple(word.text for word in self.words[first:index])
        seen = self.evidence.expansion(self.words[index].text, words)
        for offset, word in enumerate(words):
            if self.forms[first + offset] is None:
                small = self.keys[first + offset] in known.CONNECTORS
                form = seen[offset] if seen else (word.lower() if small else _capitalised(word))
                self.forms[first + offset] = form

    def _read_names(self, names: dict[str, list[tuple[str, ...]]]) -> None:
        for index, key in enumerate(self.keys):
            for name in names.get(key, ()):
                if self._matches(index, name):
                    for offset, form in enumerate(name):
                        if self.forms[index + offset] is None:
                            self.forms[index + offset] = form
                    break

    def _read_binomials(self) -> None:
        """Two words in italics are a species, unless the first is short: `in vitro`."""
        for index in range(len(self.words) - 1):
            genus, species = self.words[index], self.words[index + 1]
            end = species.start + len(species.text)
            if (
                self.forms[index] is None
                and self.title.endswith("<i>", 0, genus.start)
                and self.title.startswith("</i>", end)
                and species.gap == " "
                and len(genus.text) > 3
                and self.evidence.form(genus.key) != genus.key
            ):
                self.forms[index] = _capitalised(genus.text)

    def _matches(self, index: int, name: Sequence[str]) -> bool:
        end = index + len(name)
        if end > len(self.keys):
            return False
        return all(
            self.keys[index + offset] == form.casefold().replace("’", "'")
            and (offset == 0 or _JOINT.fullmatch(self.words[index + offset].gap) is not None)
            for offset, form in enumerate(name)
        )

    def _known(self, index: int) -> str | None:
        """The form that lists or evidence give, or None."""
        key, word = self.keys[index], self.words[index].text
        if len(key) == 1:
            return None
        if key in known.CONNECTORS or (key in known.PREFIXES and self._is_hyphened(index)):
            return word.lower()
        listed = self._listed(key)
        if listed is not None and key not in known.AMBIGUOUS:
            return listed
        seen = self.evidence.form(key)
        if seen is not None:
            return listed if listed and seen != key else seen
        if listed is not None:
            return listed
        base, mark, ending = key.partition("'")
        if ending == "s" and len(base) > 1 and (form := self._listed(base) or self._seen(base)):
            return form + word[len(base) :].lower()
        if mark and (elided := _ELISION.match(key)):
            rest = key[elided.end() :]
            form = self._listed(rest) or self._seen(rest)
            return word[: elided.end()].lower() + form if form else None
        if key.startswith("o'") and len(key) > 4:
            return word[:2] + _capitalised(word[2:])
        return None

    def _is_hyphened(self, index: int) -> bool:
        return index + 1 < len(self.words) and self.words[index + 1].gap in _HYPHENS

    def _listed(self, key: str) -> str | None:
        if self.indonesian and key in known.INDONESIAN_FORMS:
            return known.INDONESIAN_FORMS[key]
        return known.FORMS.get(key)

    def _seen(self, key: str) -> str | None:
        form = self.evidence.form(key)
        return None if form == key else form

    def _read_places(self) -> None:
        """Names after words that names follow: `SMA Raksana`, `Kabupaten Sukamaju`, `Dr. X`."""
        for index, key in enumerate(self.keys):
            titled = len(key) > 1 and self._is_titled(index + 1)
            if not titled and key not in known.PLACE_HEADS and key not in known.SCHOOL_HEADS:
                continue
            end = self._end_of_place(index)
            if end == index + 1:
                continue
            if titled or key in known.PLACE_HEADS:
                word = self.words[index].text
                self.forms[index] = "KH" if key == "kh" else _capitalised(word)
            for position in range(index + 1, end):
                if self.forms[position] is None:
                    self.forms[position] = _capitalised(self.words[position].text)

    def _end_of_place(self, index: int) -> int:
        """The index behind the name that begins after `index`."""
        school = self.keys[index] in known.SCHOOL_HEADS
        end = index + 1
        taken = 0
        while end < len(self.keys) and taken < _LONGEST_PLACE:
            key = self.keys[end]
            if not self._is_titled(end) and not _JOINT.fullmatch(self.words[end].gap):
                break
            if key in known.PLACE_HEADS or key in known.SCHOOL_HEADS:
                break
            numeral = key.isdigit() or _is_roman(self.words[end].text)
            if school and (key in ("negeri", "swasta") or numeral):
                end += 1
                continue
            if numeral or key in known.COMMON or _is_inflected(key):
                break
            if self.evidence.form(key) == key:
                break
            end += 1
            taken += key not in known.HONORIFICS
        return end

    def _is_titled(self, index: int) -> bool:
        """Whether `Dr.` or the like stands before a word."""
        return (
            index < len(self.words)
            and self.keys[index - 1] in known.HONORIFICS
            and self.words[index].gap in (".", ". ")
        )

    def _plain(self, index: int) -> str:
        """The form of a word that nothing is known about."""
        word, key = self.words[index].text, self.keys[index]
        if len(key) == 1:
            return self._lone_letter(index)
        if _is_roman(word):
            return word
        if len(key) <= 5 and key not in known.VOWELLESS and not _has_vowel(key):
            return word
        if key in ("regency", "province") and index and self.forms[index - 1] is not None:
            before = self.forms[index - 1] or ""
            if shape_of(before) is Shape.CAPITALISED:
                return _capitalised(word)
        return word.lower()

    def _lone_letter(self, index: int) -> str:
        word = self.words[index].text
        before = self.keys[index - 1] if index else ""
        after = self.words[index + 1].gap if index + 1 < len(self.words) else ""
        if self.romance and word.lower() in "aeiouyàéè":
            return word.lower()
        if word == "E" and after in _HYPHENS:
            return "e"
        if word == "A" and not self.indonesian:
            lettered = before in known.LETTERED or after.startswith((".", "&", "/", "-", ")"))
            return word if lettered else "a"
        return word

    def _written(self) -> str:
        """The title with its words in their new forms, and capitals where sentences begin."""
        pieces: list[str] = []
        end = 0
        for index, word in enumerate(self.words):
            form = self.forms[index] or word.text
            if self._opens(index) and (shape_of(form) is Shape.LOWER or _ELISION.match(form)):
                form = _with_capital(form)
            pieces += (self.title[end : word.start], form)
            end = word.start + len(word.text)
        pieces.append(self.title[end:])
        return "".join(pieces)

    def _opens(self, index: int) -> bool:
        if index == 0:
            return True
        gap = self.words[index].gap.replace("\0", "")
        if _SENTENCE_END.search(gap):
            return True
        before = self.keys[index - 1]
        return bool(
            _FULL_STOP.match(gap)
            and len(before) > 1
            and not before.isdigit()
            and before not in known.ABBREVIATIONS
        )


def _capitalised(word: str) -> str:
    return _with_capital(word[0] + word[1:].lower())


def _with_capital(word: str) -> str:
    # ß and its like have no one capital letter.
    first = word[0].upper()
    return first + word[1:] if len(first) == 1 else word


def _is_roman(word: str) -> bool:
    return bool(word) and _ROMAN.fullmatch(word) is not None


def _has_vowel(key: str) -> bool:
    return any(char in "aeiouy" or not char.isascii() for char in key)


def _is_inflected(key: str) -> bool:
    """Whether an Indonesian word is a verb by its affixes, and so no name."""
    return key not in known.FORMS and _INFLECTED.fullmatch(key) is not None
