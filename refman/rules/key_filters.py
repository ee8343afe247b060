"""What can be done to a part of a citation key: the filters of Better BibTeX and JabRef.

Each takes the subject, the text so far, and its arguments. Better BibTeX's documentation of its
citation key formulas, and JabRef's of its citation key patterns, say what they are to do.
"""

from __future__ import annotations

import re
import unicodedata

from refman.rules.key_template import Function, NotThisOne, Parameter, Subject
from refman.rules.key_words import PATTERN_WORDS
from refman.text.transliteration import to_ascii

KEY_SIGNS = re.compile(r"[A-Za-z0-9_:.+/-]+")
"""What may stand in a key that is made."""

_DASHES = re.compile(r"[\u2010-\u2015\u2500\uff0d-]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def lower(_: Subject, text: str) -> str:
    """All in lower case."""
    return text.lower()


def upper(_: Subject, text: str) -> str:
    """All in capitals."""
    return text.upper()


def abbreviate(_: Subject, text: str, chars: int = 1) -> str:
    """The first letters of each word."""
    return "".join(word[: max(chars, 0)] for word in text.split())


def capitalize(_: Subject, text: str) -> str:
    """Each word with a capital; the other letters stay."""
    return re.sub(r"(?:^|(?<=\s))\S", lambda match: match.group().upper(), text)


def capitalize_strictly(_: Subject, text: str) -> str:
    """Each word with a capital and the rest in lower case, as JabRef does it."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())


def title_case(subject: Subject, text: str) -> str:
    """As `capitalize_strictly`, but with function words in lower case unless they come first."""
    words = capitalize_strictly(subject, text).split(" ")
    return " ".join(
        word.lower() if place and word.lower() in PATTERN_WORDS else word
        for place, word in enumerate(words)
    )


def sentence_case(_: Subject, text: str) -> str:
    """The first letter as a capital, the others in lower case."""
    return text[:1].upper() + text[1:].lower()


def condense(_: Subject, text: str, sep: str = "") -> str:
    """Something else, or nothing, in place of blanks."""
    return re.sub(r"\s+", lambda _: sep, text)


def without_punctuation(_: Subject, text: str, dash: str = "-") -> str:
    """No brackets, quotes or marks; dashes as given."""
    text = _DASHES.sub(lambda _: dash, text)
    return "".join(
        char
        for char in text
        if char in dash or unicodedata.category(char) not in ("Pe", "Pf", "Pi", "Po", "Ps")
    )


def without_punctuation_or_dash(subject: Subject, text: str) -> str:
    """No punctuation, and words with hyphens run together."""
    return without_punctuation(subject, text, "")


def skip_words(subject: Subject, text: str, nopunct: bool = False) -> str:
    """Without the words that mean little."""
    words = text.replace("/", " ").replace(":", " ").split()
    if nopunct:
        words = [without_punctuation(subject, word, "") for word in words]
    return " ".join(word for word in words if word and word.lower() not in subject.skipped)


def select(_: Subject, text: str, start: int = 1, n: int | None = None) -> str:
    """Some of the words; `start` counts from 1, or with a minus from the end."""
    words = text.split()
    begin = len(words) + start if start < 0 else max(start, 1) - 1
    end = len(words) if n is None else begin + max(n, 1)
    return " ".join(words[max(begin, 0) : max(end, 0)])


def substring(_: Subject, text: str, start: int = 1, n: int | None = None) -> str:
    """Some of the characters; `start` counts from 1."""
    begin = max(start, 1) - 1
    return text[begin:] if n is None else text[begin : begin + max(n, 0)]


def replace(_: Subject, text: str, find: str | re.Pattern[str], replacement: str) -> str:
    """Another text for what is found; a text is found in any letter case."""
    if isinstance(find, str):
        find = re.compile(re.escape(find), re.IGNORECASE)
    return find.sub(lambda _: replacement, text) if find.pattern else text


def fold(subject: Subject, text: str, mode: str | None = None) -> str:
    """In ASCII, by the language of the work or the one given."""
    return to_ascii(text, subject.description.language if mode in (None, "minimal") else mode)


def clean(subject: Subject, text: str) -> str:
    """In ASCII, without what a key cannot hold; blanks stay."""
    folded = fold(subject, text)
    return " ".join("".join(KEY_SIGNS.findall(word)) for word in folded.split()).strip()


def only_ascii(_: Subject, text: str) -> str:
    """Without what is not ASCII."""
    return " ".join(re.sub(r"[^ -~]", "", text).split())


def only_letters(_: Subject, text: str) -> str:
    """Without what is neither letter nor digit; blanks stay."""
    return "".join(c for c in text if c.isspace() or c.isalpha() or c.isnumeric()).strip()


def only_number(_: Subject, text: str) -> str:
    """The text if it begins with a number, else nothing."""
    return text if re.match(r"\s*[+-]?\d", text) else ""


def prefix(_: Subject, text: str, prefix: str) -> str:
    """With something before it, if there is anything."""
    return prefix + text if text else text


def postfix(_: Subject, text: str, postfix: str) -> str:
    """With something behind it, if there is anything."""
    return text + postfix if text else text


def default(_: Subject, text: str, text_instead: str) -> str:
    """Another text where there is none."""
    return text or text_instead


def discard(_: Subject, _text: str) -> str:
    """Nothing."""
    return ""


def unchanged(_: Subject, text: str) -> str:
    """The text as it is."""
    return text


def of_length(_: Subject, text: str, relation: str = ">", length: int = 0) -> str:
    """The text, if it is so long; else the next choice is tried."""
    size = sum(1 for char in text if not char.isspace())
    holds = {
        "<": size < length,
        "<=": size <= length,
        "=": size == length,
        "==": size == length,
        "!=": size != length,
        ">=": size >= length,
        ">": size > length,
    }.get(relation, False)
    if not holds:
        raise NotThisOne
    return text


def matching(
    subject: Subject,
    text: str,
    match: str | re.Pattern[str],
    clean: bool = False,
) -> str:
    """The text, if something is found in it; else the next choice is tried."""
    if isinstance(match, str):
        match = re.compile(re.escape(match), re.IGNORECASE)
    if match.search(fold(subject, text) if clean else text) is None:
        raise NotThisOne
    return text


def ideographs(_: Subject, text: str) -> str:
    """Each Chinese character as a word."""
    return " ".join(_IDEOGRAPH.sub(lambda match: f" {match.group()} ", text).split())


def truncate(_: Subject, text: str, n: int) -> str:
    """The first characters."""
    return text[: max(n, 0)].rstrip()


_START = Parameter("start", int, 1)
_N = Parameter("n", int)
_PATTERN = (str, re.Pattern)

FILTERS = {
    function.name.lower(): function
    for function in (
        Function("lower", lower),
        Function("upper", upper),
        Function("abbr", abbreviate, (Parameter("chars", int, 1),)),
        Function("capitalize", capitalize),
        Function("condense", condense, (Parameter("sep", str, ""),)),
        Function("skipwords", skip_words, (Parameter("nopunct", bool, default=False),)),
        Function("select", select, (_START, _N)),
        Function("substring", substring, (_START, _N)),
        Function(
            "replace",
            replace,
            (Parameter("find", _PATTERN, required=True), Parameter("replace", str, "")),
        ),
        Function("nopunct", without_punctuation, (Parameter("dash", str, "-"),)),
        Function("nopunctordash", without_punctuation_or_dash),
        Function("fold", fold, (Parameter("mode", str),)),
        Function("transliterate", fold, (Parameter("mode", str),)),
        Function("pinyin", fold),
        Function("clean", clean),
        Function("ascii", only_ascii),
        Function("alphanum", only_letters),
        Function("numeric", only_number),
        Function("prefix", prefix, (Parameter("prefix", str, required=True),)),
        Function("postfix", postfix, (Parameter("postfix", str, required=True),)),
        Function("default", default, (Parameter("text", str, required=True),)),
        Function("ifempty", default, (Parameter("text", str, required=True),)),
        Function("len", of_length, (Parameter("relation", str, ">"), Parameter("length", int, 0))),
        Function(
            "match",
            matching,
            (
                Parameter("match", _PATTERN, required=True),
                Parameter("clean", bool, default=False),
            ),
        ),
        Function("ideographs", ideographs),
        Function("discard", discard),
        Function("localTime", unchanged),
    )
}
"""The filters of Better BibTeX's formulas, by their names in lower case."""

MODIFIERS = FILTERS | {
    "capitalize": Function("capitalize", capitalize_strictly),
    "titlecase": Function("titlecase", title_case),
    "title_case": Function("titlecase", title_case),
    "sentencecase": Function("sentencecase", sentence_case),
    "sentence_case": Function("sentencecase", sentence_case),
    "lowercase": Function("lower", lower),
    "lower_case": Function("lower", lower),
    "uppercase": Function("upper", upper),
    "upper_case": Function("upper", upper),
    "truncate": Function("truncate", truncate, (Parameter("n", int, required=True),)),
    "regex": Function(
        "regex",
        replace,
        (
            Parameter("pattern", re.Pattern, required=True),
            Parameter("replacement", str, required=True),
        ),
    ),
}
"""The modifiers of JabRef's patterns, and the filters, by their names in lower case."""
