"""The guard against wrong DOIs: is a source's record about the work that we hold?"""

from __future__ import annotations

from dataclasses import dataclass

from refman.model import Description, Name
from refman.rules.evidence import PARTS, same_place, years_apart
from refman.rules.likeness import Likeness, bare_title, compare_people, compare_titles, is_generic


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a source's record may be believed of a work, and if not, why in one sentence."""

    ok: bool
    reason: str = ""


_OK = Agreement(ok=True)


def agrees(ours: Description, theirs: Description) -> Agreement:
    """Whether `theirs`, found under the DOI of `ours`, describes the same work.

    What is missing on either side is no evidence. `docs/merging.md` gives the rules and how often
    they are wrong on real records.
    """
    title = _titles(ours, theirs)
    if title is Likeness.UNLIKE and _is_part_of(ours, theirs):
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
    if title is Likeness.UNKNOWN:
        return not far and people is not Likeness.UNLIKE
    if title is Likeness.SAME:
        return _same_title_is_enough(ours, theirs, people, far=far)
    if people is Likeness.UNLIKE or far:
        return False
    if title is Likeness.PART:
        return place is not False
    return place is True


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
    title = description.title or "without a title"
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
