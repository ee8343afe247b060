"""A file kept in step with a library, and edited by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman.errors import InputError, StoreReadOnly, UsageError
from refman.model import RecordState, Work
from refman.services.library import Library
from refman.services.syncing import Edits, FileSync, SyncReport, format_for
from refman.services.watching import Watch

SEED = """
@article{dwi2021, title={The effectiveness of migration}, author={Dwi, Rizkika},
  journal={Mediasi}, year=2021, doi={10.1000/dwi}}
@book{knuth1984, title={A book on typesetting}, author={Knuth, Donald E.}, year=1984,
  publisher={Addison-Wesley}}
"""


class Bench:
    """A library, a file, and what is to be in it."""

    def __init__(self, folder: Path, name: str = "refs.bib") -> None:
        self.library = Library(folder / "library.db", create=True)
        self.library.store._connection.execute("PRAGMA synchronous = OFF")
        self.library.import_text(SEED, "seed.bib")
        self.file = folder / name
        self.query = ""
        self.sync = FileSync(self.library.store, self.file, format_for(self.file, None))

    def select(self) -> list[Work]:
        return list(self.library.search(self.query))

    def run(self, edits: Edits = Edits.PROPOSE, *, dry_run: bool = False) -> SyncReport:
        return self.sync.run(self.select, edits=edits, dry_run=dry_run)

    @property
    def text(self) -> str:
        return self.file.read_text()

    def edit(self, old: str, new: str) -> None:
        assert old in self.text
        self.file.write_text(self.text.replace(old, new))

    def proposals(self, key: str) -> list[tuple[str, object]]:
        records = self.library.records(self.library.get(key))
        return [
            said
            for record in records
            if record.state is RecordState.PROPOSED
            for said in vars(record.description).items()
        ]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_written_once_and_then_only_when_something_changes(bench: Bench) -> None:
    report = bench.run()
    assert (report.written, report.works) == (True, 2)
    before = bench.file.stat()
    assert not bench.run().written
    assert bench.file.stat() == before
    bench.library.edit(bench.library.get("dwi2021"), {"volume": "9"})
    assert bench.run().written
    assert "volume = {9}" in bench.text


def test_an_edit_by_hand_is_proposed_and_stays_in_the_file(bench: Bench) -> None:
    bench.run()
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    report = bench.run()
    (edit,) = report.edits
    assert (edit.citation_key, edit.edit.field) == ("dwi2021", "container_title")
    assert not edit.edit.contradicts
    assert bench.library.get("dwi2021").description.container_title == "Mediasi"
    assert bench.proposals("dwi2021") == [("container_title", "Mediasi Journal")]
    assert "{Mediasi Journal}" in bench.text
    bench.library.edit(bench.library.get("dwi2021"), {"volume": "9"})
    again = bench.run()
    assert again.edits == []
    assert [key for key, _ in again.waiting] == ["dwi2021"]
    assert "{Mediasi Journal}" in bench.text
    assert "volume = {9}" in bench.text
    assert len(bench.proposals("dwi2021")) == 1


def test_an_edit_of_what_the_library_changed_too_contradicts(bench: Bench) -> None:
    bench.run()
    bench.library.edit(bench.library.get("dwi2021"), {"journal": "Mediasi Baru"})
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    (edit,) = bench.run().edits
    assert edit.edit.contradicts
    assert edit.edit.library == "Mediasi Baru"
    assert bench.library.get("dwi2021").description.container_title == "Mediasi Baru"
    assert "{Mediasi Journal}" in bench.text


def test_accepting_and_undoing(bench: Bench) -> None:
    bench.run()
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    bench.edit("year = {1984},\n", "")
    bench.run()
    report = bench.run(Edits.ACCEPT)
    assert report.waiting == []
    assert not report.written
    assert bench.library.get("dwi2021").description.container_title == "Mediasi Journal"
    assert bench.library.get("knuth1984").description.issued is None
    assert bench.run().waiting == []
    bench.library.undo()
    assert bench.library.get("dwi2021").description.container_title == "Mediasi"
    assert {key for key, _ in bench.run().waiting} == {"dwi2021", "knuth1984"}
    assert bench.library.check() == []


def test_unknown_fields_and_comments_join_those_there_are(bench: Bench) -> None:
    bench.library.import_text("@misc{dwi2021, doi={10.1000/dwi}, mood={wet}}", "more.bib")
    bench.run()
    assert "mood = {wet}" in bench.text
    bench.edit("mood = {wet}", "mood = {wet},\n  colour = {blue}")
    bench.file.write_text("% a remark of mine\n" + bench.text)
    report = bench.run()
    assert {each.edit.field for each in report.edits} == {"extra"}
    for edits in (Edits.PROPOSE, Edits.ACCEPT, Edits.PROPOSE):
        bench.run(edits)
        for words in ("mood = {wet}", "colour = {blue}", "% a remark of mine"):
            assert bench.text.count(words) == 1
    extra = {each.name for each in bench.library.get("dwi2021").description.extra}
    assert {"mood", "colour"} <= extra


def test_discarding(bench: Bench) -> None:
    bench.run()
    before = bench.text
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    bench.run()
    report = bench.run(Edits.DISCARD)
    assert report.waiting == []
    assert bench.text == before
    assert bench.proposals("dwi2021") == []
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    assert bench.run(Edits.DISCARD).written
    assert bench.text == before


def test_taking_a_proposal_over_in_another_way(bench: Bench) -> None:
    bench.run()
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    bench.run()
    bench.library.edit(bench.library.get("dwi2021"), {"journal": "Mediasi Journal"})
    report = bench.run()
    assert report.waiting == []
    assert not report.written
    assert bench.proposals("dwi2021") == []


def test_an_edit_taken_back_by_hand_is_none(bench: Bench) -> None:
    bench.run()
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    bench.run()
    bench.edit("{Mediasi Journal}", "{Mediasi}")
    assert bench.run().waiting == []
    assert bench.proposals("dwi2021") == []


def test_an_entry_added_by_hand_is_imported_and_stays(bench: Bench) -> None:
    bench.query = "author:knuth"
    bench.run()
    bench.file.write_text(bench.text + "\n@misc{new1, title={Some new thing}, year=2022}\n")
    report = bench.run()
    assert report.imported == ["new1"]
    assert bench.library.get("new1").description.title == "Some new thing"
    assert "{new1," in bench.text
    bench.library.edit(bench.library.get("new1"), {"title": "Another thing"})
    bench.run()
    assert "Another thing" in bench.text


def test_an_entry_of_the_library_added_by_hand(bench: Bench) -> None:
    bench.query = "author:knuth"
    bench.run()
    bench.file.write_text(
        bench.text + "\n@article{dwi2021, title={The effectiveness}, doi={10.1000/dwi}}\n"
    )
    report = bench.run()
    assert report.imported == []
    assert [each.edit.field for each in report.edits] == ["title"]
    assert "journal = {Mediasi}" in bench.text
    assert bench.library.count() == 2


def test_an_entry_taken_out_by_hand_is_told_and_comes_back(bench: Bench) -> None:
    bench.run()
    entry = "@book" + bench.text.partition("@book")[2].partition("}\n")[0] + "}\n"
    start = bench.text.index("@book")
    end = bench.text.index("\n}\n", start) + 3
    assert entry
    bench.file.write_text(bench.text[:start] + bench.text[end:])
    report = bench.run()
    assert report.deleted == ["knuth1984"]
    assert "{knuth1984," in bench.text
    assert bench.library.find("knuth1984") is not None


def test_an_entry_that_was_given_another_key(bench: Bench) -> None:
    bench.run()
    bench.edit("{knuth1984,", "{texbook,")
    report = bench.run()
    assert (report.imported, report.deleted) == ([], [])
    assert bench.library.get("texbook").citation_key == "knuth1984"
    assert "{texbook," in bench.text
    assert "{knuth1984," not in bench.text
    assert bench.library.count() == 2
    bench.library.edit(bench.library.get("texbook"), {"title": "Typesetting"})
    bench.run()
    assert "{texbook," in bench.text
    assert "Typesetting" in bench.text


def test_what_leaves_the_query_leaves_the_file(bench: Bench) -> None:
    bench.run()
    bench.library.delete([bench.library.get("knuth1984")])
    assert bench.run().written
    assert "knuth1984" not in bench.text


def test_a_file_that_cannot_be_read_whole_is_left(bench: Bench) -> None:
    bench.run()
    bench.edit("title = {A book on typesetting},", "title = {A book on typesetting")
    broken = bench.text
    bench.library.edit(bench.library.get("dwi2021"), {"volume": "9"})
    report = bench.run()
    assert report.problems
    assert bench.text == broken
    bench.file.write_text(broken.replace("typesetting\n", "typesetting},\n"))
    assert bench.run().written
    assert "volume = {9}" in bench.text


def test_a_key_that_stands_twice(bench: Bench) -> None:
    bench.run()
    bench.file.write_text(bench.text + "\n@misc{dwi2021, title={Something else}}\n")
    (problem,) = bench.run().problems
    assert "dwi2021 stands there twice" in problem.reason


def test_a_file_that_was_there_before(bench: Bench) -> None:
    bench.file.write_text(
        "% mine\n@article{dwi2021, title={The effectiveness of migration}, year=2022,"
        " doi={10.1000/dwi}}\n@misc{mine, title={A thing of my own}}\n"
    )
    report = bench.run()
    assert report.imported == ["mine"]
    assert "was not written by refman before" in report.remarks[0]
    edits = {each.edit.field: each.edit.file for each in report.edits}
    assert edits.keys() >= {"issued"}
    assert "author" not in edits
    assert "year = {2022}" in bench.text
    assert "% mine" in bench.text
    assert bench.library.get("dwi2021").description.year == 2021


def test_a_file_that_was_moved_here(bench: Bench) -> None:
    bench.run()
    bench.edit("{1984}", "{1985}")
    bench.run()
    moved = bench.file.with_name("moved.bib")
    bench.file.rename(moved)
    bench.library.edit(bench.library.get("dwi2021"), {"journal": "Mediasi Baru"})
    for _ in range(2):
        report = FileSync(bench.library.store, moved, "bibtex").run(bench.select)
        assert (report.edits, report.remarks) == ([], [])
        assert [key for key, _ in report.waiting] == ["knuth1984"]
    assert "Mediasi Baru" in moved.read_text()
    assert "{1985}" in moved.read_text()


def test_a_dry_run_does_nothing(bench: Bench) -> None:
    bench.run()
    bench.edit("{Mediasi}", "{Mediasi Journal}")
    bench.file.write_text(bench.text + "\n@misc{new1, title={Some new thing}}\n")
    before, history = bench.text, len(bench.library.history())
    report = bench.run(dry_run=True)
    assert report.imported == ["new1"]
    assert len(report.edits) == 1
    assert (bench.text, len(bench.library.history())) == (before, history)
    assert bench.proposals("dwi2021") == []


def test_somebody_writes_while_it_runs(bench: Bench) -> None:
    bench.run()
    plain = bench.select
    calls: list[int] = []

    def select() -> list[Work]:
        calls.append(1)
        if len(calls) == 1:
            bench.edit("{Mediasi}", "{Mediasi Journal}")
        return plain()

    report = bench.sync.run(select)
    assert len(report.edits) == 1
    assert "{Mediasi Journal}" in bench.text


def test_somebody_who_never_stops_writing(bench: Bench) -> None:
    bench.run()
    plain = bench.select
    count: list[int] = []

    def select() -> list[Work]:
        count.append(1)
        bench.file.write_text(bench.text + f"% {len(count)}\n")
        return plain()

    with pytest.raises(InputError, match="being changed"):
        bench.sync.run(select)


def test_it_was_killed_between_file_and_note(bench: Bench, tmp_path: Path) -> None:
    bench.run()
    bench.library.edit(bench.library.get("dwi2021"), {"volume": "9"})
    noted = bench.library.store.written(str(bench.file))
    bench.run()
    assert noted is not None
    with bench.library.store.writing() as writer:
        writer.keep_written(str(bench.file), noted)
    report = bench.run()
    assert (report.edits, report.written) == ([], False)
    assert bench.proposals("dwi2021") == []


def test_nothing_matches(bench: Bench) -> None:
    bench.run()
    before = bench.text
    bench.query = "author:nobody"
    assert bench.run().works == 0
    assert bench.text == before


@pytest.mark.parametrize("name", ["refs.ris", "refs.json"])
def test_other_formats(tmp_path: Path, name: str) -> None:
    bench = Bench(tmp_path, name)
    bench.run()
    assert not bench.run().written
    bench.edit("Mediasi", "Mediasi Journal")
    report = bench.run()
    assert {each.edit.field for each in report.edits} == {"container_title"}
    assert "Mediasi Journal" in bench.text
    assert not bench.run().written


def test_formats() -> None:
    assert format_for(Path("x.BIB"), None) == "bibtex"
    assert format_for(Path("x.txt"), "ris") == "ris"
    with pytest.raises(UsageError, match="does not tell"):
        format_for(Path("x.txt"), None)


def test_what_is_no_file(bench: Bench) -> None:
    bench.file.mkdir()
    with pytest.raises(InputError, match="no file"):
        bench.run()


def test_a_library_that_can_only_be_read(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise StoreReadOnly("it cannot be written to")

    monkeypatch.setattr(bench.library.store, "writing", refuse)
    report = bench.run()
    assert report.written
    assert report.remarks
    assert not bench.run().written


_EDITS: dict[str, Callable[[Bench], object]] = {
    "hand": lambda b: b.file.write_text(b.text.replace("year = {", "year = {1")),
    "hand title": lambda b: b.file.write_text(b.text.replace("migration", "rain")),
    "hand adds": lambda b: b.file.write_text(b.text + "\n@misc{x, title={Some new thing}}\n"),
    "hand empties": lambda b: b.file.write_text(""),
    "hand deletes": lambda b: b.file.unlink(missing_ok=True),
    "library": lambda b: b.library.edit(b.library.get("dwi2021"), {"title": "Snow and ice"}),
    "library volume": lambda b: b.library.edit(b.library.get("dwi2021"), {"volume": "9"}),
    "undo": lambda b: b.library.undo() if len(b.library.history()) > 2 else None,
    "sync": lambda b: b.run(),
    "accept": lambda b: b.run(Edits.ACCEPT),
    "discard": lambda b: b.run(Edits.DISCARD),
}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(sorted(_EDITS)), max_size=8))
def test_whatever_happens_the_second_time_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("sync")
    bench = Bench(folder)
    bench.run()
    for deed in deeds:
        if "hand" in deed and not bench.file.exists():
            continue
        _EDITS[deed](bench)
    bench.run()
    before = bench.text
    again = bench.run()
    assert not again.written
    assert again.edits == []
    assert bench.text == before
    bench.run(Edits.ACCEPT)
    assert bench.run().waiting == []
    entries = {key for key, _ in bench.sync._file.entries(bench.text)[0].items()}
    assert {work.citation_key for work in bench.select()} <= entries
    assert bench.library.check() == []
    bench.library.close()
    shutil.rmtree(folder)


def test_the_watch_notices_file_and_library(bench: Bench) -> None:
    bench.run()
    deeds: list[Callable[[], object]] = []
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if deeds:
            deeds.pop()()

    watch = Watch(bench.library.store, sleep)
    watch.note([bench.file])
    deeds.append(lambda: bench.file.write_text(bench.text + "\n"))
    watch.wait()
    assert len(naps) == 2
    watch.note([bench.file])

    def elsewhere() -> None:
        with Library(bench.library.path) as other:
            other.edit(other.get("dwi2021"), {"volume": "7"})

    deeds.append(elsewhere)
    watch.wait()
    assert len(naps) == 4
    watch.note([bench.file, bench.file.with_name("not there")])
    bench.library.edit(bench.library.get("dwi2021"), {"volume": "8"})
    deeds.append(bench.file.unlink)
    watch.wait()


def test_as_a_library_offers_it(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text(SEED, "seed.bib")
        assert library.sync(tmp_path / "refs.bib", "author:knuth").works == 1
        assert "dwi2021" not in (tmp_path / "refs.bib").read_text()
        keys = list(library.new_keys("author:knuth", "auth"))
        assert [key.after for key in library.rekey(keys)] == ["Knuth"]
        assert library.sync(tmp_path / "refs.bib", "author:knuth").written
        assert "@book{Knuth," in (tmp_path / "refs.bib").read_text()


def test_a_field_that_is_to_be_cleared_is_among_what_is_claimed(bench: Bench) -> None:
    bench.run()
    bench.edit("  journal = {Mediasi},\n", "")
    bench.run()
    claims = bench.library.claims(bench.library.get("dwi2021"))["container_title"]
    assert [(claim.value, claim.rank) for claim in claims] == [
        ("Mediasi", "import"), (None, "proposed"),
    ]  # fmt: skip
