"""The guard against wrong DOIs: is a source's record about the work that we hold?"""

from __future__ import annotations

from dataclasses import dataclass

from refman.model import Description, Name
from refman.rules.evidence import PARTS, same_container, same_place, years_apart
from refman.rules.likeness import Likeness, bare_title, compare_titles, is_generic
from refman.rules.people import compare_people
from refman.rules.reference_line import refers_to
from refman.rules.title_language import languages, share_a_language
from refman.text.markup import strip_markup


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a source's record may be believed of a work, and if not, why in one sentence."""

    ok: bool
    reason: str = ""


_OK = Agreement(ok=True)


def agrees(ours: Description, theirs: Description) -> Agreement:
    """Whether `theirs`, found under the DOI of `ours`, describes the same work.

    What is missing on either side is no evidence. `docs/enrichment.md` gives the rules, and how
    often they are wrong on real records.
    """
    title = _titles(ours, theirs)
    people = _people(ours, theirs)
    apart = years_apart(ours, theirs)
    same = None
    if not _is_plain_title(ours, theirs, title, people):
        same = _refers(ours, theirs, people, apart)
    if same is None:
        if title is not Likeness.SAME and _is_part_of(ours, theirs):
            return Agreement(ok=False, reason=_part_reason(ours, theirs))
        same = _is_same(ours, theirs, title, people, apart)
    if same:
        return _OK
    return Agreement(ok=False, reason=_reason(ours, theirs))


def _is_plain_title(
    ours: Description, theirs: Description, title: Likeness, people: Likeness
) -> bool:
    """Whether the likeness of the titles shows that there is nothing but a title in `ours`."""
    if title is Likeness.PART:
        return len(ours.title or "") <= len(theirs.title or "")
    contrary = title is Likeness.CONTRARY and people is not Likeness.UNKNOWN
    return title is Likeness.SAME or contrary


def _refers(
    ours: Description, theirs: Description, people: Likeness, apart: int | None
) -> bool | None:
    """Whether the title of `ours`, read as a line with more than a title in it, is of `theirs`.

    None where it is no such line. Where the entry has names or pages of its own, their absence
    from the line says nothing.
    """
    if not ours.title or people is Likeness.UNLIKE or (apart is not None and apart > 2):
        return None
    witnesses = (apart is not None, same_place(ours, theirs), same_container(ours, theirs))
    referred = refers_to(ours.title, theirs, witnesses=witnesses.count(True))
    own = people is not Likeness.UNKNOWN or bool(ours.page or ours.volume)
    return None if referred is False and own else referred


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
    # On one page of one volume by one author: a title in another language, or another short news.
    other_news = share_a_language(ours.title or "", theirs.title or "")
    placed = place is True and not other_news
    return people is Likeness.SAME and (placed or _translated(ours, theirs, apart))


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
    return languages(ours.title or "").isdisjoint(languages(theirs.title or ""))


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
