"""Finding the DOIs of works without one, by a search that is told what to answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refman.errors import SourceUnavailable
from refman.model import Date, Description, Name, Origin, OriginKind, Record
from refman.rules.query import parse
from refman.services.finding import find_dois
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library

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


def _find(
    library: Library,
    messages: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    **options: Any,
) -> tuple[list[tuple[str, str]], list[str]]:
    asked: list[str] = []

    def search(reference: str, **_: Any) -> list[dict[str, Any]]:
        asked.append(reference)
        return messages

    monkeypatch.setattr("refman.net.habanero_search.search", search)
    asking: dict[str, Any] = {"base_url": "http://127.0.0.1:9", "mailto": None, "offline": False}
    found = find_dois(library.store, parse("missing:doi"), **asking | options)
    return list(found), asked


def test_a_result_that_agrees_is_taken(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    other = _message("10.1000/other", title=["Photosynthesis in alpine mosses"])
    found, asked = _find(library, [other, _message("10.1000/One")], monkeypatch)
    assert [(key, doi.lower()) for key, doi in found] == [("one", "10.1000/one")]
    assert asked == ["The effectiveness of the organization for migration Dwi Mediasi 2021"]
    assert library.get("10.1000/one").citation_key == "one"
    assert "found by its title" in library.history()[0].summary
    library.undo()
    assert library.get("one").description.DOI is None


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [_message("10.1000/x", title=["Something else"])],
        [_message("10.1000/a"), _message("10.1000/b")],
        [_message("10.1000/x", issued={"date-parts": [[1987]]}, author=[{"family": "Müller"}])],
    ],
    ids=["nothing", "another", "two", "contrary"],
)
def test_where_it_is_not_sure_nothing_is_taken(
    library: Library, messages: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = _find(library, messages, monkeypatch)
    assert found == []
    assert library.get("one").description.DOI is None
    assert len(library.history()) == 1


def test_a_dry_run_changes_no_work(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = _find(library, [_message("10.1000/one")], monkeypatch, dry_run=True)
    assert found == [("one", "10.1000/one")]
    assert library.get("one").description.DOI is None
    assert len(library.history()) == 1


@pytest.mark.parametrize(("mailto", "least"), [(None, 1.0), ("me@library.test", 1 / 3)])
def test_searches_keep_the_pace_that_crossref_allows(
    library: Library, monkeypatch: pytest.MonkeyPatch, mailto: str | None, least: float
) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:2")
    second = Description(type="book", title="Another work altogether", issued=Date(1999))
    list(import_entries(library.store, [Record(description=second, origin=origin)], "y",
                        ImportPolicy()))  # fmt: skip
    slept: list[float] = []
    monkeypatch.setattr("refman.services.finding.time.sleep", slept.append)
    _, asked = _find(library, [], monkeypatch, mailto=mailto)
    assert len(asked) == 2
    assert slept[0] == 0
    assert slept[1] >= least


def test_offline_it_cannot_be_asked(library: Library) -> None:
    with pytest.raises(SourceUnavailable, match="offline"):
        list(find_dois(library.store, parse(""), base_url="x", mailto=None, offline=True))
