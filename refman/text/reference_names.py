"""Lists of names as references have them, told by their form alone.

The forms are those of the common styles: `Berg, A. B., & Ito, C.` (APA), `Berg AB, Ito C`
(Vancouver), `A. B. Berg and C. Ito` (IEEE), `Berg, A. B.; Ito, C.` (ACS), `Berg, Anna, Chika Ito,
and Dwi Putri` (Chicago, MLA). `read_names` reads a text that is a list and nothing else;
`take_names` takes one off the beginning of a text. Where one piece of a text is no name, none is.

Every pattern is bounded, and each place of a text is looked at a fixed number of times.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from refman.model.name import Name
from refman.text.names import OTHERS, parse_name

MAX_LIST = 20_000
"""Longest list, in characters, that is still taken apart."""
_MAX_NAMES = 3_000


CAPITAL = "[^\\W\\d_a-zß-öø-ÿ]"
"""A pattern for a capital letter. Small letters beyond Latin-1 pass too: a class without them would
take a hundredth of a second to compile, in each of many patterns."""

_DASH = "[-‐‑–]"
_WORD = rf"(?:[dDlLOMn]['’ʼ`])?{CAPITAL}(?:[^\W\d_]|['’ʼ`ʻ‘´\ufffd]|{_DASH}(?=[^\W\d_])){{1,40}}"
_PARTICLE = (
    r"(?:(?:van|von|vom|zum|zur|zu|de|der|den|del|della|dello|degli|di|da|do|dos|das|du|des|la|le|"
    r"las|los|el|al|af|av|ten|ter|te|bin|binti|ibn|ben|y|e|und|auf|op|Van|Von|De|Der|Den|Del|"
    r"Della|Di|Da|Do|Dos|Du|La|Le|El|Al|Ten|Ter|St\.?|Ste\.?|'t|’t)[ ]|[dD]['’][ ]?|van['’]t[ ]|"
    r"dell['’]|[ae]l-)"
)
_FAMILY = (
    rf"(?:{_PARTICLE}){{0,3}}{_WORD}(?:[ ](?:(?:de|del|da|dos|e|y|i|la|van|der)[ ])"
    rf"{{0,2}}{_WORD}){{0,3}}"
)
_SOFT = "(?:Sh|Yu|Ch|Zh|Ya|Kh|Ts|Th|Ph|Dj|Ju|Ye)"
_INITIAL = rf"(?:{CAPITAL}|{_SOFT})\."
_DOTTED = (
    rf"{_INITIAL}(?:[ ](?:de|da|do)(?=[ ]{CAPITAL}\.)|[ ]?{_DASH}?[ ]?{_INITIAL}){{0,5}}"
    rf"(?:{_DASH}[a-z]\.)?"
)
_BARE = rf"(?:{_SOFT}|{CAPITAL})(?:[ ]?{_DASH}?(?:{_SOFT}|{CAPITAL})){{0,2}}(?![^\W\d_])"
_SUFFIX = r"(?:Jr|Sr|Jnr|Snr|II|III|IV|2nd|3rd|4th)\.?"
_TAIL_PARTICLE = r"(?:[ ](?:van|von|de|der|den|del|della|di|da|dos|do|du|la|le|ten|ter)\b){0,3}"

_INITIALS = re.compile(rf"(?:{_DOTTED}|{_BARE}){_TAIL_PARTICLE}")
_IS_FAMILY = re.compile(_FAMILY)
_IS_SUFFIX = re.compile(_SUFFIX)
_GIVEN_WORD = (
    rf"(?:{CAPITAL}(?:[^\W\d_]|['’ʼ`ʻ‘´]|{_DASH}){{1,3}}\.|{CAPITAL}(?:[^\W\d_]|"
    rf"['’ʼ`ʻ‘´\ufffd]|{_DASH}){{1,30}}|{_INITIAL}(?:{_DASH}?{_INITIAL}){{0,3}}"
    rf"|{CAPITAL}{{1,3}})"
)
_GIVEN = re.compile(rf"{_GIVEN_WORD}(?:[ ]{_GIVEN_WORD}){{0,5}}{_TAIL_PARTICLE}")

_DIRECT_INITIALS = re.compile(
    rf"(?P<given>{_DOTTED})[ ]?(?P<family>{_FAMILY})(?:,?[ ](?P<suffix>{_SUFFIX}))?(?![\w])"
)
_INVERTED = re.compile(
    rf"(?P<family>{_FAMILY})(?:[ ](?P<early>{_SUFFIX}))?,[ ]?(?P<given>{_DOTTED}|{_BARE})"
    rf"(?P<particle>{_TAIL_PARTICLE})(?:,?[ ](?P<suffix>{_SUFFIX}))?(?![\w])"
)
_VANCOUVER = re.compile(
    rf"(?P<family>{_FAMILY})[ ](?P<given>(?:{_SOFT}|{CAPITAL})"
    rf"(?:[ ]{CAPITAL}{_DASH}{CAPITAL}|{_DASH}?(?:{_SOFT}|{CAPITAL})){{0,3}})"
    rf"(?:[ ](?P<suffix>{_SUFFIX}))?"
    rf"(?![\w'’]|\.[ ]?{CAPITAL}\.|\.{CAPITAL})"
)
_SPACED_VANCOUVER = re.compile(
    rf"(?P<family>{_FAMILY})[ ](?P<given>{_DOTTED})(?:,?[ ](?P<suffix>{_SUFFIX}))?(?![\w])"
)
_DIRECT_BARE = re.compile(
    rf"(?P<given>{CAPITAL}(?:[ ]?{_DASH}?{CAPITAL}){{0,3}})[ ](?P<family>{_FAMILY})(?![\w])"
)
_ET_AL = re.compile(
    r"[ ,;]{0,3}(?:&[ ]|and[ ])?(?:et[ ]al\b\.?|and others\b|dkk\b\.?|[,;]?[ ]?(?:…|\.{3}|\.[ ]\."
    r"[ ]\.))"
)
_JOINT = re.compile(
    r"(?:[ ]?[,;])?[ ]?(?:&(?:amp;)?|\band\b|\bund\b|\by\b|\bet\b(?![ ]al)|\bdan\b|\be\b|\bен?\b)"
    r"[ ]|[ ]?;[ ]?|,[ ]?"
)
_EDITORS = re.compile(r"[ ,]{0,2}\(?\b(?:[Ee]ds?|[Ee]ditors?|Hrsg|Hg)\b\.?\)?\.?$")
_CHUNK = re.compile(r",[ ]?")
_LAST = re.compile(r"(?:,[ ]?|[ ])(?:&(?:amp;)?|and|und|dan)[ ]")
_SEMI = re.compile(r"[ ]?;[ ]?(?:and[ ]|&[ ])?")


class Names(NamedTuple):
    """A list of names; `end` is where in the text it ends."""

    names: tuple[Name, ...]
    end: int
    truncated: bool = False
    """Whether the list was cut: `et al.`, an ellipsis. Then `OTHERS` comes last."""


def take_names(text: str) -> Names | None:
    """The list of names with initials that a text begins with, or None where there is none.

    Between two names stand a comma, a semicolon or an `and`, and all are written alike.
    """
    best: Names | None = None
    for first, others in _WAYS:
        found = _take(text, first, others)
        if found is not None and (best is None or found.end > best.end):
            best = found
    if best is None:
        found = _take(text, _DIRECT_BARE, _DIRECT_BARE)
        return found if found is not None and len(found.names) > 1 else None
    return best


_WAYS = (
    (_INVERTED, _INVERTED),
    (_DIRECT_INITIALS, _DIRECT_INITIALS),
    (_VANCOUVER, _VANCOUVER),
    (_SPACED_VANCOUVER, _SPACED_VANCOUVER),
    (_INVERTED, _DIRECT_INITIALS),
)
"""How the first name of a list is written, and how the others are."""


def _take(text: str, first: re.Pattern[str], others: re.Pattern[str]) -> Names | None:
    names: list[Name] = []
    at = end = before = 0
    last = False
    pattern = first
    limit = min(len(text), MAX_LIST)
    while len(names) < _MAX_NAMES:
        match = pattern.match(text, at, limit)
        if match is None or _is_small(match["family"]):
            break
        names.append(_name_of(match))
        pattern = others
        before, end = end, match.end()
        joint = _JOINT.match(text, end)
        if joint is None or last:
            break
        last = joint.group().strip(" ,;") != ""
        at = joint.end()
    if not names or (
        first is _SPACED_VANCOUVER
        and len(names) == 1
        and text[end : end + 1] not in (",", ":", ";")
    ):
        return None
    if first is _VANCOUVER and len(names) == 1 and _is_acronym(names[0]):
        return None
    if first is _DIRECT_INITIALS and len(names) > 1 and not last and text[end : end + 1] == ".":
        # `H. Zhu, J. Funct. Spaces`: what seems to be the last name is a journal's.
        names.pop()
        end = before
    cut = _ET_AL.match(text, end)
    if cut is None:
        return Names(tuple(names), end)
    return Names((*names, OTHERS), cut.end(), truncated=True)


def _is_acronym(name: Name) -> bool:
    """Whether a single name may be a journal's: `AMA J. Ethics`."""
    family = name.family or ""
    return family.isupper() and len(family) <= 4 and name.given == "J"


def _is_small(family: str) -> bool:
    """Whether a word in small letters was taken for a name, as `CAPITAL` lets some pass."""
    return not family.isascii() and family.rpartition(" ")[2][:1].islower()


def _name_of(match: re.Match[str]) -> Name:
    groups = match.groupdict()
    given = groups["given"]
    family, particle = _apart(groups["family"])
    suffix = groups.get("suffix") or groups.get("early")
    head, _, last = family.rpartition(" ")
    if head and not suffix and _IS_SUFFIX.fullmatch(last):
        family, suffix = head, last
    tail = (groups.get("particle") or "").strip()
    return Name(
        family, given, suffix,
        non_dropping_particle=" ".join(part for part in (tail, particle) if part) or None,
    )  # fmt: skip


_LOWER_PARTICLES = re.compile(r"(?:(?:van|von|vom|zum|zur|zu|de|der|den|del|della|dello|degli|di"
    r"|da|do|dos|das|du|des|la|le|las|los|el|af|av|ten|ter|te|bin|binti|ibn|op|'t|’t)[ ]){1,3}"
    r"(?=\S)")  # fmt: skip


def _apart(family: str) -> tuple[str, str | None]:
    """The family name and the particle before it."""
    match = _LOWER_PARTICLES.match(family)
    if match is None:
        return family, None
    return family[match.end() :], match.group().strip()


def read_names(text: str, *, full: bool = False) -> Names | None:
    """The names in a text that is a list of names and nothing else; None for any other.

    With `full`, given names may be written out: then what stands there must be known to be names.
    """
    text = text.strip(" ,;:")
    if not text or len(text) > MAX_LIST:
        return None
    text = _EDITORS.sub("", text).strip(" ,;:")
    end = len(text)
    body, truncated = _without_others(text)
    if body.endswith(".") and not _ENDS_IN_INITIAL.search(body, max(0, len(body) - 12)):
        body = body[:-1].rstrip(" ,;")
    if not body:
        return None
    taken = take_names(body)
    if taken is not None and not body[taken.end :].strip(" .,;"):
        names = taken.names
    else:
        read = _in_chunks(body, full=full)
        if read is None:
            return None
        names = read
    if truncated and names[-1:] != (OTHERS,):
        names = (*names, OTHERS)
    return Names(names, end, names[-1:] == (OTHERS,))


def read_shown_names(text: str) -> Names | None:
    """The names in a line of a portal: `Anna Berg, Chika Ito`, or any other list."""
    chunks = [chunk.strip() for chunk in text.strip(" ,;").split(",")]
    if len(text) <= MAX_LIST and all(" " in chunk for chunk in chunks):
        names = _all([_direct(chunk.rstrip("."), full=True) for chunk in chunks])
        if names is not None:
            return Names(names, len(text))
    return read_names(text, full=True)


_ENDS_IN_INITIAL = re.compile(rf"(?:^|[ .,‐-]){CAPITAL}[a-z]?\.$|(?:Jr|Sr|St)\.$")
_OTHERS_END = re.compile(
    r"[ ,;&]{0,3}(?:\band[ ])?(?:\bet[ ]al\b\.?|\band others\b|\bdkk\b\.?|…|\.\.\.)[ .,]{0,3}$"
)
_MIDDLE = re.compile(r"[ ,]{0,2}(?:…|\.{3}|\.[ ]\.[ ]\.)[ ,&]{0,3}")


def _without_others(text: str) -> tuple[str, bool]:
    """The list up to where it was cut."""
    match = _OTHERS_END.search(text, max(0, len(text) - 24))
    if match is not None:
        return text[: match.start()].rstrip(" ,;"), True
    middle = _MIDDLE.search(text)
    if middle is not None and middle.start() > 0:
        return text[: middle.start()], True
    return text, False


def _in_chunks(text: str, *, full: bool) -> tuple[Name, ...] | None:
    """Names parted by semicolons, or by commas and an `and`."""
    if ";" in text:
        pieces = [piece for piece in _SEMI.split(text) if piece.strip()]
        names = [_inverted(*piece.split(",", 1)) if "," in piece else _direct(piece, full=full)
                 for piece in pieces]  # fmt: skip
        return _all(names)
    joints = list(_LAST.finditer(text))
    last = joints[-1] if joints else None
    if last is None:
        return _alternating(_CHUNK.split(text), full=full)
    head, tail = text[: last.start()], text[last.end() :]
    chunks = _CHUNK.split(head)
    more = _CHUNK.split(tail)
    if len(more) == 2 and not _IS_SUFFIX.fullmatch(more[1].strip()):
        return _all([*(_alternating(chunks, full=full) or (None,)), _inverted(*more)])
    if len(more) > 2:
        return None
    ends = [_direct(tail.replace(",", ""), full=full)]
    return _all([*(_first_inverted(chunks, full=full) or (None,)), *ends])


def _all(names: list[Name | None]) -> tuple[Name, ...] | None:
    return (
        tuple(name for name in names if name is not None) if names and None not in names else None
    )


def _alternating(chunks: list[str], *, full: bool) -> tuple[Name, ...] | None:
    """`Berg, Anna, Ito, Chika`; or one name and others in the usual order."""
    chunks, suffixes = _without_suffixes(chunks)
    if len(chunks) == 1:
        return _all([_direct(chunks[0], full=full)])
    if full and len(chunks) > 2 and all(" " in chunk for chunk in chunks[2:]):
        return _first_inverted(chunks, full=full)
    if len(chunks) % 2 == 0:
        pairs = zip(chunks[::2], chunks[1::2])
        names = _all([_inverted(family, given, full=full) for family, given in pairs])
        if names is not None:
            return tuple(
                _with_suffix(name, suffixes.get(2 * at + 1)) for at, name in enumerate(names)
            )
    return None


def _with_suffix(name: Name, suffix: str | None) -> Name:
    return replace(name, suffix=suffix) if suffix else name


def _first_inverted(chunks: list[str], *, full: bool) -> tuple[Name, ...] | None:
    """`Berg, Anna, Chika Ito`: the first name is turned round, the others are not."""
    chunks, suffixes = _without_suffixes(chunks)
    if len(chunks) == 1:
        return _all([_direct(chunks[0], full=full)])
    first = _inverted(chunks[0], chunks[1], full=full)
    if first is not None:
        first = _with_suffix(first, suffixes.get(1))
    rest = [_direct(chunk, full=full) for chunk in chunks[2:]]
    if first is not None and (" " not in chunks[0].strip() or None not in rest):
        found = _all([first, *rest])
        if found is not None:
            return found
    return _all([_direct(chunk, full=full) for chunk in chunks])


def _without_suffixes(chunks: list[str]) -> tuple[list[str], dict[int, str]]:
    """The chunks that are no `Jr.`, and to which of them each `Jr.` belongs."""
    kept: list[str] = []
    suffixes: dict[int, str] = {}
    for chunk in chunks:
        if kept and _IS_SUFFIX.fullmatch(chunk.strip()):
            suffixes[len(kept) - 1] = chunk.strip()
        elif chunk.strip():
            kept.append(chunk.strip())
    return kept, suffixes


def _inverted(family: str, given: str, *, full: bool = True) -> Name | None:
    family, given = family.strip(), given.strip()
    given, comma, suffix = given.partition(",")
    if comma and not _IS_SUFFIX.fullmatch(suffix.strip()):
        return None
    wanted = _GIVEN if full else _INITIALS
    if (
        not _IS_FAMILY.fullmatch(family)
        or _is_small(family)
        or not (
            wanted.fullmatch(given)
            or _INITIALS.fullmatch(given)
            or wanted.fullmatch(given.rstrip("."))
        )
    ):
        return None
    name, particle = _apart(family)
    return Name(name, given, suffix.strip() or None, non_dropping_particle=particle)


def _direct(text: str, *, full: bool) -> Name | None:
    """`A. B. Berg`, `Berg AB`; with `full`, `Anna Berg` too."""
    text = text.strip()
    shouted = full and text.isupper() and " " in text
    for pattern in (_DIRECT_INITIALS, _VANCOUVER, _SPACED_VANCOUVER):
        match = pattern.fullmatch(text)
        if match is not None and not (shouted and pattern is _VANCOUVER):
            return _name_of(match)
    if not full or not _IS_DIRECT.fullmatch(text) or len(text.rpartition(" ")[2].strip(".")) < 2:
        return None
    return parse_name(text)


_IS_DIRECT = re.compile(
    rf"{_GIVEN_WORD}(?:[ ](?:{_PARTICLE}){{0,3}}(?:{_GIVEN_WORD}|{_WORD})){{1,6}}(?:[ ]{_SUFFIX})?"
)
