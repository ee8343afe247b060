"""Importing: what becomes of each entry, and what is in the library afterwards."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from refman.errors import InputError, StoreReadOnly, UnknownFormat, UsageError
from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
)
from refman.ports import Problem
from refman.services import importing
from refman.services.importing import (
    ImportItem,
    ImportPolicy,
    ImportStatus,
    OnDuplicate,
    import_entries,
)
from refman.services.library import Library

IMPORTED, MERGED, SKIPPED, FAILED = ImportStatus


@pytest.fixture(autouse=True)
def _batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2000)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        yield opened
        assert opened.store.check() == []


def _record(
    title: str = "The effectiveness of migration",
    *,
    doi: str | None = None,
    key: str | None = None,
    line: int = 1,
    year: int = 2021,
    volume: str | None = None,
    source: str = "bibtex",
) -> Record:
    return Record(
        description=Description(
            type="article-journal",
            title=title,
            author=(Name("Dwi", "Rizkika"),),
            issued=Date(year),
            DOI=doi,
            volume=volume,
            container_title="Mediasi",
        ),
        origin=Origin(kind=OriginKind.IMPORT, name=source, location=f"x.bib:{line}"),
        citation_key=key,
    )


def _bring(
    library: Library,
    *entries: Record | Problem,
    policy: ImportPolicy | None = None,
    name: str = "x.bib",
) -> list[ImportItem]:
    return list(import_entries(library.store, entries, name, policy or ImportPolicy()))


def _problem(reason: str, line: int | None, raw: str = "", *, partial: bool = False) -> Problem:
    return Problem(reason=reason, line=line, raw=raw, partial=partial)


def _statuses(items: Sequence[ImportItem]) -> list[ImportStatus]:
    return [item.status for item in items]


def test_a_new_work_has_a_made_key_and_a_place_in_history(library: Library) -> None:
    [item] = _bring(library, _record(line=7))
    assert (item.status, item.citation_key) == (IMPORTED, "dwi2021effectiveness")
    assert item.location == "x.bib:7"
    assert item.work_id is not None
    work = library.get("dwi2021effectiveness")
    assert work.id == item.work_id
    assert work.description == _record().description
    [change] = library.history()
    assert change.actor == "import"
    assert change.summary == "import of x.bib: 1 imported"


def test_the_same_file_again_is_skipped_and_leaves_no_trace(library: Library) -> None:
    _bring(library, _record(doi="10.1000/a"))
    [item] = _bring(library, _record(doi="10.1000/a", line=99))
    assert item.status is SKIPPED
    assert item.reason == "already there as dwi2021effectiveness"
    assert item.citation_key == "dwi2021effectiveness"
    assert len(library) == 1
    assert len(library.history()) == 1
    assert len(library.records(library.get("10.1000/a"))) == 1


@pytest.mark.parametrize(
    "description",
    [
        Description(type="book", title="The TeXbook", issued=Date(1984)),
        Description(type="document", title="A pamphlet without an author"),
        Description(type="article-journal", title="Editorial", issued=Date(2020), volume="3"),
        Description(type="article-journal", title="序"),
        Description(author=(Name("Dwi"),)),
        Description(note="nothing else"),
        Description(),
    ],
    ids=lambda description: str(description.title),
)
@pytest.mark.parametrize("key", ["mine", None])
def test_an_entry_that_says_little_is_not_doubled_either(
    library: Library, description: Description, key: str | None
) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")
    record = Record(description=description, origin=origin, citation_key=key)
    assert _statuses(_bring(library, record, record)) == [IMPORTED, SKIPPED]
    assert _statuses(_bring(library, record)) == [SKIPPED]
    library.edit(library.store.works([1])[0], {"publisher": "Somebody"})
    assert _statuses(_bring(library, record)) == [SKIPPED]
    assert len(library) == 1
    library.undo()
    library.undo()
    assert _statuses(_bring(library, record)) == [IMPORTED]


def test_what_a_second_source_adds_is_merged(library: Library) -> None:
    _bring(library, _record(doi="10.1000/A"))
    [item] = _bring(library, _record(doi="10.1000/a", volume="4", source="ris"))
    assert (item.status, item.citation_key) == (MERGED, "dwi2021effectiveness")
    assert "same work as" in str(item.reason)
    work = library.get("10.1000/a")
    assert work.description.volume == "4"
    assert len(library.records(work)) == 2
    library.undo()
    assert library.get("10.1000/a").description.volume is None


@pytest.mark.parametrize(
    ("mode", "status", "works", "volume"),
    [
        (OnDuplicate.MERGE, MERGED, 1, "4"),
        (OnDuplicate.SKIP, SKIPPED, 1, None),
        (OnDuplicate.ADD, IMPORTED, 2, None),
    ],
)
def test_duplicates_are_treated_as_asked(
    library: Library, mode: OnDuplicate, status: ImportStatus, works: int, volume: str | None
) -> None:
    _bring(library, _record(doi="10.1000/a"))
    again = _record(doi="10.1000/a", volume="4", source="ris")
    [item] = _bring(library, again, policy=ImportPolicy(on_duplicate=mode))
    assert item.status is status
    assert len(library) == works
    assert library.get("dwi2021effectiveness").description.volume == volume
    if mode is OnDuplicate.ADD:
        assert item.citation_key == "dwi2021effectivenessa"


def test_duplicates_within_a_batch(library: Library) -> None:
    items = _bring(
        library,
        _record(doi="10.1000/a", key="first", line=1),
        _record(doi="10.1000/a", key="first", line=2),
        _record(doi="10.1000/a", key="second", volume="4", line=3),
        _record(doi="10.1000/a", key="third", line=4),
        _record("Another thing altogether", key="other", line=5),
    )
    assert _statuses(items) == [IMPORTED, SKIPPED, MERGED, SKIPPED, IMPORTED]
    assert [item.citation_key for item in items] == ["first"] * 4 + ["other"]
    assert len(library) == 2
    work = library.get("first")
    assert work.description.volume == "4"
    assert library.get("second").id == work.id, "what a manuscript cites is found"
    assert library.get("third").id == work.id
    assert set(work.aliases) == {"second", "third"}


def test_the_key_of_a_merged_entry_becomes_an_alias(library: Library) -> None:
    _bring(library, _record(doi="10.1000/a", key="mine"))
    _bring(library, _record(doi="10.1000/a", key="theirs", volume="1"))
    assert library.get("theirs").citation_key == "mine"
    [item] = _bring(library, _record("Something else", key="theirs"))
    assert item.citation_key == "theirsa"


def test_equal_keys_are_told_apart_by_letters(library: Library) -> None:
    items = _bring(
        library,
        *(_record(f"Effectiveness number {number} here", line=number) for number in range(30)),
    )
    keys = [item.citation_key for item in items]
    assert keys[:3] == ["dwi2021effectiveness", "dwi2021effectivenessa", "dwi2021effectivenessb"]
    assert keys[27] == "dwi2021effectivenessaa"
    assert len(set(keys)) == 30
    [more] = _bring(library, _record("Effectiveness once more, but otherwise", line=31))
    assert more.citation_key not in keys


def test_keys_that_differ_in_case_only_are_one_key(library: Library) -> None:
    first = _bring(library, _record("One work", key="Smith2020"))
    second = _bring(
        library, _record("Two works", key="smith2020"), _record("Three works", key="SMITH2020")
    )
    assert [item.citation_key for item in first] == ["Smith2020"]
    assert [item.citation_key for item in second] == ["smith2020a", "SMITH2020b"]
    assert second[0].reason == "its key smith2020 was in use or unusable; it is smith2020a here"
    assert library.get("SMITH2020").citation_key == "Smith2020"


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("DBLP:conf/icml/X20", "DBLP:conf/icml/X20"),
        ("müller2020", "müller2020"),
        ("a b,c{d}", "abcd"),
        ("#%~", "dwi2021effectiveness"),
        ("x" * 400, "x" * 250),
    ],
)
def test_a_key_that_came_with_an_entry_is_kept_as_far_as_it_can(
    library: Library, key: str, kept: str
) -> None:
    [item] = _bring(library, _record(key=key))
    assert item.citation_key == kept
    assert library.get(kept).id == item.work_id


def test_a_template_makes_the_keys(library: Library) -> None:
    [item] = _bring(library, _record(), policy=ImportPolicy(template="{auth}-{yy}"))
    assert item.citation_key == "dwi-21"
    with pytest.raises(UsageError):
        _bring(library, _record("Other"), policy=ImportPolicy(template="{nonsense}"))
    assert len(library) == 1


def test_tags_and_a_collection(library: Library) -> None:
    _bring(library, _record(doi="10.1000/a"))
    policy = ImportPolicy(tags=("thesis", "to\x1b read "), collection="Chapter 2")
    _bring(
        library,
        _record(doi="10.1000/a"),
        _record("Another thing altogether", line=2),
        policy=policy,
    )
    for work in library.search():
        assert work.tags == ("thesis", "to read")
        assert work.collections == ("Chapter 2",)
    assert library.count("tag:THESIS") == 2
    library.undo()
    assert [work.tags for work in library.search()] == [()]
    assert library.store.names("tags") == []
    with pytest.raises(UsageError):
        _bring(library, _record("New"), policy=ImportPolicy(tags=(" ",)))


def test_works_with_a_doi_are_marked_as_waiting(library: Library) -> None:
    _bring(
        library,
        _record(doi="10.1000/a"),
        _record("Without a DOI of its own", line=2),
        policy=ImportPolicy(enrich=True),
    )
    assert [row.DOI for row in library.rows("is:pending")] == ["10.1000/a"]
    assert library.count("is:pending") == 1
    with library.store.writing() as writer:
        writer.set_enrichment([1], EnrichmentStatus.ENRICHED)
    _bring(library, _record(doi="10.1000/a", volume="9"), policy=ImportPolicy(enrich=True))
    assert library.count("is:enriched") == 1, "what was answered is not asked again"


def test_what_cannot_be_read_is_told_and_kept(library: Library) -> None:
    items = _bring(
        library,
        _problem("no closing brace", 3, "@article{x"),
        _record(line=9),
        _problem("all of it", None, "raw" * 100_000),
    )
    assert _statuses(items) == [FAILED, IMPORTED, FAILED]
    assert (items[0].location, items[0].reason) == ("x.bib:3", "no closing brace")
    assert items[2].location == "x.bib"
    kept = library.store._connection.execute("SELECT location, reason, raw FROM problems")
    rows = kept.fetchall()
    assert rows[0] == ("x.bib:3", "no closing brace", "@article{x")
    assert len(rows[1][2]) == 64 * 1024
    assert library.history()[0].summary == "import of x.bib: 2 failed, 1 imported"


def test_a_remark_goes_with_its_entry(library: Library) -> None:
    items = _bring(
        library,
        _problem("an unknown month", 1, partial=True),
        _record(line=1),
        _record("Another thing altogether", line=5),
        _problem("a doubtful year", 5, partial=True),
        _record("The third of its kind", line=9),
    )
    assert _statuses(items) == [IMPORTED] * 3
    assert [item.reason for item in items] == ["an unknown month", "a doubtful year", None]
    assert library.store._connection.execute("SELECT count(*) FROM problems").fetchone() == (0,)


def test_a_dry_run_changes_nothing(library: Library) -> None:
    _bring(library, _record(doi="10.1000/a"))
    before = "\n".join(library.store._connection.iterdump())
    items = _bring(
        library,
        _record(doi="10.1000/a", volume="4"),
        _record("Another thing altogether"),
        _problem("bad", 3),
        policy=ImportPolicy(dry_run=True, tags=("x",), enrich=True),
    )
    assert _statuses(items) == [MERGED, IMPORTED, FAILED]
    assert "\n".join(library.store._connection.iterdump()) == before
    assert len(library.history()) == 1


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refman.services.importing.BATCH", 2000)


@pytest.mark.usefixtures("small_batches")
def test_more_than_a_batch(library: Library) -> None:
    def entries() -> Iterator[Record]:
        for number in range(4500):
            yield _record(f"Work about subject{number}", doi=f"10.1000/{number % 4300}")

    done: list[int] = []
    items = list(import_entries(library.store, entries(), "big.bib", ImportPolicy(), done.append))
    assert sorted(set(done)) == [2000, 4000, 4500]
    assert len(items) == 4500
    assert len(library) == 4300
    keys = [item.citation_key for item in items if item.status is IMPORTED]
    assert len(set(keys)) == len(keys) == 4300
    [change] = library.history()
    assert change.summary == "import of big.bib: 4300 imported, 200 merged"
    library.undo()
    assert len(library) == 0


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("error", [InputError("too long"), KeyboardInterrupt(), RuntimeError("x")])
@pytest.mark.parametrize("before", [0, 3, 2000, 2003])
def test_what_came_before_an_error_stays(
    library: Library, error: BaseException, before: int
) -> None:
    def entries() -> Iterator[Record]:
        for number in range(before):
            yield _record(f"Work about subject{number}", doi=f"10.1000/{number}")
        raise error

    items = []
    with pytest.raises(type(error)):  # noqa: PT012
        for item in import_entries(library.store, entries(), "x", ImportPolicy()):
            items.append(item)  # noqa: PERF402
    assert len(library) == before
    assert len(items) <= before
    if isinstance(error, InputError):
        assert len(items) == before
    again = [
        _record(f"Work about subject{number}", doi=f"10.1000/{number}") for number in range(before)
    ]
    assert set(_statuses(_bring(library, *again))) <= {SKIPPED}
    if before:
        library.undo()
        assert len(library) == 0


@pytest.mark.usefixtures("small_batches")
def test_a_run_that_is_left_keeps_what_was_yielded(library: Library) -> None:
    entries = (_record(f"About subject{n}", doi=f"10.1000/{n}") for n in range(5000))
    run = import_entries(library.store, entries, "x", ImportPolicy())
    first = next(run)
    run.close()  # type: ignore[attr-defined]
    assert library.get(str(first.citation_key)).id == first.work_id
    assert len(library) in (2000, 4000), "a whole number of batches"


def test_an_undone_import_can_be_done_again(library: Library) -> None:
    _bring(library, _record(doi="10.1000/a", key="mine"))
    undone = library.undo()
    assert len(library) == 0
    assert library.store.find("mine") is None
    [item] = _bring(library, _record(doi="10.1000/a", key="mine"))
    assert (item.status, item.citation_key) == (IMPORTED, "mine")
    library.undo()
    library.undo(undone.id + 1)
    assert library.get("mine").description.DOI == "10.1000/a"


# Streams and formats


def _csl(*titles: str) -> bytes:
    return json.dumps([{"type": "book", "title": title} for title in titles]).encode()


def test_a_stream_is_recognised_and_imported(library: Library) -> None:
    run = library.import_stream(io.BytesIO(_csl("First book of all", "Second book")), "x.json")
    assert [item.status for item in run] == [IMPORTED, IMPORTED]
    assert run.format == "csl-json"
    assert run.mistake is None


def test_where_the_text_was_no_utf_8_is_told(library: Library) -> None:
    data = b"@article{a,\n title = {Caf\xe9 society and its readers},\n year = 2020\n}\n"
    run = library.import_stream(io.BytesIO(data), "x.bib")
    assert [item.status for item in run] == [IMPORTED]
    assert "line 2" in str(run.mistake)
    assert library.count("title:café") == 1


@pytest.mark.parametrize(
    ("data", "format_name", "error", "words"),
    [
        (b"", None, InputError, "x is empty"),
        (b" \n\n", "csl-json", InputError, "x is empty"),
        (b"\x00\x01\x02" * 99, None, InputError, "binary"),
        (b"once upon a time", None, UnknownFormat, "no format"),
        (b"{}", "no-such", Exception, "no-such"),
    ],
)
def test_an_input_that_cannot_be_read(
    library: Library, data: bytes, format_name: str | None, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        library.import_stream(io.BytesIO(data), "x", format=format_name)
    assert library.history() == []


def test_pasted_text_is_imported(library: Library) -> None:
    [item] = library.import_text(_csl("A book").decode())
    assert item.location.startswith("pasted")


def test_a_library_that_cannot_be_changed_is_left(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly):
        _bring(library, _record())
    library.store._connection.execute("PRAGMA query_only = OFF")
