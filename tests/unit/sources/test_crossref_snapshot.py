"""The snapshot source: files of every form, whole and damaged, with and without an index."""

from __future__ import annotations

import gzip
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from refman.errors import ConfigError, SourceUnavailable
from refman.ports import Answer, AnswerStatus, LocalSource
from refman.sources import crossref_files, crossref_index, crossref_snapshot
from refman.sources.crossref_index import IndexBuilder, NoteInto, SnapshotIndex, rows_of
from refman.sources.crossref_journal import Summary
from refman.sources.crossref_lookup import Looked
from refman.sources.crossref_snapshot import CrossrefSnapshot, open_source

ROOT = Path(__file__).parents[3]
WORKS = ROOT / "tests" / "data" / "crossref" / "works.jsonl"
LINES = WORKS.read_bytes().splitlines()
MESSAGES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
DOIS = [message["DOI"] for message in MESSAGES]


def statuses(source: CrossrefSnapshot, *dois: str) -> dict[str, AnswerStatus]:
    answers = list(source.lookup(dois))
    assert len(answers) == len(set(dois))
    return {answer.DOI: answer.status for answer in answers}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_it_is_a_local_source(tmp_path: Path) -> None:
    assert isinstance(CrossrefSnapshot(tmp_path), LocalSource)
    assert CrossrefSnapshot(tmp_path).name == "crossref-snapshot"


FORMS = {
    "0.jsonl": b"\n".join(LINES) + b"\n",
    "1.jsonl": b"\r\n".join(LINES),
    "0.jsonl.gz": b"\xef\xbb\xbf" + b"\n\n".join(LINES),
    "0.json": json.dumps({"items": MESSAGES}).encode(),
    "0.json.gz": json.dumps({"items": MESSAGES}, indent=2, ensure_ascii=False).encode(),
    "1.json": json.dumps(MESSAGES).encode(),
    "2.json": b"\n".join(LINES),
    "enveloped.jsonl": json.dumps({"status": "ok", "message": {"items": MESSAGES}}).encode(),
    "works.ndjson": b"".join(json.dumps({"message": m}).encode() + b"\n" for m in MESSAGES),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("indexed", [False, True])
def test_every_form_gives_every_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, indexed: bool
) -> None:
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    path = write(tmp_path / name, FORMS[name])
    source = CrossrefSnapshot(path, tmp_path / "cache" if indexed else None)
    for _ in range(2):
        answers = {answer.DOI: answer for answer in source.lookup([*DOIS, "10.5555/none"])}
        assert answers.pop("10.5555/none").status is AnswerStatus.NOT_FOUND
        assert len(answers) == len(DOIS)
        for message in MESSAGES:
            answer = answers[message["DOI"]]
            assert answer.status is AnswerStatus.FOUND
            assert answer.payload is not None
            assert json.loads(answer.payload) == message
            assert answer.record is not None
            assert answer.record.origin.name == "crossref-snapshot"
        assert source.unreadable == 0
    assert (tmp_path / "cache").exists() == indexed


def test_the_example_snapshot_answers_the_example_list() -> None:
    text = (ROOT / "examples" / "dois.txt").read_text(encoding="utf-8")
    dois = [line for line in text.splitlines() if line and not line.startswith("#")]
    source = CrossrefSnapshot(ROOT / "examples" / "crossref-snapshot.jsonl.gz")
    assert len(dois) >= 40
    assert set(statuses(source, *dois).values()) == {AnswerStatus.FOUND}


def test_a_doi_among_the_references_of_another_work_is_not_the_work(tmp_path: Path) -> None:
    citing = {"DOI": "10.5555/a", "reference": [{"key": "1", "DOI": "10.5555/b"}]}
    path = write(tmp_path / "x.jsonl", json.dumps(citing).encode())
    assert statuses(CrossrefSnapshot(path), "10.5555/b", "10.5555/A") == {
        "10.5555/b": AnswerStatus.NOT_FOUND,
        "10.5555/A": AnswerStatus.FOUND,
    }


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (b'{"DOI" : "10.5555/a"}', "10.5555/a"),
        (b'{"DOI":"10.5555\\/a"}', "10.5555/a"),
        (b'{"DOI":"10.5555/\\u00fc"}', "10.5555/ü"),
        ('{"DOI":"10.5555/ü"}'.encode(), "10.5555/ü"),
        (b'{"DOI":"10.5555/ABC"}', "10.5555/abc"),
        (b'{"DOI":"10.5555/a\\"b"}', '10.5555/a"b'),
    ],
)
def test_spellings_in_json(tmp_path: Path, line: bytes, asked: str) -> None:
    path = write(tmp_path / "x.jsonl", b'{"DOI":"10.5555/other"}\n' + line)
    assert statuses(CrossrefSnapshot(path), asked) == {asked: AnswerStatus.FOUND}


def test_a_folder_in_no_order(tmp_path: Path) -> None:
    write(tmp_path / "10.jsonl.gz", b"\n".join(LINES[:30]))
    write(tmp_path / "9.json", json.dumps({"items": MESSAGES[30:60]}).encode())
    write(tmp_path / "0.jsonl", b"\n".join(LINES[60:]))
    write(tmp_path / "README.txt", b"not a snapshot")
    assert set(statuses(CrossrefSnapshot(tmp_path), *DOIS).values()) == {AnswerStatus.FOUND}


def test_damage_is_counted_and_never_fatal(tmp_path: Path) -> None:
    packed = gzip.compress(b"\n".join(LINES))
    (tmp_path / "0.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    spoilt = bytearray(packed)
    spoilt[len(packed) // 2] ^= 0xFF
    (tmp_path / "1.jsonl.gz").write_bytes(bytes(spoilt))
    (tmp_path / "2.jsonl.gz").write_bytes(b"no gzip at all")
    write(tmp_path / "3.jsonl", b'{"DOI":"10.5555/broken", \n{"DOI":"10.5555/good"}\n[1]\n')
    source = CrossrefSnapshot(tmp_path)
    found = statuses(source, DOIS[0], DOIS[-1], "10.5555/broken", "10.5555/good", "10.5555/none")
    assert found[DOIS[0]] is AnswerStatus.FOUND
    assert found["10.5555/good"] is AnswerStatus.FOUND
    # What may stand in the damaged part is not said to be missing.
    assert found["10.5555/broken"] is found["10.5555/none"] is AnswerStatus.FAILED
    assert source.unreadable == 4
    answers = list(CrossrefSnapshot(tmp_path).lookup(["10.5555/none"]))
    assert "damaged" in (answers[0].reason or "")


def test_it_can_be_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    write(tmp_path / "0.jsonl", b"\n".join(LINES))
    source = CrossrefSnapshot(tmp_path, tmp_path / "cache")
    answers = source.lookup([DOIS[0], "10.5555/none"])
    first = next(answers)
    assert DOIS[0] == first.DOI
    answers.close()  # type: ignore[attr-defined]
    assert list((tmp_path / "cache").iterdir()) == []


def test_it_ends_when_all_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "0.jsonl", b"\n".join(LINES))
    (tmp_path / "1.jsonl.gz").write_bytes(b"damaged")
    source = CrossrefSnapshot(tmp_path)
    assert set(statuses(source, DOIS[3]).values()) == {AnswerStatus.FOUND}
    assert source.unreadable == 0


@pytest.mark.parametrize("name", ["missing.jsonl", "empty"])
def test_no_snapshot(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceUnavailable):
        list(CrossrefSnapshot(tmp_path / name).lookup(["10.5555/a"]))


def test_settings(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", LINES[0])
    source = open_source({"crossref_snapshot": str(path), "cache_dir": str(tmp_path)})
    assert statuses(source, DOIS[0]) == {DOIS[0]: AnswerStatus.FOUND}
    for wrong in ({}, {"crossref_snapshot": str(tmp_path / "nowhere")}):
        with pytest.raises(ConfigError):
            open_source(wrong)
    with pytest.raises(SourceUnavailable):
        CrossrefSnapshot(path).build_index()


def test_nothing_asked_nothing_read(tmp_path: Path) -> None:
    (tmp_path / "0.jsonl.gz").write_bytes(b"damaged")
    assert list(CrossrefSnapshot(tmp_path).lookup([])) == []


def test_a_line_of_gigabytes_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref_files, "MAX_LINE", 200_000)
    monkeypatch.setattr(crossref_files, "_CHUNK", 4096)
    huge = b'{"DOI":"10.5555/huge","x":"' + b"x" * 900_000 + b'"}'
    path = write(tmp_path / "x.jsonl.gz", huge + b"\n" + LINES[0])
    found = statuses(CrossrefSnapshot(path), DOIS[0], "10.5555/huge")
    assert found[DOIS[0]] is AnswerStatus.FOUND
    assert found["10.5555/huge"] is not AnswerStatus.FOUND


# The index


@pytest.fixture
def indexed(tmp_path: Path) -> CrossrefSnapshot:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    write(folder / "0.jsonl.gz", b"\n".join(LINES[:40]))
    write(folder / "1.jsonl", b"\n".join(LINES[40:]))
    source = CrossrefSnapshot(folder, tmp_path / "cache")
    assert source.build_index() == len(LINES)
    return source


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_with_an_index_only_files_with_a_wanted_doi_are_read(
    indexed: CrossrefSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    unpacked = crossref_files.records_at

    def noting(path: Path, positions: list[int]) -> Any:
        read.append(path.name)
        return unpacked(path, positions)

    monkeypatch.setattr(crossref_snapshot, "records_at", noting)
    assert statuses(indexed, DOIS[50], "10.5555/none") == {
        DOIS[50]: AnswerStatus.FOUND,
        "10.5555/none": AnswerStatus.NOT_FOUND,
    }
    assert read == ["1.jsonl"]


def test_an_index_of_other_files_is_not_used(indexed: CrossrefSnapshot, tmp_path: Path) -> None:
    write(tmp_path / "snapshot" / "2.jsonl", b'{"DOI":"10.5555/new"}')
    assert statuses(indexed, "10.5555/new") == {"10.5555/new": AnswerStatus.FOUND}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-7],
        lambda data: data + b"x",
        lambda data: b"",
        lambda data: b"{}\n",
        lambda data: b"[" * 5000,
        lambda data: data.replace(b"index 1", b"index 9"),
        lambda data: data.replace(b'"count": ', b'"count": 1'),
    ],
)
def test_a_damaged_index_is_not_used(
    indexed: CrossrefSnapshot, tmp_path: Path, damage: Any
) -> None:
    path = only_file(tmp_path / "cache")
    path.write_bytes(damage(path.read_bytes()))
    assert set(statuses(indexed, *DOIS).values()) == {AnswerStatus.FOUND}


def test_entries_that_point_to_nothing_are_harmless(
    indexed: CrossrefSnapshot, tmp_path: Path
) -> None:
    path = only_file(tmp_path / "cache")
    data = path.read_bytes()
    header, entries = data[: data.index(b"\n") + 1], data[data.index(b"\n") + 1 :]
    shifted = b"".join(
        entries[at : at + 12] + (10**9).to_bytes(8, "big") for at in range(0, len(entries), 20)
    )
    path.write_bytes(header + shifted)
    assert AnswerStatus.FOUND not in statuses(indexed, *DOIS).values()


def test_the_index_remembers_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    path = write(tmp_path / "0.jsonl", LINES[0] + b"\n{broken\n")
    source = CrossrefSnapshot(path, tmp_path / "cache")
    for _ in range(2):
        assert statuses(source, "10.5555/none")["10.5555/none"] is AnswerStatus.FAILED


def test_a_cache_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    path = write(tmp_path / "0.jsonl", b"\n".join(LINES))
    (tmp_path / "cache").write_text("a file, not a folder")
    source = CrossrefSnapshot(path, tmp_path / "cache")
    assert set(statuses(source, *DOIS).values()) == {AnswerStatus.FOUND}


def test_many_entries_are_sorted_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref_index, "_HELD", 1000)
    monkeypatch.setattr(crossref_index, "_ROWS", 50)
    builder = IndexBuilder(tmp_path / "i", [])
    for file in range(7):
        found = [(f"10.5555/{number}", number) for number in range(file, 2_000, 7)]
        builder.add(file, b"".join(rows_of(found)))
    builder.add(9, b"".join(rows_of([("10.5555/5", 1)])))
    builder.write()
    index = SnapshotIndex.open(tmp_path / "i", [])
    assert index is not None
    with index:
        assert len(index) == 2_001
        assert [index[at] for at in range(len(index))] == sorted(index[at] for at in range(2_001))
        assert list(index.places("10.5555/1999")) == [(1999 % 7, 1999)]
        assert sorted(index.places("10.5555/5")) == [(5, 5), (9, 1)]
        assert list(index.places("10.5555/none")) == []
    assert only_file(tmp_path).name == "i"


def test_an_empty_index(tmp_path: Path) -> None:
    IndexBuilder(tmp_path / "i", []).write()
    index = SnapshotIndex.open(tmp_path / "i", [])
    assert index is not None
    assert list(index.places("10.5555/a")) == []
    index.close()
    assert SnapshotIndex.open(tmp_path / "missing", []) is None


def test_answers_are_values() -> None:
    answers = CrossrefSnapshot(WORKS).lookup([DOIS[0]])
    assert isinstance(next(answers), Answer)


# Several processes


def test_several_processes_answer_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref_snapshot, "PARALLEL", 0)
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for number in range(6):
        write(folder / f"{number}.jsonl.gz", b"\n".join(LINES[number::6]))
    asked = [*DOIS[:20], DOIS[3].upper(), "10.5555/none"]
    one = {answer.DOI: answer for answer in CrossrefSnapshot(folder).lookup(asked)}
    ways = [
        CrossrefSnapshot(folder, jobs=2),
        CrossrefSnapshot(folder, tmp_path / "cache", jobs=2),  # indexes by the way
        CrossrefSnapshot(folder, tmp_path / "cache", jobs=2),  # and now has the index
    ]
    for source in ways:
        several = list(source.lookup(asked))
        assert len(several) == len(one) == len(asked)
        for answer in several:
            # Nothing but the time at which they were given may differ.
            assert answer.status is one[answer.DOI].status
            assert answer.payload == one[answer.DOI].payload
            ours, theirs = answer.record, one[answer.DOI].record
            assert (ours and ours.description) == (theirs and theirs.description)
        assert source.unreadable == 0
    (index,) = (tmp_path / "cache").iterdir()
    assert CrossrefSnapshot(folder, tmp_path / "again").build_index() == len(LINES)
    assert index.read_bytes() == only_file(tmp_path / "again").read_bytes()


def test_settings_say_how_many_processes(tmp_path: Path) -> None:
    settings = {"crossref_snapshot": str(write(tmp_path / "x.jsonl", LINES[0]))}
    assert statuses(open_source({**settings, "jobs": "2"}), DOIS[0]) == {
        DOIS[0]: AnswerStatus.FOUND
    }
    for wrong in ("0", "-1", "many", "²"):
        with pytest.raises(ConfigError):
            open_source({**settings, "jobs": wrong})


class NoteOrDie(NoteInto):
    def __call__(self, path: Path) -> Summary:
        killed_at_one(path)
        return super().__call__(path)


def killed_at_one(path: Path) -> Any:
    if path.name == "1.jsonl.gz":
        os.kill(os.getpid(), signal.SIGKILL)
    return Looked()


def test_a_file_that_kills_its_process_is_damage_and_makes_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossref_snapshot, "PARALLEL", 0)
    monkeypatch.setattr(crossref_snapshot, "SMALL", 0)
    monkeypatch.setattr(crossref_snapshot, "LookAndNote", lambda *asked: killed_at_one)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for number in range(3):
        write(folder / f"{number}.jsonl.gz", LINES[number])
    source = CrossrefSnapshot(folder, tmp_path / "cache", jobs=2)
    assert statuses(source, "10.5555/none") == {"10.5555/none": AnswerStatus.FAILED}
    assert source.unreadable == 1
    assert list((tmp_path / "cache").iterdir()) == []
    # Nor when it is asked for; but the files that were read need not be read again.
    with monkeypatch.context() as patch:
        patch.setattr(crossref_snapshot, "NoteInto", NoteOrDie)
        with pytest.raises(SourceUnavailable, match="could not be read"):
            source.build_index()
    assert sorted(before for _, before in source.indexing()) == [False, True, True]
