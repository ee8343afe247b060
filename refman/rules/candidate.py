"""Which of the records that a search brought is the work that was meant, if any surely is.

A wrong DOI is worse than none, since all that is known of a work may come to be replaced by what
is known of another. So a record is taken only where several witnesses agree (title, authors, year,
journal, volume and page), nothing contradicts them, and no other record of the search fits as
well. What is likely but not certain is proposed, for a person to decide.

`docs/enrichment.md`, "Finding DOIs", says how often that is right on real references.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from refman.model import Description
from refman.model.identifier import doi_key, find_dois
from refman.rules.cited import AuthorFit, Reference, Span, TitleFit
from refman.rules.evidence import (
    PARTS,
    WHOLES,
    is_preprint,
    same_container,
    same_place,
    years_apart,
)
from refman.rules.likeness import Likeness, bare_title, compare_titles, is_generic
from refman.rules.match import Verdict, same_work
from refman.rules.people import compare_people
from refman.text.titles import fold


class Choice(StrEnum):
    """What is done with the best record of a search."""

    TAKE = "take"
    PROPOSE = "propose"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The choice, the DOI that was chosen or is proposed, and why, in words."""

    choice: Choice
    DOI: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well one record fits."""

    choice: Choice
    rank: tuple[int, ...]
    """Greater for a better fit; compared among the records of one search only."""
    placed: bool
    """Whether volume and page agree, which hardly two works share."""
    named: bool
    """Whether the journal or book agrees."""
    reason: str


_UNFIT = _Fit(Choice.NONE, (), placed=False, named=False, reason="")
_NOTHING = "no record that the search found agrees in title, authors and year"

_LONG = 25
"""Letters of a title that hardly two works of one author and year share."""
_NOTICE = (
    r"errat(?:um|a)|corrigend(?:um|a)|corrections?|addend(?:um|a)|retract(?:ion|ed)|"
    r"comment(?:s|ary)?|repl(?:y|ies)|response|discussion|reviews?|reviewed|rezension|"
    r"expression of concern"
)
_BEFORE_TITLE = re.compile(rf"(?:^|\s)(?:{_NOTICE})(?: note)?(?: on| to| of| for| by)?(?: the)?$")
_IN_BOOK = re.compile(r"(?:^|\s)(?:in|eds?|editors?)$")
_A_NOTICE = re.compile(rf"(?:{_NOTICE})\b")
_SERVERS = re.compile(
    r"\b(?:preprints?|(?:ar|bio|med|chem|psy|soc|eart?h|chin)r?xiv|ssrn|research square)\b"
)
_INITIALS = re.compile(
    r"(?:^|[\s,(])[A-Z]\.|^\W{0,4}\d{0,3}\W{0,4}[A-Z][\w'’-]+,? [A-Z]{1,3}[,.:; (]"
)
_NO_WORKS = frozenset(("periodical", "review", "figure"))
"""CSL types of records that are about, around or within the works that people cite."""
_MAX_TITLE_WORDS = 3


def judge(wanted: Description | str, candidates: Sequence[Description]) -> Judgement:
    """Which of the candidates is the wanted work; pure.

    `wanted` is what is known of the work, or a reference as plain text; a work whose title is all
    that is known, and is a whole reference (`is_reference`), is read as such. Candidates without
    a DOI are left out.
    """
    known: dict[str, Description] = {}
    for candidate in candidates:
        if candidate.DOI:
            known.setdefault(doi_key(candidate.DOI), candidate)
    if isinstance(wanted, Description) and not is_reference(wanted):
        fits = {doi: _fit_of_work(wanted, found) for doi, found in known.items()}
    else:
        text = wanted if isinstance(wanted, str) else wanted.title or ""
        reference, stated = Reference(text), {doi_key(doi) for doi in find_dois(text)}
        fits = {doi: _fit_of_text(reference, stated, found) for doi, found in known.items()}
    return _choose(fits, known)


def is_reference(description: Description) -> bool:
    """Whether the title of a work is a whole reference, and nothing else is known of it."""
    title = description.title or ""
    if description.author or description.container_title or description.volume or len(title) < 30:
        return False
    numbers = [word for word in Reference(title[:1000]).words if word.isdigit()]
    dated = any(len(word) == 4 and 1500 <= int(word) <= 2100 for word in numbers)
    return dated and (len(numbers) >= 3 or bool(_INITIALS.search(title, 0, 60)))


def _choose(fits: dict[str, _Fit], known: dict[str, Description]) -> Judgement:
    """The best of the fits, unless another is as good."""
    ranked = sorted(
        (doi for doi, fit in fits.items() if fit.choice is not Choice.NONE),
        key=lambda doi: (fits[doi].choice is Choice.TAKE, fits[doi].rank),
        reverse=True,
    )
    if not ranked:
        return Judgement(Choice.NONE, None, _NOTHING)
    best, fit = ranked[0], fits[ranked[0]]
    name = known[best].DOI
    for other in ranked[1:]:
        rival = fits[other]
        # Works of one title are told apart by volume and page, or by the journal; where neither
        # is known, any rival is a doubt.
        beaten = fit.placed and not rival.placed
        if rival.choice is not Choice.TAKE:
            beaten = beaten or fit.named or rival.rank[:2] < fit.rank[:2]
        if fit.choice is Choice.TAKE and not beaten:
            reason = f"{known[other].DOI} fits as well: {rival.reason}"
            return Judgement(Choice.PROPOSE, name, reason)
    return Judgement(fit.choice, name, fit.reason)


# A work of which the parts are known


def _fit_of_work(wanted: Description, found: Description) -> _Fit:
    verdict = same_work(wanted, replace(found, DOI=None))
    titles = compare_titles(bare_title(wanted.title or ""), bare_title(found.title or ""))
    if verdict is Verdict.DIFFERENT or titles <= Likeness.UNLIKE or found.type in _NO_WORKS:
        return _UNFIT
    people = compare_people(wanted.author or wanted.editor, found.author or found.editor)
    place, container = same_place(wanted, found), same_container(wanted, found)
    apart = years_apart(wanted, found)
    rank = (
        int(titles) if titles is not Likeness.UNKNOWN else 0,
        int(people is Likeness.SAME),
        int(place is True),
        int(container is True),
        int(apart == 0),
    )
    witnesses = _list(
        ("title", titles in (Likeness.SAME, Likeness.PART)),
        ("authors", people is Likeness.SAME),
        ("year", apart == 0),
        ("journal", container is True),
        ("volume and page", place is True),
    )
    doubt = _doubt_of_work(wanted, found, container=container, place=place)
    if doubt is None and verdict is Verdict.UNSURE:
        doubt = "that does not settle it"
    if doubt is None:
        doubt = _weakness(wanted, titles, people, place=place, container=container, apart=apart)
    if doubt is not None and titles in (Likeness.NEAR, Likeness.UNKNOWN) and place is not True:
        return _UNFIT
    choice = Choice.TAKE if doubt is None else Choice.PROPOSE
    return _Fit(choice, rank, place is True, container is True, _but(witnesses, doubt))


def _doubt_of_work(
    wanted: Description, found: Description, *, container: bool | None, place: bool | None
) -> str | None:
    """What makes a record that seems to be the work another thing, in words."""
    if is_preprint(found) and not is_preprint(wanted):
        return "the record is a preprint"
    if is_preprint(wanted) and not is_preprint(found) and wanted.type is not None:
        return "the entry is a preprint, and the record is not"
    if found.type in PARTS and place is not True and container is not True:
        return "the record is a part of a book or of proceedings, and which is not certain"
    if found.type == "dataset" and wanted.type != "dataset":
        return "the record is a data set or a component of a work"
    if place is False:
        return "volume or page differ"
    return None


def _weakness(
    wanted: Description,
    titles: Likeness,
    people: Likeness,
    *,
    place: bool | None,
    container: bool | None,
    apart: int | None,
) -> str | None:
    """What is missing for a record to be taken, in words; None where nothing is."""
    if place is True and (people is Likeness.SAME or titles is Likeness.SAME):
        return None
    if people is not Likeness.SAME:
        return "the authors are not known on both sides"
    if titles is not Likeness.SAME:
        return "the titles are not quite the same"
    if apart is None and container is not True:
        return "neither year nor journal are known on both sides"
    if container is False or (container is None and wanted.container_title):
        return "the journal is another, or written in a way that cannot be compared"
    letters = len(fold(wanted.title or "").replace(" ", ""))
    if letters < _LONG and (apart != 0 or container is not True):
        return "the title is short"
    return None


# A reference as plain text


def _fit_of_text(reference: Reference, stated: set[str], found: Description) -> _Fit:
    """How well a record fits a reference. `stated` are the DOIs that stand in the reference."""
    doi = doi_key(found.DOI or "")
    if doi in stated:
        reason = "the DOI stands in the reference"
        return _Fit(Choice.TAKE, (9, 9), placed=True, named=True, reason=reason)
    # One that a line's end has cut says nothing.
    if found.type in _NO_WORKS or any(not doi.startswith(other) for other in stated):
        return _UNFIT
    fit, span = reference.title(found.title)
    witnesses = _Witnesses(reference, found, fit, span)
    doubt = _doubt_of_text(reference, found, witnesses)
    if fit is TitleFit.ABSENT:
        return _untitled(witnesses, doubt)
    return _titled(witnesses, doubt)


class _Witnesses:
    """What of a record stands in a reference."""

    def __init__(
        self, reference: Reference, found: Description, title: TitleFit, span: Span
    ) -> None:
        self.title = title
        self.span = span
        self.author = reference.authors(found.author or found.editor, span)
        theirs = {
            date.year
            for date in (found.issued, found.published_print, found.published_online)
            if date is not None and date.year is not None
        }
        ours = reference.years(span)
        self.apart = min((abs(a - b) for a in ours for b in theirs), default=None)
        self.container = reference.container(found, span)
        self.place = reference.place(found, span)
        self.homeless = not (found.container_title or found.collection_title)
        folded = bare_title(found.title or "")
        self.long = len(folded.replace(" ", "")) >= _LONG and not is_generic(folded)
        self.unexplained = reference.unexplained(found, span, self.container)
        self.within = reference.names_page(span) or bool(
            reference.unexplained(found, until=span.start)
        )

    @property
    def rank(self) -> tuple[int, ...]:
        """For the order among records."""
        return (
            int(self.title),
            self.span.end - self.span.start,
            int(self.place is True),
            int(self.author),
            int(self.apart == 0),
            int(self.container is not None),
        )

    @property
    def words(self) -> str:
        """Those that agree."""
        return _list(
            ("title", self.title >= TitleFit.NEAR),
            ("first author", self.author is AuthorFit.FIRST),
            ("an author", self.author is AuthorFit.SOME),
            ("year", self.apart == 0),
            ("journal", self.container is not None),
            ("volume and page", self.place is True),
        )

    def take(self) -> _Fit:
        """The fit of a record that is taken."""
        return self._fit(Choice.TAKE, None)

    def propose(self, doubt: str) -> _Fit:
        """The fit of one that is proposed."""
        return self._fit(Choice.PROPOSE, doubt)

    def _fit(self, choice: Choice, doubt: str | None) -> _Fit:
        named = self.container is not None
        return _Fit(choice, self.rank, self.place is True, named, _but(self.words, doubt))


def _doubt_of_text(reference: Reference, found: Description, seen: _Witnesses) -> str | None:
    """What makes a record that seems to be meant another thing, in words."""
    title, before = bare_title(found.title or ""), reference.before(seen.span)
    if _A_NOTICE.match(title) is None and _BEFORE_TITLE.search(before):
        return "the reference is about the work of that title"
    if _A_NOTICE.match(title) and seen.title is not TitleFit.WHOLE:
        return "the record is a notice, comment or review"
    if is_preprint(found) and not _SERVERS.search(" ".join(reference.words)):
        return "the record is a preprint"
    if not is_preprint(found) and _SERVERS.search(" ".join(reference.words)):
        return "the reference is to a preprint"
    if (seen.homeless or found.type in WHOLES) and (seen.within or _IN_BOOK.search(before)):
        return "the reference is to a part of that book"
    if found.type in PARTS and seen.container is None and seen.place is not True:
        return "the book or the proceedings of the record are not named"
    if found.type == "dataset":
        return "the record is a data set or a component of a work"
    if seen.place is False:
        return "the reference names another page"
    if seen.apart is not None and seen.apart > 1:
        return "the years differ"
    return None


def _titled(seen: _Witnesses, doubt: str | None) -> _Fit:
    """Where the title stands in the reference."""
    named = seen.author >= AuthorFit.SOME
    if seen.author is AuthorFit.ABSENT:
        # Most likely another work of the same title.
        if seen.title is TitleFit.WHOLE and seen.long and seen.place is True and seen.apart == 0:
            return seen.propose("no author of the record is named")
        return _UNFIT
    if doubt is not None:
        likely = seen.title is TitleFit.WHOLE and named and (seen.long or seen.place is True)
        return seen.propose(doubt) if likely else _UNFIT
    lacks = _lacks(seen)
    if lacks is None:
        return seen.take()
    telling = seen.long or (seen.author is AuthorFit.FIRST and seen.apart == 0)
    likely = named and seen.apart in (0, 1) and telling
    return seen.propose(lacks) if likely or seen.place is True else _UNFIT


def _lacks(seen: _Witnesses) -> str | None:
    """What a record whose title stands in a reference lacks to be taken, in words."""
    at_home = seen.container is not None or seen.homeless
    if seen.title is not TitleFit.WHOLE:
        if seen.author is not AuthorFit.FIRST:
            return "the title stands there differently"
        sure = seen.place is True and seen.apart in (0, 1) and at_home
        return None if sure and seen.apart is not None else "the title stands there differently"
    if seen.author is AuthorFit.UNKNOWN:
        sure = seen.place is True and seen.apart == 0 and seen.container is not None and seen.long
        return None if sure else "the record names no authors"
    if seen.place is True:
        return None if seen.apart is not None or seen.container else "the year is not named"
    if seen.apart is None:
        return "the year is not known on both sides"
    if not at_home:
        return "the journal is not named"
    if not seen.long and (seen.apart != 0 or seen.homeless):
        return "the title is short"
    if seen.author is not AuthorFit.FIRST:
        return "the first author is another"
    return None


def _untitled(seen: _Witnesses, doubt: str | None) -> _Fit:
    """Where the title does not stand in the reference, as in some styles of chemistry."""
    if seen.place is not True or seen.apart != 0 or seen.author < AuthorFit.SOME:
        return _UNFIT
    if doubt is not None:
        return _UNFIT
    if seen.author is not AuthorFit.FIRST:
        return seen.propose("the first author is another")
    if seen.container is None:
        return seen.propose("the journal is not named")
    if seen.unexplained > _MAX_TITLE_WORDS:
        return seen.propose("the reference seems to have another title")
    return seen.take()


def _list(*witnesses: tuple[str, bool]) -> str:
    names = [name for name, agrees in witnesses if agrees]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _but(witnesses: str, doubt: str | None) -> str:
    if doubt is None:
        return f"{witnesses} agree"
    return f"{witnesses} agree, but {doubt}" if witnesses else doubt
