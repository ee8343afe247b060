"""The guard against wrong DOIs: is a source's record about the work that we hold?"""

from __future__ import annotations

from dataclasses import dataclass

from refman.model import Description, Name
from refman.rules.evidence import PARTS, same_container, same_place, years_apart
from refman.rules.likeness import Likeness, bare_title, compare_people, compare_titles, is_generic
from refman.text.markup import strip_markup
from refman.text.titles import fold


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a source's record may be believed of a work, and if not, why in one sentence."""

    ok: bool
    reason: str = ""


_OK = Agreement(ok=True)

_LITTLE_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and in on for to a an with from by at as is are its their among between",
        "id": "dan di yang dalam pada dengan untuk terhadap dari oleh sebagai melalui antara "
        "bagi tentang berbasis menggunakan pengaruh analisis hubungan studi upaya peran",
        "es": "el la los las y de del en una un para por con sobre entre su",
        "pt": "o a os as e de do da dos das na no em uma um para por com sobre entre",
        "fr": "le la les et de du des en une un pour par dans sur au aux entre",
        "it": "il lo la i gli le e di del della dei nel nella per con una un tra",
        "de": "der die das und des dem den von im in zur zum eine ein auf mit fur bei als",
        "nl": "de het een en van in op voor met door bij tot naar als",
    }.items()
}


def agrees(ours: Description, theirs: Description) -> Agreement:
    """Whether `theirs`, found under the DOI of `ours`, describes the same work.

    What is missing on either side is no evidence. `docs/merging.md` gives the rules and how often
    they are wrong on real records.
    """
    title = _titles(ours, theirs)
    if title <= Likeness.UNLIKE and _is_part_of(ours, theirs):
        return Agreement(ok=False, reason=_part_reason(ours, theirs))
    people = _people(ours, theirs)
    apart = years_apart(ours, theirs)
    if _is_same(ours, theirs, title, people, apart):
        return _OK
    return Agreement(ok=False, reason=_reason(ours, theirs))


def _titles(ours: Description, theirs: Description) -> Likeness:
    """The best likeness between any two of the titles that the two sides go by."""
    mine = [bare_title(t) for t in (ours.title, ours.original_title) if t]
    others = [bare_title(t) for t in (theirs.title, theirs.original_title, theirs.title_short) if t]
    if not mine or not others:
        return Likeness.UNKNOWN
    return max(compare_titles(one, other) for one in mine for other in others)


def _people(ours: Description, theirs: Description) -> Likeness:
    likeness = compare_people(ours.author or ours.editor, theirs.author or theirs.editor)
    if likeness is Likeness.UNLIKE and (ours.editor or theirs.editor):
        return max(
            compare_people(one, other)
            for one in (ours.author, ours.editor)
            for other in (theirs.author, theirs.editor)
            if one and other
        )
    return likeness


def _is_same(
    ours: Description, theirs: Description, title: Likeness, people: Likeness, apart: int | None
) -> bool:
    place = same_place(ours, theirs)
    far = apart is not None and apart > 2
    if title is Likeness.SAME:
        return _same_title_is_enough(ours, theirs, people, far=far)
    if people is Likeness.UNLIKE or far or title is Likeness.CONTRARY:
        return False
    if title is Likeness.UNKNOWN:
        named = people is not Likeness.NEAR or same_container(ours, theirs) is True
        return named and not _elsewhere(ours, theirs)
    if place is False:
        return False
    if title is Likeness.PART:
        # A few words of a title need a witness.
        known = people is not Likeness.UNKNOWN or place is True or apart is not None
        return known or min(len(ours.title or ""), len(theirs.title or "")) >= 30
    if title is Likeness.NEAR:
        return place is True
    return people is Likeness.SAME and (place is True or _translated(ours, theirs, apart))


def _elsewhere(ours: Description, theirs: Description) -> bool:
    """Whether the two appeared in different places, as far as can be told."""
    if same_place(ours, theirs) is False:
        return True
    volumes = ours.volume and theirs.volume and ours.volume != theirs.volume
    return bool(volumes) and same_container(ours, theirs) is False


def _translated(ours: Description, theirs: Description, apart: int | None) -> bool:
    """Whether the titles are in two languages, and everything else is the same.

    Journals that print a title in two languages deposit the one and show the other.
    """
    if apart is None or apart > 1 or same_container(ours, theirs) is not True:
        return False
    for one, other in ((ours.volume, theirs.volume), (ours.issue, theirs.issue)):
        if one and other and one != other:
            return False
    return _languages(ours.title or "").isdisjoint(_languages(theirs.title or ""))


def _languages(title: str) -> frozenset[str]:
    """The languages that a title can be in, by its little words; all where there are none."""
    words = fold(title).split()
    if not "".join(words[:8]).isascii() and not any(word.isascii() for word in words):
        return frozenset(("another script",))
    hits = {
        language: sum(word in little for word in words)
        for language, little in _LITTLE_WORDS.items()
    }
    most = max(hits.values())
    return frozenset(language for language, count in hits.items() if count == most)


def _same_title_is_enough(
    ours: Description, theirs: Description, people: Likeness, *, far: bool
) -> bool:
    place = same_place(ours, theirs)
    folded = bare_title(ours.title or "")
    if is_generic(folded):
        return not far and people is not Likeness.UNLIKE and place is not False
    if people is Likeness.UNLIKE:
        return not far and place is not False and ours.type == theirs.type
    if people is Likeness.UNKNOWN:
        return not far or len(folded) >= 40
    return True


def _is_part_of(ours: Description, theirs: Description) -> bool:
    """Whether one is a book and the other a chapter in it."""
    for part, whole in ((ours, theirs), (theirs, ours)):
        if part.type in PARTS and part.container_title and whole.title and whole.type not in PARTS:
            named = compare_titles(bare_title(part.container_title), bare_title(whole.title))
            if named in (Likeness.SAME, Likeness.PART):
                return True
    return False


def _part_reason(ours: Description, theirs: Description) -> str:
    if theirs.type in PARTS:
        return (
            f"the DOI is that of a part, {_title(theirs)}, "
            f"and the entry is the whole, {_title(ours)}"
        )
    return f"the DOI is that of the whole, {_title(theirs)}, and the entry a part, {_title(ours)}"


def _reason(ours: Description, theirs: Description) -> str:
    return f"the DOI's record is {_cite(theirs)}, but the entry is {_cite(ours)}"


def _title(description: Description) -> str:
    title = strip_markup(description.title or "without a title")
    return f"“{title if len(title) <= 120 else title[:119] + '…'}”"


def _cite(description: Description) -> str:
    """A short citation: title, first author, year, as far as known."""
    text = _title(description) if description.title else "a work without a title"
    people = description.author or description.editor
    if people:
        text += f" by {_by(people)}"
    year = description.year
    return f"{text} ({year})" if year is not None else text


def _by(people: tuple[Name, ...]) -> str:
    first = people[0].full_family[:60]
    return (
        f"{first} et al."
        if len(people) > 2
        else " and ".join(name.full_family[:60] for name in people)
    )
