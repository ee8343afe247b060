"""Which works of a library are one work twice, and which are two versions of one.

`block_keys` gives what two works must share to be compared at all, so that nobody compares each
with each. `compare` weighs a pair: an identifier decides, else title, names, year, container and
pages do. `grouped` makes groups of the pairs, and drops what is ambiguous. The measures are in
docs/duplicates.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from itertools import combinations, pairwise

from refman.model import Description
from refman.rules.duplicate_score import score_of
from refman.rules.evidence import (
    container_initial,
    first_page,
    is_preprint,
    is_published,
    years_apart,
    years_of,
)
from refman.rules.likeness import (
    Likeness,
    bare_title,
    compare_titles,
    is_generic,
)
from refman.rules.match import (
    Verdict,
    keys,
    same_work,
)
from refman.rules.people import compare_people
from refman.text.titles import fold

LIKELY = 0.8
"""The score from which two works are shown as duplicates."""

_OPEN = 0.65
"""The score from which two works of one group may be one, if a third one says so."""
_VERSION = re.compile(r"(?:\.pub|[./]v)\d{1,3}$")
"""What Cochrane, F1000 and servers of preprints count versions by."""
_FEW_WORDS = 3
_MANY = 60
"""Works that are compared each with each; of more, each with the next one."""


class Kind(Enum):
    """What two works are to each other."""

    SAME = "same"
    """One work, twice."""
    LIKELY = "likely"
    """One work, as far as can be told; a person should look."""
    VERSIONS = "versions"
    """A preprint and what was published of it: two works that belong together."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two works. `score` is between 0 and 1, and 1 where it is certain."""

    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two works, by id, the smaller one first, and what they are to each other."""

    a: int
    b: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Group:
    """Works, by id, that are one work. `score` is that of the weakest link."""

    works: tuple[int, ...]
    score: float


def block_keys(description: Description) -> frozenset[int]:
    """Hashes of 63 bits; two works without a common one are not compared.

    They are made of each identifier; of the title, whole, by its first words and by its last; of
    the first author's family name with the title's first and last word, and with the year and a
    long word; of the container's initial with year, volume and first page.
    """
    match_keys = keys(description)
    found = {f"{scheme}:{value}" for scheme, value in match_keys.identifiers}
    title = bare_title(description.title or "")
    words = [word for word in title.split() if len(word) > 3]
    if title:
        found.add(f"t:{title.replace(' ', '')}")
    if len(words) >= _FEW_WORDS:
        found.add("w:" + " ".join(words[:_FEW_WORDS]))
        found.add("e:" + " ".join(words[-_FEW_WORDS:]))
    family = _first_family(description)
    if family and words:
        found.add(f"f:{family}:{words[0][:4]}:{words[-1][:4]}")
        # The longest words are rare ones, and where one is misspelt, another is not.
        telling = sorted(set(words), key=lambda word: (-len(word), word))[:_FEW_WORDS]
        found.update(
            f"a:{family}:{year}:{word[:5]}" for year in years_of(description) for word in telling
        )
    page = first_page(description)
    if page and description.volume and description.container_title:
        # Of an abbreviated journal, the first letter is sure.
        initial = container_initial(description.container_title)
        found.update(
            f"p:{initial}:{year}:{description.volume}:{page}" for year in years_of(description)
        )
    return frozenset(_hashed(text) for text in found)


def meeting(descriptions: Iterable[Description]) -> list[tuple[int, int]]:
    """The pairs, by their places, that share a key and so are to be compared, in order.

    For as many as fit into memory; a library has a table for it (`refman.store.pairing`).
    """
    blocks: dict[int, list[int]] = defaultdict(list)
    for place, description in enumerate(descriptions):
        for key in block_keys(description):
            blocks[key].append(place)
    met = {
        pair
        for block in blocks.values()
        for pair in (combinations(block, 2) if len(block) <= _MANY else pairwise(block))
    }
    return sorted(met)


def compare(a: Description, b: Description) -> Comparison:
    """Weigh whether two descriptions are of one work."""
    if _are_versions(a, b):
        return Comparison(Kind.VERSIONS, 1.0)
    verdict = same_work(a, b)
    if verdict is Verdict.DIFFERENT:
        if _same_but_for_version(a, b):
            return Comparison(Kind.LIKELY, 0.9)
        return Comparison(Kind.DIFFERENT, 0.0)
    if verdict is Verdict.SAME:
        return Comparison(Kind.SAME, 1.0)
    score = score_of(a, b)
    return Comparison(Kind.LIKELY if score >= LIKELY else Kind.DIFFERENT, score)


def grouped(
    pairs: Iterable[Pair], compare_ids: Callable[[int, int], Comparison]
) -> tuple[list[Group], list[Pair]]:
    """The groups that pairs of duplicates make, and the pairs of versions.

    A work that is like two others which are not like each other belongs to neither for sure: a
    column that appears in each issue, a summary of two papers. Such links are dropped, the weaker
    ones first. `compare_ids` compares two works that never met in a block.
    """
    versions = []
    links: dict[int, dict[int, float]] = defaultdict(dict)
    known: dict[tuple[int, int], Comparison] = {}
    for pair in pairs:
        known[pair.a, pair.b] = pair.comparison
        if pair.comparison.kind is Kind.VERSIONS:
            versions.append(pair)
        elif pair.comparison.kind in (Kind.SAME, Kind.LIKELY):
            links[pair.a][pair.b] = links[pair.b][pair.a] = pair.comparison.score

    def compared(a: int, b: int) -> Comparison:
        pair = (min(a, b), max(a, b))
        if pair not in known:
            known[pair] = compare_ids(*pair)
        return known[pair]

    groups = []
    for members in _components(links):
        groups += _agreeing(members, {work: links[work] for work in members}, compared)
    return sorted(groups, key=lambda group: group.works), versions


def _agreeing(
    members: Sequence[int],
    links: Mapping[int, Mapping[int, float]],
    compared: Callable[[int, int], Comparison],
) -> list[Group]:
    """The groups in a component in which everybody is like everybody."""
    if len(members) > _MANY:
        # So many are compared with their neighbours only; what is certain may stay.
        certain = _without(members, links, lambda _a, _b, score: score < 1)
        return [_group(part, certain) for part in _components(certain)]
    unlike = {
        (a, b) for a, b in combinations(sorted(members), 2) if not _may_be_one(compared(a, b))
    }
    groups: list[Group] = []
    left = {work: dict(links[work]) for work in members}
    for give_up in (_nothing, _likely, _anything):
        left = _without(
            left,
            left,
            lambda a, b, score: give_up(score) and _is_torn(a, b, left, unlike),  # noqa: B023
        )
        for part in _components(left):
            if not any(pair in unlike for pair in combinations(sorted(part), 2)):
                groups.append(_group(part, left))
                for work in part:
                    left[work] = {}
    return groups


def _may_be_one(comparison: Comparison) -> bool:
    """Whether nothing says that two works differ, be it that too little says that they are one."""
    return comparison.kind in (Kind.SAME, Kind.LIKELY) or comparison.score >= _OPEN


def _nothing(_score: float) -> bool:
    return False


def _likely(score: float) -> bool:
    return score < 1


def _anything(_score: float) -> bool:
    return True


def _is_torn(
    a: int, b: int, links: Mapping[int, Mapping[int, float]], unlike: Collection[tuple[int, int]]
) -> bool:
    """Whether one of two works that are linked is not like another that the other is linked to."""
    return any((min(a, c), max(a, c)) in unlike for c in links[b]) or any(
        (min(b, c), max(b, c)) in unlike for c in links[a]
    )


def _without(
    members: Iterable[int],
    links: Mapping[int, Mapping[int, float]],
    is_dropped: Callable[[int, int, float], bool],
) -> dict[int, dict[int, float]]:
    return {
        a: {b: score for b, score in links[a].items() if not is_dropped(a, b, score)}
        for a in members
    }


def _group(members: Sequence[int], links: Mapping[int, Mapping[int, float]]) -> Group:
    scores = [score for a in members for b, score in links[a].items() if b in members]
    return Group(tuple(sorted(members)), min(scores))


def _components(links: Mapping[int, Mapping[int, float]]) -> list[list[int]]:
    """The works that hang together, each once."""
    seen: set[int] = set()
    found = []
    for start in links:
        if start in seen or not links[start]:
            continue
        seen.add(start)
        members, todo = [], [start]
        while todo:
            here = todo.pop()
            members.append(here)
            for there in links[here]:
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        found.append(members)
    return found


def _are_versions(a: Description, b: Description) -> bool:
    """Whether one is a preprint of the other, by what is said or by title and names."""
    for one, other in ((a, b), (b, a)):
        if other.DOI and any(
            relation.type in ("is-preprint-of", "has-preprint")
            and relation.id.lower() == other.DOI.lower()
            for relation in one.relations
        ):
            return True
        if is_preprint(one) and is_published(other):
            title = bare_title(one.title or "")
            return (
                not is_generic(title)
                and compare_titles(title, bare_title(other.title or "")) is Likeness.SAME
                and compare_people(one.author, other.author) is Likeness.SAME
                and (years_apart(one, other) or 0) <= 4
            )
    return False


def _same_but_for_version(a: Description, b: Description) -> bool:
    """Whether their DOIs count versions of one work: `….CD002273.pub2` and `….pub3`."""
    if not a.DOI or not b.DOI:
        return False
    one, other = (_VERSION.sub("", doi.lower()) for doi in (a.DOI, b.DOI))
    titles = compare_titles(bare_title(a.title or ""), bare_title(b.title or ""))
    return one == other and titles is Likeness.SAME


def _first_family(description: Description) -> str:
    for name in (*description.author, *description.editor):
        family = fold(name.full_family or name.literal or "")
        if family:
            return family.split()[-1][:6]
    return ""


def _hashed(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
