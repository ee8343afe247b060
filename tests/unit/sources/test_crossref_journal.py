"""What a work folder remembers, and what of it is believed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.sources.crossref_index import NoteInto, SnapshotIndex
from refman.sources.crossref_journal import Journal, Listing, Summary, part_of
from refman.sources.crossref_snapshot import CrossrefSnapshot

WORKS = Path(__file__).parents[3] / "tests" / "data" / "crossref" / "works.jsonl"
LINES = WORKS.read_bytes().splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A snapshot of four files."""
    made = tmp_path / "snapshot"
    made.mkdir()
    for number in range(4):
        (made / f"{number}.jsonl").write_bytes(b"\n".join(LINES[number::4]) + b"\n")
    return made


def files(folder: Path) -> tuple[list[Path], Listing]:
    paths = sorted(folder.iterdir())
    stats = [path.stat() for path in paths]
    return paths, [(p.name, s.st_size, s.st_mtime_ns) for p, s in zip(paths, stats, strict=True)]


def run(folder: Path, work: Path, plan: str = "a", stop_after: int = 99) -> list[tuple[str, bool]]:
    """The files of a run and whether they were done before; it may be stopped in the middle."""
    seen = []
    with Journal(work, plan) as journal:
        for summary, before in journal.run(*files(folder), NoteInto(work), 1):
            seen.append((summary.name, before))
            if len(seen) == stop_after:
                break
    return seen


@pytest.fixture
def work(folder: Path, tmp_path: Path) -> Path:
    """A work folder of a run that was stopped after two files."""
    run(folder, tmp_path / "work", stop_after=2)
    return tmp_path / "work"


def names(results: list[tuple[str, bool]], *, before: bool) -> list[str]:
    return [name for name, done in results if done == before]


def test_what_is_done_is_not_done_again(folder: Path, work: Path) -> None:
    results = run(folder, work)
    assert names(results, before=True) == ["0.jsonl", "1.jsonl"]
    assert names(results, before=False) == ["2.jsonl", "3.jsonl"]
    assert names(run(folder, work), before=False) == []


def test_a_file_that_changed_is_done_again(folder: Path, work: Path) -> None:
    os.utime(folder / "0.jsonl", ns=(1, 1))
    with (folder / "1.jsonl").open("ab") as file:
        file.write(b'{"DOI":"10.5555/new"}\n')
    assert names(run(folder, work), before=True) == []
    assert names(run(folder, work), before=False) == []


def test_a_part_that_is_not_whole_is_made_again(folder: Path, work: Path) -> None:
    part = part_of(work, "0.jsonl")
    part.write_bytes(part.read_bytes()[:-1])
    part_of(work, "1.jsonl").unlink()
    assert names(run(folder, work), before=True) == []


def test_other_work_begins_anew(folder: Path, work: Path) -> None:
    (work / "2.jsonl.part.99.tmp").write_bytes(b"half")
    (work / "mine.txt").write_bytes(b"not ours")
    assert names(run(folder, work, plan="b"), before=True) == []
    assert not list(work.glob("*.tmp"))
    assert (work / "mine.txt").exists()


@pytest.mark.parametrize(
    "damage", [b"", b"\x00", b"[" * 9999, b'{"name":', b'{"name":"2.jsonl"}\n', b'{"name":[]}\n']
)
def test_a_journal_that_was_cut(folder: Path, work: Path, damage: bytes) -> None:
    with (work / "journal.jsonl").open("ab") as file:
        file.write(damage)
    results = run(folder, work)
    assert names(results, before=True) == ["0.jsonl", "1.jsonl"]
    assert names(run(folder, work), before=False) == []


def test_no_trace_is_left(work: Path) -> None:
    with Journal(work, "a") as journal:
        journal.discard()
    assert not work.exists()


def test_an_index_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    source = CrossrefSnapshot(folder, tmp_path / "cache")
    steps: Iterator[tuple[Summary, bool]] = source.indexing()
    next(steps)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert source.overview().indexed is None
    # A file that comes first now moves the numbers of all others.
    (folder / "!.jsonl").write_bytes(b'{"DOI":"10.5555/new"}\n')
    done = {summary.name: before for summary, before in source.indexing()}
    assert sum(done.values()) == 2
    index_path = source.overview().index_path
    assert index_path is not None
    assert [path.name for path in index_path.parent.iterdir()] == [index_path.name]
    again = CrossrefSnapshot(folder, tmp_path / "other")
    assert again.build_index() == len(LINES) + 1
    other_path = again.overview().index_path
    assert other_path is not None
    assert index_path.read_bytes() == other_path.read_bytes()
    assert SnapshotIndex.open(index_path, []) is None
