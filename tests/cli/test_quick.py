"""A plain listing is answered without click, and is what the command itself would have said."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

import pytest

from refman.cli.diagnostics import Exit
from refman.cli.main import ALIASES, run
from refman.cli.quick import NAMES, plain_listing
from refman.services.library import Library
from refman.store import Reader, Store

_BOOKS = """[{"id": "moss", "type": "book", "title": "Mosses\\u001b[2J of <i>Java</i>"},
 {"id": "fern", "type": "book", "title": "Ferns of Java"}]"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("quick") / "library.db"
    with Library(path, create=True) as opened:
        list(opened.import_text(_BOOKS))
    return str(path)


def test_the_names_are_those_of_the_command() -> None:
    assert {"list", *(alias for alias, name in ALIASES.items() if name == "list")} == NAMES


@pytest.mark.parametrize(
    "arguments", [["java"], [], ["java", "--limit", "1"], ["--limit", "1", "title:java"]]
)
def test_it_prints_what_the_command_prints(
    library: str, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert plain_listing(["-l", library, "list", *arguments]) == 0
    quick = capsys.readouterr()
    assert run(["-l", library, "list", *arguments, "--sort", "added"]) == 0
    assert quick == capsys.readouterr()
    assert "Java" in quick.out
    assert "\x1b" not in quick.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "nothing"], ["list", "java", "--keys"], ["list", "-java"], ["list", "--", "x"],
        ["list", "(java"], ["list", "java", "--limit", "x"], ["list", "java", "--limit"],
        ["list", "java", "--limit", "1", "--limit", "2"], ["list", "--limit", "0"],
        ["list", "-h"], ["show", "list"], ["--version"], [],
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_command(
    library: str, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert plain_listing(["-l", library, *arguments]) is None
    assert capsys.readouterr() == ("", "")


def test_a_library_that_is_not_there_is_left_to_the_command(tmp_path: Path) -> None:
    assert plain_listing(["-l", str(tmp_path / "none.db"), "list"]) is None
    assert not (tmp_path / "none.db").exists()


def test_an_error_in_the_middle_is_told_as_every_command_tells_it(
    library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Reader.rows

    def stopping(self: Reader, *given: object, **named: object) -> object:
        yield next(iter(rows(self, *given, **named)))  # type: ignore[arg-type]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Reader, "rows", stopping)
    monkeypatch.setattr("refman.cli.diagnostics._drop_output", lambda: None)
    assert plain_listing(["-l", library, "list"]) == 2
    assert capsys.readouterr().err == "refman: No space left on device.\n"


def test_an_interrupt_before_the_first_line_ends_it(
    library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Reader, "rows", interrupted)
    assert plain_listing(["-l", library, "list"]) == Exit.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_what_is_left_of_a_damaged_library_has_its_status(
    library: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "damage", property(lambda _: "torn"))
    assert plain_listing(["-l", library, "list"]) == Exit.LIBRARY
    quick = capsys.readouterr()
    assert run(["-l", library, "list", "--sort", "added"]) == Exit.LIBRARY
    assert quick == capsys.readouterr()
    assert "is damaged (torn)" in quick.err
