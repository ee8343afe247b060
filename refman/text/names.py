"""Names of people as text: taken apart and put together.

Two grammars. `parse_name` reads one name as most formats have it ("Family, Given" or "Given
Family"); `parse_bibtex_names` reads a BibTeX name list by BibTeX's own rules (Patashnik,
"BibTeXing", 1988, section 4): names parted by `and`, each "First von Last", "von Last, First" or
"von Last, Jr, First", where braces hold together what would be parted.

No family name is ever made up: a single word, an organisation and a name with too many commas
become a `literal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from refman.model.name import Name
from refman.text.latex import clean, decode, encode

OTHERS = Name(literal="others")
"""What BibTeX's `and others` becomes: the list goes on, with names that the source left out."""

_SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|ii|iii|iv)\.?", re.IGNORECASE)
_PARTICLE_WORDS = """
    af al am auf aus d' da dal dalla das de degli dei del dela della den der des di do dos du e el
    la las le les lo los op 't ten ter te und van 'van vande vanden vander vom von y zu zum zur
    bin binti bint ibn
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_RARE_PARTICLES = """
    abd abu ap av bat ben d de' dall' degl' dell' della delle dello dei di' dos ibnu in ould 's s'
    san sankt sant santa tho thoe tot uit uijt v v. ver vd vel voor zur
"""
_LOWER_PARTICLES = _PARTICLES | frozenset(_RARE_PARTICLES.split())
"""What is a particle, in lower case, between a first and a last name."""
_NEVER_FIRST = frozenset({"e", "y", "und", "am", "op"})
_ORGANISATION = re.compile(
    r"\b(?:universit\w*|organi[sz]ation\w*|institut\w*|ministry|department|agency|association|"
    r"committee|commission|consortium|council|society|foundation|federation|laborator\w+|bureau|"
    r"collaboration|initiative|group|team|network|programme|office|government|parliament|"
    r"kementerian|badan|universitas|dinas|lembaga|yayasan|ministerio|ministère|gesellschaft)\b",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[\s\u00a0]+")
_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_LEVELS = {
    "and": re.compile(r"[{}]|\s+and(?=\s)", re.IGNORECASE),
    ",": re.compile(r"[{},]"),
    ";": re.compile(r"[{};]"),
    "&": re.compile(r"[{}]|\s\\?&(?=\s)"),
    " ": re.compile(r"[{}]|(?<!\\)[\s~]+"),
}
_BRACES = re.compile(r"[{}]")
_ET_AL = frozenset(("others", "et al", "et al.", "et~al.", "et~al"))
MAX_NAME = 4000
"""Longest text, in characters, that is still taken apart; beyond it is no name."""


def parse_name(text: str) -> Name:
    """The name in "Family, Given", "Family, Given, Jr.", "Family, Jr., Given" or "Given Family".

    Particles before the family name (van, de la, von der) become `non_dropping_particle` where
    they are in lower case. What cannot be split is a `literal`. An empty text gives an empty
    literal.
    """
    text = _SPACE.sub(" ", text).strip(" ,;")
    if len(text) > MAX_NAME:
        return Name(literal=text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return _parse_given_first(text)
    suffix = None
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        name = _parse_given_first(parts[0])
        return _with_suffix(name, parts[1]) if name.literal is None else Name(literal=text)
    if len(parts) == 3:
        last = 1 if _SUFFIX.fullmatch(parts[1]) else 2
        if not _SUFFIX.fullmatch(parts[last]):
            return Name(literal=text)
        suffix = parts.pop(last)
    if len(parts) != 2 or not all(parts) or (" " in parts[0] and _ORGANISATION.search(parts[0])):
        return Name(literal=text)
    given, tail = _split_suffix(parts[1])
    particle, family = _split_particle(parts[0])
    return Name(family, given, suffix or tail, non_dropping_particle=particle)


def _parse_given_first(text: str) -> Name:
    text, suffix = _split_suffix(text)
    words = text.split(" ")
    if len(words) == 1 or _ORGANISATION.search(text):
        return Name(literal=f"{text} {suffix}" if suffix else text)
    start = len(words) - 1
    for i in range(1, len(words) - 1):
        if words[i] in _PARTICLES and words[i] not in _NEVER_FIRST:
            start = i
            break
    given = " ".join(words[:start])
    particle, family = _split_particle(" ".join(words[start:]))
    return Name(family, given, suffix, non_dropping_particle=particle)


def _with_suffix(name: Name, suffix: str) -> Name:
    return Name(name.family, name.given, suffix, non_dropping_particle=name.non_dropping_particle)


def _split_suffix(text: str) -> tuple[str, str | None]:
    """`Martin Luther Jr.` -> `Martin Luther`, `Jr.`"""
    head, space, tail = text.rpartition(" ")
    if space and _SUFFIX.fullmatch(tail):
        return head, tail
    return text, None


def _split_particle(family: str) -> tuple[str | None, str]:
    """`van der Berg` -> `van der`, `Berg`; `Van der Berg` stays whole, as its bearer writes it."""
    words = family.split(" ")
    count = 0
    while count < len(words) - 1 and words[count] in _PARTICLES:
        count += 1
    if count:
        return " ".join(words[:count]), " ".join(words[count:])
    return None, family


def parse_bibtex_names(text: str) -> tuple[Name, ...]:
    """The names of a BibTeX list, decoded from LaTeX.

    `and others` comes last as `OTHERS`. A name wholly in braces, one of a single word and one of
    more than three parts between commas become a `literal`. Three liberties are taken with BibTeX's
    rules, which would make a first name of `Jr.`: a suffix is known where it stands last too
    ("King, Jr." and "King, Martin Luther, Jr."), a particle must begin in lower case, and where
    no comma tells where the family name begins it must be a word that is one.
    """
    text = text.strip()
    if not text:
        return ()
    if "{" not in text and "}" not in text:
        parts = _AND.split(text)
    else:
        parts = _split_outside_braces(text, "and")
    if len(parts) == 1:
        parts = _split_otherwise(text)
    names = (_parse_bibtex_name(part.strip()) for part in parts)
    return tuple(name for name in names if name is not None)


def _split_otherwise(text: str) -> list[str]:
    """Names that are parted as people and spreadsheets part them: by `;`, or by `&`."""
    if ";" in text:
        return _split_outside_braces(text, ";")
    if "&" in text and "," in text:
        return _split_outside_braces(text, "&")
    return [text]


@lru_cache(maxsize=32768)
def _parse_bibtex_name(text: str) -> Name | None:
    text = text.rstrip(", \t\n")
    if not text:
        return None
    if text.lower() in _ET_AL:
        return OTHERS
    if len(text) > MAX_NAME:
        return _literal(text)
    if text[0] == "{" and _is_one_group(text):
        return _literal(text[1:-1] if text[1:2] != "\\" else text)
    braced = "{" in text or "}" in text
    parts = _split_outside_braces(text, ",") if braced else text.split(",")
    parts = [part.strip() for part in parts]
    suffix = None
    if "=" in text and (extended := _extended(parts)) is not None:
        return extended
    if len(parts) > 3:
        return _literal(text)
    if len(parts) == 3:
        last = 2 if _SUFFIX.fullmatch(parts[2]) and not _SUFFIX.fullmatch(parts[1]) else 1
        suffix = parts.pop(last) or None
    elif len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        suffix = parts.pop()
    if len(parts) == 1:
        return _first_von_last(parts[0], suffix)
    return _von_last_first(parts[0], parts[1], suffix)


_EXTENDED = {
    "family": "family",
    "given": "given",
    "prefix": "non_dropping_particle",
    "suffix": "suffix",
}


def _extended(parts: list[str]) -> Name | None:
    """Another way to write a name, biblatex's: `family=Berg, given=Anna, prefix=van den`."""
    found: dict[str, str] = {}
    dropping = False
    for part in parts:
        label, equals, value = part.partition("=")
        if not equals or not label.strip().replace("-", "").isalpha():
            return None
        value = value.strip().strip('"')
        kind = label.strip().lower()
        variable = _EXTENDED.get(kind)
        if variable is not None and value:
            found[variable] = decode(value)
        elif kind == "useprefix":
            dropping = value.lower() == "false"
    if "family" not in found:
        return None
    particle = found.get("non_dropping_particle")
    return Name(
        found["family"],
        found.get("given"),
        found.get("suffix"),
        dropping_particle=particle if dropping else None,
        non_dropping_particle=None if dropping else particle,
    )


def _literal(text: str) -> Name | None:
    literal = decode(text)
    return Name(literal=literal) if literal else None


def _first_von_last(text: str, suffix: str | None) -> Name | None:
    words = _words(text)
    if suffix is None and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) == 1:
        return _literal(f"{text}, {suffix}" if suffix else text)
    lower = [i for i, word in enumerate(words[:-1]) if _is_lower(word)]
    while lower and not _is_particle(words[lower[0]]):
        del lower[0]
    start = lower[0] if lower else len(words) - 1
    end = lower[-1] + 1 if lower else start
    return _name(words[end:], words[:start], words[start:end], suffix)


def _von_last_first(family: str, given: str, suffix: str | None) -> Name | None:
    first = _words(given)
    if suffix is None and len(first) > 1 and _SUFFIX.fullmatch(first[-1]):
        suffix = first.pop()
    words = _words(family)
    end = 0
    if len(words) > 1 and _is_lower(words[0]):
        end = max(i for i, word in enumerate(words[:-1]) if _is_lower(word)) + 1
    return _name(words[end:], first, words[:end], suffix)


def _name(last: list[str], first: list[str], von: list[str], suffix: str | None) -> Name | None:
    family = decode(" ".join(last))
    given = decode(" ".join(first))
    particle = decode(" ".join(von))
    if not family:
        whole = " ".join(part for part in (given, particle) if part)
        return Name(literal=whole) if whole else None
    if not given and not particle and not suffix:
        return Name(literal=family)
    return Name(
        family,
        given or None,
        decode(suffix) or None if suffix else None,
        non_dropping_particle=particle or None,
    )


def _words(text: str) -> list[str]:
    if "{" in text or "}" in text:
        words = _split_outside_braces(text, " ")
    elif "~" in text or "\\" in text:
        words = _LEVELS[" "].split(text)
    else:
        return text.split()
    return [word for word in words if word]


def _is_particle(word: str) -> bool:
    """Whether a word in lower case, with no comma to tell, is a particle, and no `at` or `for`."""
    plain = decode(word) if "\\" in word or "{" in word else word
    return plain.replace("’", "'") in _LOWER_PARTICLES


def _is_lower(word: str) -> bool:
    """Whether a word counts as a particle: its first letter, outside braces, is in lower case."""
    if word[0] == "{" and word[1:2] != "\\":
        return False
    if word[0] in "{\\":
        word = decode(word)
    for char in word:
        if char.isalpha():
            return char.islower()
    return False


def _split_outside_braces(text: str, separator: str) -> list[str]:
    """Split where no brace is open. Every brace counts, as in BibTeX, backslash or not."""
    parts = []
    depth = start = 0
    for match in _LEVELS[separator].finditer(text):
        char = match.group()
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return parts


def _is_one_group(text: str) -> bool:
    depth = 0
    for match in _BRACES.finditer(text):
        depth += 1 if match.group() == "{" else -1
        if depth <= 0:
            return match.end() == len(text) and depth == 0
    return False


def format_bibtex_name(name: Name, *, unicode: bool = True) -> str:
    """One name as BibTeX wants it: `van der Berg, Jr., Anna`; a literal in braces.

    The text reads back as the same name; braces are put where it would not. What BibTeX has no
    place for is lost: ORCID, affiliation, and which kind of particle it was. An empty name gives
    an empty text.
    """
    return _format(
        name.literal,
        name.family,
        name.given,
        name.suffix,
        " ".join(p for p in (name.dropping_particle, name.non_dropping_particle) if p),
        unicode,
    )


def format_bibtex_names(names: Iterable[Name], *, unicode: bool = True) -> str:
    """Names joined with `and`; `OTHERS` at the end as `others`."""
    listed = list(names)
    tail = []
    if listed and listed[-1].literal == OTHERS.literal:
        listed.pop()
        tail = ["others"]
    written = (format_bibtex_name(name, unicode=unicode) for name in listed)
    return " and ".join([text for text in written if text] + tail)


@lru_cache(maxsize=32768)
def _format(
    literal: str | None,
    family: str | None,
    given: str | None,
    suffix: str | None,
    particle: str,
    unicode: bool,
) -> str:
    if literal is None and family and (given or particle):
        wanted = Name(
            clean(family),
            clean(given or "") or None,
            clean(suffix or "") or None,
            non_dropping_particle=clean(particle) or None,
        )
        parts = tuple(encode(part or "", unicode=unicode) for part in (family, given, suffix))
        for text in _ways(*parts, particle=encode(particle, unicode=unicode)):
            if parse_bibtex_names(text) == (wanted,) and _stands_in_a_list(text, wanted):
                return text
    whole = (
        literal
        if literal is not None
        else " ".join(part for part in (given, particle, family, suffix) if part)
    )
    whole = encode(clean(whole), unicode=unicode)
    return f"{{{whole}}}" if whole else ""


def _stands_in_a_list(text: str, wanted: Name) -> bool:
    """Whether it reads as that name beside another one: a name may end or begin with `and`."""
    if "and" not in text.lower():
        return True
    return parse_bibtex_names(f"{text} and {text}") == (wanted, wanted)


def _ways(family: str, given: str, suffix: str, *, particle: str) -> Iterator[str]:
    """The ways to write a name, from the plainest to the one with most braces."""
    last = f"{particle} {family}" if particle else family
    held = f"{particle} {{{family}}}" if particle else f"{{{family}}}"
    middle = f", {suffix}" if suffix else ""
    if not given:
        yield f"{last}{middle}"
        yield f"{held}{middle}"
        return
    yield f"{last}{middle}, {given}"
    yield f"{held}{middle}, {given}"
    yield f"{last}{middle}, {{{given}}}"
    yield f"{held}{middle}, {{{given}}}"
    if suffix:
        yield f"{held}, {{{suffix}}}, {{{given}}}"
