"""Work spread over processes: all is done, what dies is told, nothing stays behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refman.sources import crossref_pass
from refman.sources.crossref_pass import Lost, each, may_begin_processes, processors

FILES = [(number, Path(f"file-{number}")) for number in range(12)]


def name_of(path: Path) -> str:
    return path.name


def die_at_seven(path: Path) -> str:
    if path.name == "file-7":
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def have_no_memory(path: Path) -> str:
    raise MemoryError


def have_no_disk(path: Path) -> str:
    raise OSError(28, "No space left on device", str(path))


def sleep_after_the_first(path: Path) -> int:
    if path.name != "file-0":
        time.sleep(60)
    return os.getpid()


@pytest.mark.parametrize("jobs", [1, 3])
def test_each_file_once(jobs: int) -> None:
    assert dict(each(FILES, name_of, jobs)) == {n: path.name for n, path in FILES}


def test_where_there_can_be_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(crossref_pass, "ProcessPoolExecutor", refuse)
    assert len(list(each(FILES, name_of, 3))) == len(FILES)


def test_nothing_to_do() -> None:
    assert list(each([], name_of, 4)) == []


def test_a_file_that_kills_its_process_is_lost_and_no_other() -> None:
    results = dict(each(FILES, die_at_seven, 2))
    assert isinstance(results[7], Lost)
    assert "killed" in results[7].reason
    assert [n for n, result in results.items() if isinstance(result, Lost)] == [7]
    assert len(results) == len(FILES)


def test_memory_and_disk() -> None:
    results = dict(each(FILES[:3], have_no_memory, 1))
    assert all(isinstance(result, Lost) for result in results.values())
    with pytest.raises(OSError, match="No space left"):
        list(each(FILES, have_no_disk, 2))
    assert multiprocessing.active_children() == []


def test_who_is_abandoned_ends_at_once() -> None:
    begun = time.monotonic()
    results = each(FILES, sleep_after_the_first, 2)
    _, pid = next(results)
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 20
    assert multiprocessing.active_children() == []
    assert isinstance(pid, int)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


_UNGUARDED = """
from pathlib import Path
from refman.sources.crossref_pass import each, may_begin_processes
print("begun", may_begin_processes())
print(sorted(each([(1, Path("a")), (2, Path("b"))], str, 2)))
"""


def test_a_program_that_cannot_be_loaded_again_works_in_one_process(tmp_path: Path) -> None:
    """Without the guard that spawning needs, its processes do not begin."""
    script = tmp_path / "program.py"
    script.write_text(_UNGUARDED)
    result = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    assert result.stdout.splitlines()[-1] == "[(1, 'a'), (2, 'b')]"
    assert "begun False" in result.stdout


def test_how_many() -> None:
    assert processors() >= 1
    assert may_begin_processes() is False
