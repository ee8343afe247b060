"""Queries give what an evaluation of the query's tree in plain Python gives, page by page."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
    Update,
    Work,
    stated,
)
from refman.model.identifier import doi_key
from refman.rules.query import And, Has, Is, Node, Not, Or, Term, YearRange, parse
from refman.store import NewRecord, Order, Page, Position, Store, Wanted, listing, ranking
from refman.text.titles import fold
from tests.property.libraries import ScratchStore

_WORDS = ["alpha", "alphabet", "Beta", "bétá", "gamma-ray", "Élan", "10.1000/x", "2021", "x", "any"]
_YEARS = [None, -44, 800, 999, 1000, 1899, 1999, 2009, 2010, 2020, 2021, 2199, 2200, 9999]


def _works(count: int) -> list[Description]:
    """Made-up works with every kind of gap in them."""
    rng = random.Random(20210815)

    def words(most: int) -> str | None:
        return " ".join(rng.choices(_WORDS, k=rng.randint(0, most))) or None

    def people() -> tuple[Name, ...]:
        kinds = [
            Name("Dwi", "Rizkika"),
            Name(literal="World Bank"),
            Name("Ávila", "Ana"),
            Name("X"),
        ]
        return tuple(rng.sample(kinds, rng.choice([0, 0, 1, 2])))

    made = []
    for i in range(count):
        year = rng.choice(_YEARS)
        kind = rng.choice([None, "book", "article-journal", "article", "chapter"])
        doi = rng.choice([None, f"10.1000/X{i}", f"10.2000/y.{i % 5}"])
        made.append(
            Description(
                type=kind,
                title=words(4),
                author=people(),
                editor=people(),
                container_title=words(2),
                issued=None if year is None else Date(year),
                publisher=words(1),
                DOI=doi,
                ISSN=rng.choice([(), ("0002-7863",)]),
                abstract=words(6),
                keyword=tuple(rng.sample(_WORDS, rng.choice([0, 2]))),
                note=words(1),
                updates=rng.choice([(), (), (Update("retraction"),), (Update("correction"),)]),
            )
        )
    return made


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    scratch = ScratchStore()
    origin = Origin(kind=OriginKind.IMPORT, name="ris")
    with scratch.store.writing() as writer:
        change = writer.change("import", "import", "x")
        new = [
            NewRecord(Record(description=description, origin=origin), f"key{i % 7}x{i}")
            for i, description in enumerate(_works(70))
        ]
        ids = writer.insert(change, new)
        writer.label(change, "tags", "Thesis", ids[::3])
        writer.label(change, "tags", "thesis two", ids[::4])
        writer.label(change, "collections", "Alpha", ids[5:20])
        writer.rename(change, ids[3], "renamed")
        writer.set_enrichment(ids[::5], EnrichmentStatus.PENDING)
        writer.set_enrichment(ids[1::5], EnrichmentStatus.MISMATCH)
        writer.remove(change, ids[10:14])
    yield scratch.store
    scratch.close()


# The query language in plain Python


def _tokens(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFD", (text or "").lower())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _columns(work: Work) -> dict[str, list[str]]:
    d = work.description
    people = [name.inverted for name in (*d.author, *d.editor)]
    other = [work.citation_key, str(d.year or ""), d.DOI, d.publisher, *d.ISSN, d.note]
    return {
        "title": _tokens(d.title),
        "author": _tokens("; ".join(people)),
        "container_title": _tokens(d.container_title),
        "abstract": _tokens(d.abstract),
        "keyword": _tokens(" ".join(d.keyword)),
        "other": _tokens(" ".join(filter(None, other))),
    }


def _occurs(wanted: list[str], tokens: list[str], *, prefix: bool) -> bool:
    for i in range(len(tokens) - len(wanted) + 1):
        *head, last = tokens[i : i + len(wanted)]
        if head == wanted[:-1] and (last.startswith(wanted[-1]) if prefix else last == wanted[-1]):
            return True
    return False


def _term(term: Term, work: Work) -> bool:
    def fits(value: str, wanted: str) -> bool:
        return value == wanted if term.phrase else value.startswith(wanted)

    text = term.text
    columns = _columns(work)
    match term.field:
        case None | "title" | "author" | "container_title" | "abstract" | "keyword" | "other":
            wanted = _tokens(text)
            chosen = columns.values() if term.field is None else [columns[term.field]]
            return not wanted or any(
                _occurs(wanted, tokens, prefix=not term.phrase) for tokens in chosen
            )
        case "type":
            kind = work.description.type
            squeezed = re.sub(r"[^a-z]", "", text.lower())
            return kind is not None and fits(kind.replace("-", ""), squeezed)
        case "tag":
            return text.lower() in {tag.lower() for tag in work.tags}
        case "collection":
            return text.lower() in {name.lower() for name in work.collections}
        case "key":
            keys = (work.citation_key, *work.aliases)
            return any(fits(key.lower(), text.lower()) for key in keys)
        case "doi":
            doi = work.description.DOI
            return doi is not None and fits(doi_key(doi), text.lower())
        case "issn":
            return any(fits(issn, text) for issn in work.description.ISSN)
    raise AssertionError(term)


def _holds(node: Node, work: Work) -> bool:
    match node:
        case Term():
            return _term(node, work)
        case YearRange(low, high):
            year = work.description.year
            return (
                year is not None and (low is None or low <= year) and (high is None or year <= high)
            )
        case Has("tag"):
            return bool(work.tags)
        case Has("collection"):
            return bool(work.collections)
        case Has("note" | "file"):
            return False
        case Has(field):
            return field in {name for name, _ in stated(work.description)}
        case Is("retracted"):
            return work.description.retraction is not None
        case Is(state):
            return work.enrichment is not None and work.enrichment.value == state
        case Not(inner):
            return not _holds(inner, work)
        case And(nodes):
            return all(_holds(part, work) for part in nodes)
        case Or(nodes):
            return any(_holds(part, work) for part in nodes)


def _people(description: Description) -> tuple[Name, ...]:
    return description.author or description.editor


_SORT_VALUES: dict[Order, Callable[[Work], object]] = {
    Order.ADDED: lambda work: work.id,
    Order.YEAR: lambda work: work.description.year,
    Order.TITLE: lambda work: fold(work.description.title)[:60] if work.description.title else None,
    Order.AUTHOR: lambda work: (
        fold("; ".join(name.inverted for name in _people(work.description)))[:60] or None
    ),
    Order.MODIFIED: lambda work: work.modified,
    Order.CONTAINER: lambda work: work.description.container_title,
    Order.KEY: lambda work: work.citation_key,
    Order.TYPE: lambda work: work.description.type,
    Order.DOI: lambda work: work.description.DOI,
}


def _sorted(works: Sequence[Work], order: Order, *, descending: bool) -> list[int]:
    """The ids in an order, those without a value before all others on the way up."""
    value = _SORT_VALUES[order]

    def place(work: Work) -> tuple[bool, object, int]:
        found = value(work)
        return (found is not None, 0 if found is None else found, work.id)

    return [work.id for work in sorted(works, key=place, reverse=descending)]


# Trees of queries

_words = st.sampled_from(
    ["alpha", "ALPHAB", "b", "bét", "gamma", "ray", "elan", "2021", "dwi", "bank world", "any", "x"]
    + ["has", "hastitle", "typebook", "year2021", "key1", "10.1000", "avila", "gamma ray", "…", "-"]
)
_text_fields = st.sampled_from(
    [None, "title", "author", "container_title", "abstract", "keyword", "other"]
)
_years = st.sampled_from(_YEARS) | st.integers(-10_000, 10_000)
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, _words, _text_fields, st.booleans()),
    st.builds(
        Term, st.sampled_from(["book", "article", "article-journal", "art"]), st.just("type"),
        st.booleans(),
    ),
    st.builds(Term, st.sampled_from(["thesis", "THESIS TWO", "none"]), st.just("tag")),
    st.builds(Term, st.sampled_from(["alpha", "Beta"]), st.just("collection")),
    st.builds(
        Term, st.sampled_from(["KEY1", "key1x1", "renamed", "q"]), st.just("key"), st.booleans()
    ),
    st.builds(
        Term, st.sampled_from(["10.1000", "10.1000/x3", "10.2"]), st.just("doi"), st.booleans()
    ),
    st.builds(Term, st.sampled_from(["0002", "0002-7863"]), st.just("issn"), st.booleans()),
    st.builds(YearRange, _years, _years).filter(lambda node: node != YearRange(None, None)),
    st.builds(Has, st.sampled_from(["DOI", "title", "author", "editor", "note", "tag", "file"])),
    st.builds(Has, st.sampled_from(["collection", "container_title", "title_short", "updates"])),
    st.builds(Is, st.sampled_from(["retracted", "pending", "mismatch", "failed", "enriched"])),
)  # fmt: skip
_trees: st.SearchStrategy[Node] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(Or),
    ),
    max_leaves=6,
)


@settings(max_examples=125, deadline=None)
@given(_trees)
@example(YearRange(None, 1500))
@example(YearRange(800, 800))
@example(YearRange(2190, None))
@example(Or((YearRange(None, 999), Has("tag"))))
@example(Term("dwi", "author"))
def test_finds_and_counts_what_plain_python_finds(store: Store, node: Node) -> None:
    expected = [work.id for work in store.iterate() if _holds(node, work)]
    assert [row.id for row in store.rows(node)] == expected
    assert store.count(node) == len(expected)


@settings(max_examples=75, deadline=None)
@given(
    node=st.just(And(())) | _trees,
    order=st.sampled_from(Order),
    descending=st.booleans(),
    size=st.integers(1, 30),
    few=st.sampled_from([1, 1, 3, 1000]),
    collecting=st.sampled_from([0.0, 1e9]),
)
def test_pages_forward_and_backward_are_the_list_in_pieces(
    store: Store, node: Node, order: Order, descending: bool, size: int,
    few: int, collecting: float,
) -> None:  # fmt: skip
    # Each way to a page, as if the library were as large as it is worth for.
    with (
        patch.object(listing, "FEW", few),
        patch.object(listing, "_COLLECTING", collecting),
    ):
        _pages_are_the_list_in_pieces(store, node, order, descending, size)


def _pages_are_the_list_in_pieces(
    store: Store, node: Node, order: Order, descending: bool, size: int
) -> None:
    works = [work for work in store.iterate() if _holds(node, work)]
    expected = _sorted(works, order, descending=descending)
    assert [row.id for row in store.rows(node, order, descending=descending)] == expected

    def pages(**position: Position | None) -> Page:
        return store.page(node, order, descending=descending, limit=size, **position)  # type: ignore[arg-type]

    forward: list[int] = []
    page = pages()
    last = page
    while page.rows:
        forward += [row.id for row in page.rows]
        last = page
        page = pages(after=page.last)
    assert forward == expected
    # And back again from the end, which gives what lies before the last page.
    back = [row.id for row in last.rows]
    page = pages(before=last.first) if last.rows else last
    while page.rows:
        back = [row.id for row in page.rows] + back
        page = pages(before=page.first)
    assert back == expected


@settings(max_examples=40, deadline=None)
@given(_trees, st.integers(1, 80))
def test_the_best_of_a_broad_query_are_matches_each_once(
    store: Store, node: Node, limit: int
) -> None:
    expected = {work.id for work in store.iterate() if _holds(node, work)}
    with patch.object(ranking, "BROAD", 0):
        found = [row.id for row in store.ranked(node, limit)]
    assert len(found) == len(set(found)) == min(limit, len(expected))
    assert set(found) <= expected


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(Order), st.booleans(), st.integers(0, 80), st.integers(1, 20))
def test_an_offset_skips_and_a_limit_ends(
    store: Store, order: Order, descending: bool, offset: int, limit: int
) -> None:
    everything = [row.id for row in store.rows(order=order, descending=descending)]
    page = store.page(order=order, descending=descending, offset=offset, limit=limit)
    assert [row.id for row in page.rows] == everything[offset : offset + limit]
    rows = store.rows(order=order, descending=descending, limit=limit)
    assert [row.id for row in rows] == everything[:limit]


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(
            ['"', "(", ")", "-", "*", ":", "OR", "AND", "NOT", "NEAR", "^", "+", "{", "}", "\x00"]
            + [
                "author:",
                "year:",
                "is:",
                "has:",
                "doi:",
                "key:",
                "tag:",
                "type:",
                "issn:",
                "a",
                "é",
            ]
            + ["%", "_", "'", ";", "\\", "..", "1999", "9" * 30, "\ud800", "\udcff", "--", "|", " "]
        ),
        max_size=12,
    ).map(" ".join)
    | st.text("()\"-:* ORandyear.09'\x00\ud800", max_size=25)
)
def test_any_text_is_a_query_or_a_usage_error(store: Store, text: str) -> None:
    try:
        node = parse(text)
    except UsageError:
        return
    assert store.count(node) == sum(1 for _ in store.rows(node))
    store.page(node, Order.TITLE, limit=3)
    list(store.dois_to_enrich(node, Wanted(all=True)))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("elan", "Élan"),
        ("ÉLAN", "elan"),
        ("beta", "bétá"),
        ("ậ", "a"),
        ("strasse", "strasse"),
        ("nguyen", "Nguyễn"),
    ],
)
def test_diacritics_and_case_make_no_difference(query: str, text: str) -> None:
    with ScratchStore() as store:
        with store.writing() as writer:
            change = writer.change("import", "import", "x")
            record = Record(
                description=Description(title=f"On {text} things"),
                origin=Origin(kind=OriginKind.IMPORT, name="ris"),
            )
            writer.insert(change, [NewRecord(record, "k")])
        assert store.count(parse(query)) == 1
        assert store.count(parse(f"title:{query}")) == 1
        assert store.count(parse(f"-{query}")) == 0
