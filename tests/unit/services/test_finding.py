"""Finding the DOIs of works without one, at the imitation of Crossref and at a double of it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from refman.errors import SourceUnavailable
from refman.model import Date, Description, Extra, Name, Origin, OriginKind, Record, RecordState
from refman.net import Net, NetSettings
from refman.net.limits import Grant
from refman.rules.candidate import Choice
from refman.rules.freshness import Freshness
from refman.rules.query import parse
from refman.services.finding import (
    FoundDoi,
    FoundStatus,
    find_missing_dois,
    question_of,
    suggest,
)
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library
from refman.services.placing import ImportStatus, OnDuplicate
from tests.crossref_server import CrossrefServer, no_limits

WORK = Description(
    type="article-journal",
    title="The effectiveness of the organization for migration",
    author=(Name("Dwi", "Rizkika"),),
    container_title="Mediasi",
    issued=Date(2021),
)


def _message(doi: str, **other: Any) -> dict[str, Any]:
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": ["The effectiveness of the organization for migration"],
        "author": [{"family": "Dwi", "given": "Rizkika"}],
        "container-title": ["Mediasi"],
        "issued": {"date-parts": [[2021]]},
        **other,
    }


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")
        entries = [
            Record(description=WORK, origin=origin, citation_key="one"),
            Record(description=Description(note="no title"), origin=origin, citation_key="none"),
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy()))
        yield opened


# Many at a time

GRANTS = {"array": Grant(1000, concurrency=4), "single": Grant(1000, concurrency=4)}
TAKEN, PROPOSED, NONE, FAILED = FoundStatus
RIGHT = _message("10.1000/one")
PREPRINT = _message("10.1101/pre", type="posted-content", **{"container-title": []})

TALK = _message("10.1000/talk", type="proceedings-article", **{"container-title": ["A Congress"]})


def _search(
    library: Library, server: CrossrefServer, *, query: str = "", offline: bool = False, **how: Any
) -> list[FoundDoi]:
    async def run() -> list[FoundDoi]:
        settings = NetSettings(grants=GRANTS, retries=0, offline=offline)
        async with Net(settings) as net:
            found = find_missing_dois(
                library.store, parse(query), base_url=server.url, mailto=None, net=net, **how
            )
            return [item async for item in found]

    return asyncio.run(run())


def _statuses(found: Sequence[FoundDoi]) -> dict[str, FoundStatus]:
    return {item.citation_key: item.status for item in found}


def _serve(*messages: dict[str, Any]) -> CrossrefServer:
    return CrossrefServer(messages, limits=no_limits())


def _more(library: Library, count: int) -> list[dict[str, Any]]:
    """Put works in, and give the records that they have."""
    words = ("moss", "lichen", "fern", "algae", "grass", "heather", "clover", "bracken", "sedge")
    titles = [
        f"Photosynthesis of {words[n % 9]} under {words[n // 9 % 9]} light at site {n}"
        for n in range(count)
    ]
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location="y:1")
    entries = [
        Record(
            description=Description(
                type="article-journal", title=title, author=(Name(f"Author{n}", "A."),),
                container_title="Mosses", issued=Date(2000), volume=str(n + 1), page=f"{n + 11}",
            ),
            origin=origin, citation_key=f"w{n}",
        )
        for n, title in enumerate(titles)
    ]  # fmt: skip
    list(import_entries(library.store, entries, "y", ImportPolicy()))
    return [
        _message(
            f"10.2000/{n}", title=[title], author=[{"family": f"Author{n}", "given": "Anna"}],
            issued={"date-parts": [[2000]]}, volume=str(n + 1), page=f"{n + 11}-{n + 15}",
            **{"container-title": ["Mosses"]},
        )
        for n, title in enumerate(titles)
    ]  # fmt: skip


def test_all_that_is_found_is_one_change(library: Library) -> None:
    progress: list[tuple[int, int]] = []
    with _serve(RIGHT, *_more(library, 12)) as server:
        found = _search(library, server, on_progress=lambda *done: progress.append(done))
    assert _statuses(found) == {"one": TAKEN, "none": NONE, **{f"w{n}": TAKEN for n in range(12)}}
    assert progress[-1] == (14, 14)
    assert library.get("10.2000/7").citation_key == "w7"
    assert "DOIs of 13 works found by a search" in library.history()[0].summary
    library.undo()
    assert library.get("w7").description.DOI is None
    assert library.get("one").description.DOI is None
    assert len(library.history()) == 4


def test_what_is_likely_is_proposed_and_changes_nothing(library: Library) -> None:
    with _serve(TALK) as server:
        (item,) = [item for item in _search(library, server) if item.citation_key == "one"]
        assert (item.status, item.doi) == (PROPOSED, "10.1000/talk")
        assert "proceedings" in item.reason
        before = library.get("one")
        assert before.description.DOI is None
        assert [r.state for r in library.store.records(before.id)] == [
            RecordState.STANDING, RecordState.PROPOSED,
        ]  # fmt: skip
        # It is remembered, and proposed once.
        again = _search(library, server)
        assert item in again
        assert len(library.store.records(before.id)) == 2
        assert len(server.log.entries) == 1


def test_nothing_is_asked_twice(library: Library) -> None:
    with _serve(_message("10.1000/x", title=["Photosynthesis of mosses"])) as server:
        for refresh, asked in ((False, 1), (False, 1), (True, 2)):
            found = _search(library, server, freshness=Freshness(refresh=refresh))
            assert _statuses(found) == {"one": NONE, "none": NONE}
            assert len(server.log.entries) == asked
        assert len(library.history()) == 1


def test_a_dry_run_keeps_the_answers_but_changes_no_work(library: Library) -> None:
    with _serve(RIGHT) as server:
        assert _statuses(_search(library, server, dry_run=True))["one"] is TAKEN
        assert library.get("one").description.DOI is None
        assert len(library.history()) == 1
        assert _statuses(_search(library, server))["one"] is TAKEN
        assert library.get("one").description.DOI == "10.1000/one"
        assert len(server.log.entries) == 1


def test_what_was_undone_is_not_taken_again(library: Library) -> None:
    with _serve(RIGHT) as server:
        _search(library, server)
        library.undo()
        (item,) = [item for item in _search(library, server) if item.citation_key == "one"]
    assert item.status is NONE
    assert "taken back" in item.reason


def test_a_work_that_has_the_doi_already_is_named(library: Library) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location="z:1")
    other = Description(type="article-journal", title="Something else", DOI="10.1000/ONE")
    entry = Record(description=other, origin=origin, citation_key="twin")
    list(import_entries(library.store, [entry], "z", ImportPolicy()))
    with _serve(RIGHT) as server:
        (item,) = [item for item in _search(library, server) if item.citation_key == "one"]
    assert item.reason.endswith("; twin has this DOI too")


def test_works_that_are_described_alike_are_asked_for_once(library: Library) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location="z:1")
    entry = Record(description=WORK, origin=origin, citation_key="twin")
    list(import_entries(library.store, [entry], "z", ImportPolicy(on_duplicate=OnDuplicate.ADD)))
    with _serve(RIGHT) as server:
        found = _search(library, server)
        assert len(server.log.entries) == 1
    assert _statuses(found) == {"one": TAKEN, "twin": TAKEN, "none": NONE}


@pytest.mark.parametrize("fault", ["bad-gateway", "html-ok", "too-many", "blocked", "message-list"])
def test_trouble_leaves_the_question_open(library: Library, fault: Any) -> None:
    with _serve(RIGHT) as server:
        with server.fault(fault, times=1):
            found = {item.citation_key: item for item in _search(library, server)}
            assert found["one"].status is FAILED
            assert found["one"].reason
        assert len(library.history()) == 1
        assert _statuses(_search(library, server))["one"] is TAKEN


def test_one_that_is_stopped_goes_on_where_it_was(library: Library) -> None:
    with _serve(RIGHT, *_more(library, 12)) as server:

        async def stopped() -> list[str]:
            done: list[str] = []
            async with Net(NetSettings(grants=GRANTS)) as net:
                found = find_missing_dois(
                    library.store, parse(""), base_url=server.url, mailto=None, net=net
                )
                async for item in found:
                    done.append(item.citation_key)
                    if len(done) == 5:
                        await found.aclose()  # type: ignore[attr-defined]
                        break
            return done

        done = asyncio.run(stopped())
        there = {key for key in (f"w{n}" for n in range(12)) if library.get(key).description.DOI}
        assert there >= {key for key in done if key.startswith("w")}
        found = _search(library, server)
        assert {item.citation_key for item in found}.isdisjoint(there)
        assert all(item.status is TAKEN for item in found if item.citation_key.startswith("w"))
        assert len(server.log.entries) <= 13 + 3
    assert library.store.check() == []


def test_offline_nothing_is_searched(library: Library) -> None:
    with _serve(RIGHT) as server:
        assert _statuses(_search(library, server, offline=True))["one"] is FAILED

        async def without() -> None:
            async for _ in find_missing_dois(
                library.store, parse(""), base_url=server.url, mailto=None, net=None
            ):
                pass

        with pytest.raises(SourceUnavailable, match="offline"):
            asyncio.run(without())
        assert server.log.entries == []


def test_what_the_user_cleared_stays_empty(library: Library) -> None:
    library.edit(library.get("one"), {"DOI": "10.1000/mine"})
    library.edit(library.get("one"), {}, ["DOI"])
    with _serve(RIGHT) as server:
        (item,) = [item for item in _search(library, server) if item.citation_key == "one"]
    assert item.status is NONE
    assert "you said" in item.reason


def test_a_reference_that_is_the_title_is_asked_for_as_it_is() -> None:
    text = "Dwi R (2021) The effectiveness of the organization for migration. Mediasi 4:2-9"
    assert question_of(Description(title=text)) == text
    assert question_of(WORK) == f"{WORK.title} Dwi Mediasi 2021"
    assert question_of(Description(note="nothing")) == ""


def test_one_reference_is_asked_for_through_habanero() -> None:
    text = "Dwi R (2021) The effectiveness of the organization for migration. Mediasi"
    with _serve(RIGHT, PREPRINT) as server:
        judgement, found = suggest(text, base_url=server.url, mailto=None)
        assert server.log.entries[0].user_agent.count("habanero") == 1
    assert (judgement.choice, judgement.DOI) == (Choice.TAKE, "10.1000/one")
    assert len(found) == 2


def test_a_reference_that_was_kept_is_asked_for_where_it_says_more() -> None:
    line = "Berg A, Ito C, something of rice, Gut of 2019;68(3):12-15"
    kept = (Extra("text", "reference", line),)
    assert question_of(Description(issued=Date(2019), extra=kept)) == line
    whole = Description(
        title="A study of rice", author=(Name("Berg", "A"),), issued=Date(2019), extra=kept
    )
    assert question_of(whole) == "A study of rice Berg 2019"


def test_a_reference_without_a_title_is_found_by_its_line(tmp_path: Path) -> None:
    line = "[1] J. Zhang, P.M. Levy, Physical Review Letters 96 (2006) 197."
    right = {
        "DOI": "10.1103/physrevlett.96.019708",
        "type": "journal-article",
        "title": ["The mechanism of spin transfer"],
        "author": [{"family": "Zhang", "given": "J."}, {"family": "Levy", "given": "P. M."}],
        "container-title": ["Physical Review Letters"],
        "volume": "96",
        "page": "197-199",
        "issued": {"date-parts": [[2006]]},
    }
    with Library(tmp_path / "library.db", create=True) as library:
        run = library.import_stream(io.BytesIO(line.encode()), "refs.txt")
        assert [item.status for item in run] == [ImportStatus.IMPORTED]
        assert run.format == "text"
        with _serve(right) as server:
            (found,) = _search(library, server)
        assert (found.status, found.doi) == (TAKEN, right["DOI"])
