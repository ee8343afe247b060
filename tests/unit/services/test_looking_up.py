from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from refman.errors import InputError
from refman.model import Date, Description, Origin, OriginKind, Record, Update
from refman.ports import Answer, AnswerStatus
from refman.services.asking import Sources
from refman.services.doi_tables import DoiTables, row_from_text
from refman.services.filling import filled, filled_columns
from refman.services.looking_up import Lookup, LookupItem, look_up
from refman.services.tally import Tally
from refman.store.journal import Journal


class Shelf:
    """A local source that knows every DOI but those that end in `none`."""

    name = "shelf"

    def __init__(self, late: str | None = None) -> None:
        self.asked: list[str] = []
        self._late = late

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        self.asked += dois
        for doi in sorted(dois, key=lambda doi: doi == self._late):
            if doi.endswith("none"):
                yield Answer.not_found(doi)
                continue
            description = Description(
                type="book",
                title=f"Title of {doi}",
                publisher="=HYPERLINK(1)",
                issued=Date(2000 + len(doi)),
                DOI=doi,
                updates=(Update("retraction"),) if doi.endswith("bad") else (),
            )
            origin = Origin(kind=OriginKind.SOURCE, name="shelf")
            record = Record(description=description, origin=origin)
            yield Answer(DOI=doi, status=AnswerStatus.FOUND, record=record)


def _all(rows: Sequence[str], shelf: Shelf) -> list[LookupItem]:
    async def run() -> list[LookupItem]:
        return [item async for item in look_up(rows, Sources([shelf]))]

    return asyncio.run(run())


def test_rows_keep_their_order_whatever_the_answers_do() -> None:
    rows = [f"10.1000/{n}" for n in range(250)]
    shelf = Shelf(late="10.1000/0")
    items = _all([*rows, *rows], shelf)
    assert [item.doi for item in items] == [*rows, *rows]
    assert [item.is_first for item in items] == [True] * 250 + [False] * 250
    assert len(shelf.asked) == 250
    assert len({item.citation_key for item in items}) == 250
    assert items[0].citation_key == items[250].citation_key


def test_a_row_that_is_settled_does_not_wait_for_those_behind_it() -> None:
    journal = Journal.temporary()
    rows = ["10.1000/a", "rubbish", "10.1000/b"]
    lookup = Lookup(lambda: map(row_from_text, rows), journal)
    assert lookup.note() == 3

    async def run() -> list[list[str]]:
        bursts = lookup.bursts(Sources([Shelf()]))
        return [[item.given for item in burst] async for burst in bursts]

    bursts = asyncio.run(run())
    assert bursts == [["10.1000/a", "rubbish"], ["10.1000/b"]]
    assert [item.status.value for item in lookup.report()] == ["found", "failed", "found"]
    journal.close()


def test_an_answer_is_durable_before_the_next_one_comes(tmp_path: Path) -> None:
    path = tmp_path / "x.refman-journal"
    journal = Journal.open(path, "f", "x")
    lookup = Lookup(lambda: map(row_from_text, ["10.1000/a", "10.1000/b"]), journal)
    lookup.note()
    commits: list[int] = []
    commit = journal.commit

    def noted() -> None:
        commits.append(journal.settled)
        commit()

    journal.commit = noted  # type: ignore[method-assign]

    async def run() -> None:
        answers = lookup.answers(Sources([Shelf()]))
        await anext(answers)
        await asyncio.sleep(0.3)
        assert commits == [1]
        await answers.aclose()

    asyncio.run(run())
    journal.close()


def test_a_table_is_filled_in() -> None:
    theirs = ("DOI", "Status", "year")
    header = filled_columns(theirs)
    assert header[:8] == (*theirs, "refman_status", "refman_doi", "source", "citation_key", "type")
    assert "refman_year" in header
    assert len({name.lower() for name in header}) == len(header)
    item = LookupItem("x", None, AnswerStatus.FAILED, reason="=1", cells=("=SUM(1)", "a\r\nb", ""))
    lines = list(filled(theirs, [item]))
    assert lines[1].startswith('=SUM(1),"a\r\nb",,failed,')
    assert lines[1].endswith(",'=1\n")


def test_sums_count_each_work_once() -> None:
    tally = Tally()
    items = _all(["10.1000/a", "10.1000/A", "10.1000/bad", "10.1000/none", "?"], Shelf())
    assert list(tally.of(items)) == items
    summary = tally.summary()
    assert summary.outcomes == {"found": 3, "not_found": 1, "failed": 1}
    assert (summary.works, summary.retracted) == (2, 1)
    assert summary.years == {2009: 1, 2011: 1}
    assert summary.sources == {"shelf": 2}
    assert summary.publishers == {"=HYPERLINK(1)": 2}
    assert summary.fields["title"] == 2
    assert summary.fields["volume"] == 0


def test_the_rows_of_files_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id;doi\n1;10.1000/ä\n2\n3;x;more\n".encode("cp1252"))
    with DoiTables((), [str(tmp_path / "a.csv")]) as tables:
        assert tables.columns == ("id", "doi", "column_3")
        first, again = list(tables.rows()), list(tables.rows())
        assert first == again
        assert [row.cells for row in first] == [
            ("1", "10.1000/ä", ""), ("2", "", ""), ("3", "x", "more"),
        ]  # fmt: skip
        assert [row.remark for row in first] == [None, "no DOI in it", "no DOI in it"]
        [mistake] = tables.mistakes
        assert "line 2 is not valid UTF-8" in mistake
    with DoiTables((), [str(tmp_path / "a.csv")], "1") as other:
        assert other.fingerprint != tables.fingerprint


def test_a_damaged_row_is_looked_up_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,doi\n1,"10.1000/a\n2,10.1000/b\n')
    with DoiTables((), [str(tmp_path / "a.csv")]) as tables:
        rows = list(tables.rows())
    assert [row.doi for row in rows] == ["10.1000/a", "10.1000/b"]
    assert rows[0].remark == "line 2: a quote that is not closed"


def test_an_unreadable_input(tmp_path: Path) -> None:
    for name in ("nothing.csv", "."):
        with pytest.raises(InputError, match="cannot be read"):
            DoiTables((), [str(tmp_path / name)])
