"""Whether two descriptions are of one work.

`keys` gives what works are looked up by, `same_work` compares two descriptions that met under
such a key, and `agrees` keeps a wrong DOI from overwriting a right record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

from refman.model import Description
from refman.model.identifier import doi_key, isbn_key, parse_isbn
from refman.rules.agreement import Agreement, agrees
from refman.rules.evidence import (
    PARTS,
    is_preprint,
    is_published,
    is_supplement,
    is_whole_book,
    same_container,
    same_count,
    same_pages,
    same_place,
    years_apart,
)
from refman.rules.likeness import (
    Likeness,
    bare_title,
    compare_titles,
    is_generic,
    is_notice,
)
from refman.rules.people import compare_people
from refman.rules.title_language import share_a_language
from refman.text.titles import fold

__all__ = ["Agreement", "MatchKeys", "Verdict", "agrees", "keys", "same_work", "tells_apart"]

_PARALLEL = " = "
_SHORT = 30

_NAMED_ALIKE = frozenset(("dataset", "figure", "graphic", "map", "software"))
"""Types of which many bear one title."""


@dataclass(frozen=True, slots=True)
class MatchKeys:
    """What a work can be looked up by.

    `identifiers` are pairs of a scheme (`doi`, `pmid`, `pmcid`, `arxiv`, `isbn`) and the value in
    the one form in which it is compared. `title_key` is a hash of 63 bits, the same in every
    process, of the folded title; None for titles that many works bear.
    """

    identifiers: tuple[tuple[str, str], ...]
    title_key: int | None


class Verdict(Enum):
    """Whether two descriptions are of one work."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


def keys(description: Description) -> MatchKeys:
    """The identifiers and the title's hash under which a work is found again.

    An ISBN counts for whole books only: chapters share that of their book.
    """
    found: list[tuple[str, str]] = []
    doi = _doi(description)
    if doi:
        found.append(("doi", doi))
    if description.PMID and description.PMID.isdecimal():
        found.append(("pmid", description.PMID))
    if description.PMCID:
        found.append(("pmcid", description.PMCID.upper()))
    if description.arXiv:
        found.append(("arxiv", description.arXiv.lower()))
    if description.ISBN and is_whole_book(description):
        found.extend(("isbn", isbn) for isbn in _isbns(description))
    return MatchKeys(tuple(found), title_key(description.title))


def title_key(title: str | None) -> int | None:
    """A hash of 63 bits of a title as it is compared, or None if it says too little."""
    if not title:
        return None
    folded = bare_title(title)
    if is_generic(folded):
        return None
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def same_work(a: Description, b: Description) -> Verdict:
    """Compare two descriptions.

    Different DOIs say that they differ, and a preprint is never its published version. The same
    DOI says that they are one work, unless it is a book's that chapters share, or titles and
    authors both contradict it. Without a DOI on both sides the title must agree, and authors and
    year must not disagree; a title alone leaves it `UNSURE`.
    """
    titles = likeness_of_titles(a, b)
    identified = _by_identifier(a, b, titles)
    if identified is not None:
        return identified
    if is_preprint(a) is not is_preprint(b) and (is_published(a) or is_published(b)):
        return Verdict.DIFFERENT
    if (a.type in PARTS) is not (b.type in PARTS) and "book" in (a.type, b.type):
        # Programs export papers of conferences as books, too; a chapter may bear its book's title.
        is_paper = "paper-conference" in (a.type, b.type) and not _in_other(a, b)
        is_one = is_paper and titles is Likeness.SAME and _people(a, b) is Likeness.SAME
        return Verdict.UNSURE if is_one else Verdict.DIFFERENT
    if titles <= Likeness.UNLIKE:
        return Verdict.UNSURE if translated(a, b, titles) else Verdict.DIFFERENT
    return _by_statements(a, b, titles)


def _doi(description: Description) -> str | None:
    doi = description.DOI
    return doi_key(doi) if doi and doi.startswith("10.") and "/" in doi else None


def _isbns(description: Description) -> list[str]:
    """The valid ones in their form of thirteen digits, each once."""
    valid = (parse_isbn(value) for value in description.ISBN)
    return list(dict.fromkeys(isbn_key(value) for value in valid if value is not None))


def _by_identifier(a: Description, b: Description, titles: Likeness) -> Verdict | None:
    """What the identifiers alone say; None where they say nothing."""
    people = _people(a, b) if titles <= Likeness.UNLIKE else Likeness.SAME
    doi_a, doi_b = _doi(a), _doi(b)
    if doi_a and doi_b:
        if doi_a != doi_b:
            return Verdict.DIFFERENT
        if titles > Likeness.UNLIKE:
            return Verdict.SAME
        if a.type in PARTS or b.type in PARTS:
            return Verdict.DIFFERENT
        return Verdict.UNSURE if people is Likeness.UNLIKE else Verdict.SAME
    for one, other in ((a.PMID, b.PMID), (a.PMCID, b.PMCID), (a.arXiv, b.arXiv)):
        if one and other and one.upper() == other.upper():
            if is_preprint(a) is not is_preprint(b):
                return Verdict.DIFFERENT
            return Verdict.UNSURE if people is Likeness.UNLIKE else Verdict.SAME
    for one, other in ((a.PMID, b.PMID), (a.PMCID, b.PMCID)):
        if one and other:
            return Verdict.DIFFERENT
    if is_whole_book(a) and is_whole_book(b) and not set(_isbns(a)).isdisjoint(_isbns(b)):
        # The volumes of a set may share one ISBN, so the title has a say.
        return Verdict.UNSURE if titles <= Likeness.NEAR else Verdict.SAME
    return None


def _by_statements(a: Description, b: Description, titles: Likeness) -> Verdict:
    """What title, names, year and place say where no identifier decides."""
    people, apart, place = _people(a, b), years_apart(a, b), same_place(a, b)
    container = same_container(a, b)
    if people is Likeness.UNLIKE or (apart is not None and apart > 2):
        # One of them may be wrong where all else is right.
        placed = place is True and container is True and titles is Likeness.SAME and a.volume
        return Verdict.UNSURE if placed and tells_apart(a) else Verdict.DIFFERENT
    if titles is Likeness.UNKNOWN:
        certain = place is True and container is True and apart == 0
        return Verdict.SAME if certain else Verdict.UNSURE
    if place is True and people is not Likeness.NEAR and titles is not Likeness.NEAR:
        return Verdict.SAME
    if titles is not Likeness.SAME or people is Likeness.NEAR or place is False:
        return Verdict.UNSURE
    if apart == 2 or (apart == 1 and container is not True) or _versions_differ(a, b):
        return Verdict.UNSURE
    if not tells_apart(a) or not tells_apart(b) or container is False:
        return Verdict.UNSURE
    title = bare_title(a.title or "")
    if len(title) < _SHORT or (apart != 0 and is_notice(title)):
        # Columns appear in every issue under one title.
        return Verdict.UNSURE
    witness = people is Likeness.SAME or (apart is not None and container is True)
    return Verdict.SAME if witness else Verdict.UNSURE


def likeness_of_titles(a: Description, b: Description) -> Likeness:
    """How alike the titles are; of one in two languages (`Titel = Title`), each counts."""
    ours, theirs = a.title or "", b.title or ""
    if _PARALLEL not in ours and _PARALLEL not in theirs:
        return compare_titles(bare_title(ours), bare_title(theirs))
    return max(
        compare_titles(bare_title(one), bare_title(other))
        for one in (ours, *ours.split(_PARALLEL))
        for other in (theirs, *theirs.split(_PARALLEL))
    )


def translated(a: Description, b: Description, titles: Likeness) -> bool:
    """Whether all but the title says that they are one, and the title may be a translation.

    PubMed puts what it has translated in brackets.
    """
    one, other = a.title or "", b.title or ""
    return (
        titles is Likeness.UNLIKE
        and (one[:1] == "[" or other[:1] == "[" or not share_a_language(one, other))
        and same_pages(a, b)
        and same_place(a, b) is True
        and same_container(a, b) is True
        and years_apart(a, b) == 0
        and _people(a, b) is Likeness.SAME
    )


def tells_apart(description: Description) -> bool:
    """Whether a title is one that hardly two works bear. That of a journal or a data set is not."""
    title = bare_title(description.title or "")
    if is_generic(title) or description.type in _NAMED_ALIKE:
        return False
    return title not in (fold(description.container_title or ""), fold(description.publisher or ""))


def _in_other(a: Description, b: Description) -> bool:
    """Whether one stands in a book of the other's title."""
    return any(
        one.container_title
        and compare_titles(bare_title(one.container_title), bare_title(other.title or ""))
        > Likeness.UNLIKE
        for one, other in ((a, b), (b, a))
    )


def _versions_differ(a: Description, b: Description) -> bool:
    """Whether they may be two editions, a talk and its paper, or two parts of a running column."""
    if {a.type, b.type} == {"article-journal", "paper-conference"}:
        return True
    if a.edition and b.edition and a.edition != b.edition:
        return True
    if is_supplement(a) is not is_supplement(b):
        return True
    return False in (same_count(a.volume, b.volume), same_count(a.issue, b.issue))


def _people(a: Description, b: Description) -> Likeness:
    return compare_people(a.author or a.editor, b.author or b.editor)
