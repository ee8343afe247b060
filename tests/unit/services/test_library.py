"""The library as Python sees it."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rich.console import Console

from refman import Library
from refman.services.works import Works
from tests.crossref_server import CrossrefServer, corpus, no_limits

FILE = "\n".join(
    f"@book{{b{number}, title={{Volume {number}}}, author={{Adji, Iwan}}, year={2000 + number}}}"
    for number in range(5)
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        opened.import_text(FILE)
        yield opened


def keys(works: object) -> list[str]:
    assert isinstance(works, Works | list)
    return [work.citation_key for work in works]


def test_works_are_looked_at_again_and_again(library: Library) -> None:
    works = library.search("adji")
    assert keys(works) == keys(works) == ["b4", "b3", "b2", "b1", "b0"]
    assert (len(works), bool(works), repr(works)) == (5, True, "<5 works>")
    assert works[0].citation_key == "b4"
    assert works[-1].citation_key == "b0"
    assert keys(works[1:3]) == ["b3", "b2"]
    assert keys(works[::-1]) == ["b0", "b1", "b2", "b3", "b4"]
    assert keys(works[3:1]) == []
    with pytest.raises(IndexError):
        works[5]
    assert not library.search("nothing")
    assert len(library.search("adji", limit=2)) == len(list(library.search("adji", limit=2))) == 2
    library.delete(works[:1])
    assert len(works) == 4


def test_a_table_for_notebooks_and_terminals(library: Library) -> None:
    works = library.search("b0")
    html = works._repr_html_()
    assert "<caption>1 work</caption>" in html
    console = Console(file=io.StringIO(), width=100)
    console.print(works)
    assert isinstance(console.file, io.StringIO)
    assert "Adji, Iwan" in console.file.getvalue()


def test_each_thread_has_a_connection(library: Library) -> None:
    counts: list[int] = []
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            library.edit(library.get(f"b{number}"), {"volume": str(number)})
            counts.append(len(list(library.search(f"b{number}"))))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, counts) == ([], [1] * 5)
    assert [work.description.volume for work in library.search()] == ["4", "3", "2", "1", "0"]


def test_a_pool_of_threads_reads_and_writes_at_once(library: Library) -> None:
    def deed(number: int) -> object:
        work = library.get(f"b{number % 5}")
        match number % 8:
            case 0:
                return library.import_text(f"@book{{t{number}, title={{Of thread {number}}}}}")
            case 1:
                return library.tags.put(f"t{number}", [work])
            case 2:
                return library.notes.add(work, f"Note {number}.")
            case 3:
                return library.edit(work, {["edition", "section", "medium"][number % 3]: "7"})
            case 4:
                return [told.fields for told in library.changed_by(1)]
            case 5:
                return [work.title for work in library.rows("adji")]
            case 6:
                return library.export_text("ris", library.search("volume", limit=3))
            case _:
                return library.past(work)

    with ThreadPoolExecutor(8) as pool:
        # Whatever a deed raises, it raises here.
        results = list(pool.map(deed, range(80)))
    assert len(results) == 80
    assert len(library) == 5 + 10
    assert sum(len(library.notes.of(work)) for work in library.search()) == 10
    assert len(library.tags.counts()) == 10
    assert library.check() == []


def test_works_are_completed_in_one_call_also_where_a_loop_is_running(library: Library) -> None:
    doi = "10.5555/made"
    library.import_text(doi)
    with CrossrefServer([corpus.work(doi, "Made up")], limits=no_limits()) as server:
        settings = {"crossref_url": server.url, "mailto": "a@example.org"}

        async def in_a_notebook() -> list[str]:
            items = library.complete(f"doi:{doi}", sources=["crossref"], settings=settings)
            return [item.status.value for item in items]

        assert asyncio.run(in_a_notebook()) == ["enriched"]
    assert library.get(doi).description.title == "Made up"
    assert library.history()[0].action == "enrich"


def test_a_closed_library_opens_no_more(library: Library) -> None:
    library.close()
    faults: list[BaseException] = []

    def work() -> None:
        try:
            library.count()
        except ValueError as error:
            faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "is closed" in str(faults[0])
