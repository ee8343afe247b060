from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from refman.errors import InputError, UsageError
from refman.model import Description, Name
from refman.ports import AnswerStatus
from refman.store.journal import Journal

KNOWN = Description(type="book", title="A title", author=(Name(family="Dwi"),), DOI="10.1000/a")


def _open(path: Path, fingerprint: str = "f", *, restart: bool = False) -> Journal:
    return Journal.open(path, fingerprint, "in.csv with crossref", restart=restart)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.csv.refman-journal"


def test_what_was_committed_is_there_again(path: Path) -> None:
    journal = _open(path)
    assert journal.resumed == 0
    assert [journal.add(doi) for doi in ("10.1000/A", "10.1000/a", "10.1000/b", "10.1000/c")] == [
        True, False, True, True,
    ]  # fmt: skip
    journal.keep("10.1000/A", AnswerStatus.FOUND, "crossref", None, KNOWN)
    journal.keep("10.1000/b", AnswerStatus.FAILED, "crossref", "odd", None)
    journal.miss("10.1000/c", "crossref", "nothing", "2026-11-24T08:00:00+00:00")
    journal.close()
    with _open(path) as again:
        assert again.resumed == 1
        assert list(again.open_dois()) == ["10.1000/b", "10.1000/c"]
        kept = again.find("10.1000/a")
        assert kept is not None
        assert kept.description == KNOWN
        assert (kept.doi, kept.status, kept.source) == ("10.1000/A", AnswerStatus.FOUND, "crossref")
        assert again.find("10.1000/a", described=False).description is None  # type: ignore[union-attr]
        assert again.find("10.1000/z") is None
        assert set(again.stored_answers("crossref", ["10.1000/C", "10.1000/b"])) == {"10.1000/c"}
        assert again.stored_answers("datacite", ["10.1000/c"]) == {}
        assert (again.wanted, again.settled, again.unreached) == (3, 1, 2)


def test_a_kill_leaves_what_was_committed(path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from refman.ports import AnswerStatus;"
        "from refman.store.journal import Journal;"
        "journal = Journal.open(Path(sys.argv[1]), 'f', 'x'); journal.add('10.1000/a');"
        "journal.add('10.1000/b');"
        "journal.keep('10.1000/a', AnswerStatus.NOT_FOUND, 's', None, None); journal.commit();"
        "journal.keep('10.1000/b', AnswerStatus.NOT_FOUND, 's', None, None);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=False, timeout=30)
    with _open(path) as journal:
        assert list(journal.open_dois()) == ["10.1000/b"]


def test_it_goes_when_nobody_needs_it(path: Path) -> None:
    with _open(path) as journal:
        journal.add("10.1000/a")
    assert not path.exists(), "nothing is answered"
    with _open(path) as journal:
        journal.add("10.1000/a")
        journal.keep("10.1000/a", AnswerStatus.NOT_FOUND, None, None, None)
    assert path.exists(), "nothing is written"
    with _open(path) as journal:
        journal.add("10.1000/b")
        journal.keep("10.1000/b", AnswerStatus.UNREACHED, None, "offline", None)
        journal.is_done = True
    assert path.exists(), "one is unreached"
    with _open(path) as journal:
        assert list(journal.open_dois()) == ["10.1000/b"]
        journal.keep("10.1000/b", AnswerStatus.NOT_FOUND, None, None, None)
        journal.is_done = True
    assert list(path.parent.iterdir()) == []


def test_lookups_are_not_mixed_up(path: Path) -> None:
    with _open(path) as journal:
        journal.add("10.1000/a")
        journal.keep("10.1000/a", AnswerStatus.NOT_FOUND, None, None, None)
    with pytest.raises(UsageError, match=r"another lookup, of in\.csv with crossref"):
        _open(path, "other")
    with _open(path, "other", restart=True) as journal:
        assert journal.resumed == 0
        with pytest.raises(UsageError, match="is in use"):
            _open(path, "other")


def test_other_files_are_left_alone(path: Path) -> None:
    for content in (b"text\n" * 1000, b"x"):
        path.write_bytes(content)
        for restart in (False, True):
            with pytest.raises(UsageError, match="no journal"):
                _open(path, restart=restart)
        assert path.read_bytes() == content
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(UsageError, match="no journal"):
        _open(path)
    with pytest.raises(UsageError, match="no journal"):
        _open(path, restart=True)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        _open(tmp_path / "nowhere" / "x")


def test_it_is_as_private_as_any_new_file(path: Path) -> None:
    with _open(path) as journal:
        journal.add("10.1000/a")
        journal.keep("10.1000/a", AnswerStatus.NOT_FOUND, None, None, None)
        assert not stat.S_IMODE(path.stat().st_mode) & 0o111


def test_keys_are_given_once_whatever_their_case() -> None:
    with Journal.temporary() as journal:
        journal.add("10.1000/a")
        kept = journal.find("10.1000/a")
        assert kept is not None
        assert journal.key_of(kept.id) is None
        journal.give_key(kept.id, "Dwi2021")
        assert journal.key_of(kept.id) == "Dwi2021"
        assert "dwi2021" in journal
        assert "dwi2022" not in journal


def test_a_journal_that_is_in_use_is_not_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "out.csv.refman-journal"
    with Journal.open(path, "one", "a list"), pytest.raises((InputError, UsageError)):
        Journal.open(path, "one", "a list", restart=True)
    assert not path.exists(), "nothing was answered, so it went with the run that had it"
