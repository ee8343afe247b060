"""The command line, called as a function, and what it gave."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from refman.cli.main import run

CSL: list[dict[str, Any]] = [
    {
        "id": "dwi2021",
        "type": "article-journal",
        "title": "The effectiveness of migration",
        "author": [{"family": "Dwi", "given": "Rizkika"}],
        "container-title": "Mediasi",
        "issued": {"date-parts": [[2021]]},
        "DOI": "10.1000/dwi",
        "publisher": "UNIDA",
    },
    {
        "id": "knuth1984",
        "type": "book",
        "title": "The TeXbook",
        "author": [{"family": "Knuth", "given": "Donald E."}],
        "issued": {"date-parts": [[1984]]},
        "publisher": "Addison-Wesley",
    },
    {"id": "anon", "type": "document", "title": "A pamphlet without an author"},
]


@dataclass(frozen=True)
class Result:
    """What a call gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it is."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one sentence on standard error, for a call that failed altogether."""
        assert self.out == ""
        first, *hints = self.err.splitlines()
        assert first.startswith("refman: "), self.err
        assert all(hint.startswith("  ") for hint in hints), self.err
        assert "Traceback" not in self.err
        return first.removeprefix("refman: ")


Refman = Callable[..., Result]


@pytest.fixture
def refman(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Refman:
    """Call the command line with arguments and, if given, bytes on standard input.

    The current folder is `tmp_path`, and so is the home.
    """

    def call(*arguments: str, stdin: bytes = b"") -> Result:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            status = run(arguments)
        out, err = capsys.readouterr()
        return Result(status, out, err)

    monkeypatch.setenv("REFMAN_OFFLINE", "1")
    return call


@pytest.fixture
def library(refman: Refman, tmp_path: Path) -> Path:
    """`library.db` in the current folder, with the works of `CSL`."""
    source = tmp_path / "seed.json"
    source.write_text(json.dumps(CSL), encoding="utf-8")
    path = tmp_path / "library.db"
    assert refman("--library", str(path), "import", str(source)).status == 0
    return path
