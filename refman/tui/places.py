"""The places of the sidebar: what each is called, and which works are there.

A name of a collection with `/` in it is a path, so that `Thesis/Chapter 2` stands below `Thesis`,
and whoever chooses `Thesis` sees all that is below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from refman.errors import UsageError
from refman.rules.query import EVERYTHING, And, Has, Is, Node, Not, Or, Term, expanded, parse
from refman.store import Order

Named = Sequence[tuple[str, int]]
"""Tags or collections, with the number of works in each."""

_ATTENTION: tuple[tuple[str, Node], ...] = (
    ("Proposals", Is("proposed")),
    ("Waiting", Is("pending")),
    ("Other work's DOI", Is("mismatch")),
    ("Failed", Is("failed")),
    ("Retracted", Is("retracted")),
    ("No DOI", Not(Has("DOI"))),
)
_MOST = 2000
"""Tags, or collections, that are shown: who has more finds them by `tag:`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the sidebar. One without a node is a heading, or does the deed it names."""

    name: str
    """What it is known by from one time to the next."""
    label: str
    node: Node | None = None
    depth: int = 0
    count: int | None = None
    order: Order | None = None
    """How it is sorted, where that is what it is about."""
    deed: str | None = None

    @property
    def is_heading(self) -> bool:
        """Whether there is nothing to choose here."""
        return self.node is None and self.deed is None


ALL = Place("all", "All works", EVERYTHING)


@dataclass(frozen=True, slots=True)
class Labels:
    """What a library's works are kept under."""

    collections: Named = ()
    tags: Named = ()
    searches: Mapping[str, str] | None = None


def arranged(labels: Labels) -> list[Place]:
    """All places, in the order in which they stand."""
    found = [
        ALL,
        Place("added", "Recently added", EVERYTHING, order=Order.ADDED),
        Place("changed", "Recently changed", EVERYTHING, order=Order.MODIFIED),
        Place("heading/attention", "Needs attention"),
        *(Place(f"attention/{label}", label, node, 1) for label, node in _ATTENTION),
        Place("deed/review", "Review …", depth=1, deed="review"),
        Place("deed/duplicates", "Duplicates …", depth=1, deed="duplicates"),
    ]
    sections = (
        ("Collections", list(_tree(labels.collections))),
        ("Tags", [_tag(name, count) for name, count in labels.tags[:_MOST]]),
        ("Saved searches", list(_searches(labels.searches or {}))),
    )
    for heading, places in sections:
        if places:
            found += [Place(f"heading/{heading}", heading), *places]
    return found


def counted(places: Iterable[Place], counts: Mapping[str, int]) -> list[Place]:
    """The places with what is known of how many works are there, by their names."""
    return [
        replace(place, count=counts[place.name])
        if place.count is None and place.name in counts
        else place
        for place in places
    ]


def joined(place: Node, typed: Node) -> Node:
    """What is in a place and also matches what was typed."""
    if place == EVERYTHING:
        return typed
    if typed == EVERYTHING:
        return place
    parts = (node.nodes if isinstance(node, And) else (node,) for node in (place, typed))
    return And(tuple(node for part in parts for node in part))


def _tag(name: str, count: int) -> Place:
    return Place(f"tag/{name}", name, Term(name, "tag", phrase=True), 1, count)


def _tree(names: Named) -> Iterator[Place]:
    counts = dict(names[:_MOST])
    paths: dict[tuple[str, ...], list[str]] = {}
    for name in counts:
        parts = tuple(part.strip() for part in name.split("/") if part.strip()) or (name,)
        for depth in range(1, len(parts) + 1):
            paths.setdefault(parts[:depth], []).append(name)
    for path in sorted(paths, key=lambda path: [part.casefold() for part in path]):
        here = paths[path]
        terms = tuple(Term(name, "collection", phrase=True) for name in here)
        yield Place(
            f"collection/{'/'.join(path)}",
            path[-1],
            terms[0] if len(terms) == 1 else Or(terms),
            len(path),
            counts[here[0]] if len(here) == 1 else None,
        )


def _searches(searches: Mapping[str, str]) -> Iterator[Place]:
    folded = {name.lower(): text for name, text in searches.items()}
    for name, text in searches.items():
        try:
            node = expanded(parse(text), lambda known: folded.get(known.lower()))
        except UsageError:
            continue
        yield Place(f"search/{name}", name, node, 1)
