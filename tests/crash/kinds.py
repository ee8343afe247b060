"""The kinds of work that are killed: what each begins with, does, and may leave behind."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refman.services import belongings
from refman.services.library import Library
from tests.crash.state import integrity, signature
from tests.crossref_server import corpus

DATA = Path(__file__).parents[1] / "data"
BATCH = 2500
"""So many works an import makes durable at a time."""

_ASKED = "10.5555/crash-"


@dataclass(frozen=True)
class Kind:
    """A kind of work. The library is `library.db` in the folder that the process runs in."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path, int], None]
    """Makes what the work begins with, in a folder and of a size."""
    acknowledges: str
    """What the process says on standard error when it is done."""
    judge: Callable[[Path, Begun], str] | None = None
    """Where the kill landed, `before` or `after`; without it the library is as before or as after.

    Raises `AssertionError` for what is half done.
    """
    begins_sound: bool = True
    """Whether `refman doctor` finds nothing wrong with what it begins with."""
    file: str = "library.db"
    """What is to be sound afterwards."""


@dataclass
class Begun:
    """What a kind of work begins with and comes to, made once."""

    folder: Path
    size: int
    before: str = ""
    after: str = ""
    seconds: float = 0.0
    """How long the whole process takes."""
    writing: float = 0.0
    """How long it is about writing."""


def items(count: int, prefix: str = "k") -> list[dict[str, Any]]:
    """Works in CSL-JSON."""
    return [
        {
            "id": f"{prefix}{i}",
            "type": "article-journal",
            "title": f"Work {prefix} number {i} of zebras",
            "author": [{"family": f"Family{i % 97}", "given": "A."}, {"literal": "A Society"}],
            "issued": {"date-parts": [[1950 + i % 70]]},
            "DOI": f"10.1000/{prefix}{i}",
            "abstract": "Striped animals in the savannah. " * 3,
        }
        for i in range(count)
    ]


def _library(folder: Path, size: int) -> None:
    """Works with tags, notes and files; some of them edited."""
    path = folder / "library.db"
    with Library(path, create=True) as library:
        library.import_text(json.dumps(items(size)))
        works = list(library.search(limit=20))
        library.label("tags", "striped", works)
        library.label("collections", "Zebras", works[:5])
        for work in works[:6]:
            belongings.add_note(library.store, work, f"A note on {work.citation_key}.")
        for number, work in enumerate(works[:4]):
            library.edit(work, {"title": f"Edited {number}"})
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4 " + b"x" * 200_000)


def _to_import(folder: Path, size: int) -> None:
    (folder / "many.json").write_text(json.dumps(items(BATCH + size)), encoding="utf-8")


def _judge_import(folder: Path, begun: Begun) -> str:
    path = folder / "library.db"
    if not path.exists() or not path.stat().st_size:
        return "before"
    with Library(path, create=True) as library:
        count = len(library)
        assert count in (0, BATCH, BATCH + begun.size), f"{count} works are no whole batches"
        assert count == 0 or library.get(f"k{count - 1}").description.author
        assert bool(library.history()) is bool(count)
    return "before" if count == 0 else "after" if count == BATCH + begun.size else "between"


def _to_enrich(folder: Path, size: int) -> None:
    with Library(folder / "library.db", create=True) as library:
        library.import_text("\n".join(f"{_ASKED}{i:04}" for i in range(size)))


def crossref_works(size: int) -> list[dict[str, Any]]:
    """What the imitation of Crossref knows."""
    return [
        corpus.work(f"{_ASKED}{i:04}", f"Mosses{i} of the Alps", date=(1950 + i % 70,))
        for i in range(size)
    ]


def _judge_enrich(folder: Path, begun: Begun) -> str:
    """Of each work there is all: the answer, its record, and how far the work has come."""
    with closing(sqlite3.connect(folder / "library.db")) as database:

        def dois(sql: str) -> set[str]:
            return {str(row[0]) for row in database.execute(sql)}

        answers = dois("SELECT doi FROM answers WHERE status = 'found'")
        records = dois("SELECT lower(description ->> 'DOI') FROM records WHERE kind = 'source'")
        works = dois("SELECT lower(w.doi) FROM works w JOIN enrichments e ON e.work_id = w.id "
                     "WHERE e.status = 'enriched' AND w.title LIKE 'Mosses%'")  # fmt: skip
    assert answers == records == works, (len(answers), len(records), len(works))
    return "before" if not works else "after" if len(works) == begun.size else "between"


def _older(folder: Path, size: int) -> None:
    shutil.copy(DATA / "libraries" / "schema-3.db", folder / "library.db")


def _judge_migration(folder: Path, begun: Begun) -> str:
    for copy in folder.glob("library-before-schema-*.db"):
        assert integrity(copy) == []
        assert signature(copy) == begun.before
    with closing(sqlite3.connect(folder / "library.db")) as database:
        [(version,)] = database.execute("PRAGMA user_version")
    said = signature(folder / "library.db")
    if version == 3:
        assert said == begun.before
        return "before"
    assert said == begun.after or not begun.after
    return "after"


def _with_backups(folder: Path, size: int) -> None:
    _library(folder, size)
    with Library(folder / "library.db") as library:
        kept = folder / "library-backups"
        kept.mkdir()
        for day in (1, 2):
            library.backup(kept / f"library-2026010{day}T000000Z.db")


def _judge_backup(folder: Path, begun: Begun) -> str:
    copies = sorted((folder / "library-backups").glob("library-*.db"))
    for copy in copies:
        assert integrity(copy) == []
        assert signature(copy) == begun.before
    assert len(copies) >= 2, "the newest two stay at every moment"
    assert signature(folder / "library.db") == begun.before
    return "after" if copies[-1].name > "library-20260103" else "before"


def _judge_attached(folder: Path, begun: Begun) -> str:
    said = signature(folder / "library.db")
    if said == begun.before:
        return "before"
    with Library(folder / "library.db") as library:
        [state] = belongings.states(library.store, library.path, thorough=True)
        assert state.fault is None
    return "after"


def _imported_last(folder: Path, size: int) -> None:
    _library(folder, size)
    with Library(folder / "library.db") as library:
        library.import_text(json.dumps(items(size, "last")))


def _spoilt(folder: Path, size: int) -> None:
    _library(folder, size)
    with closing(sqlite3.connect(folder / "library.db")) as database, database:
        database.execute("UPDATE works SET title = 'spoilt' WHERE id % 2")
        database.execute("DELETE FROM contributors WHERE work_id % 3 = 0")


def _damaged(folder: Path, size: int) -> None:
    """The first page of an index makes no sense; nothing of the truth is lost with it."""
    _library(folder, size)
    path = folder / "library.db"
    with closing(sqlite3.connect(path)) as database:
        [(page,)] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'works_year'")
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(b"\x55" * 4096)


def _judge_rescued(folder: Path, begun: Begun) -> str:
    """The new library is there as a whole or not at all, and the damaged one is as it was."""
    damaged = (folder / "library.db").read_bytes()
    assert damaged == (begun.folder / "library.db").read_bytes()
    return _count(folder / "new.db", begun) if (folder / "new.db").exists() else "before"


def _judge_replaced(folder: Path, begun: Begun) -> str:
    """The damaged file as it was, or a sound one with all that it held, and the old one kept."""
    old = (begun.folder / "library.db").read_bytes()
    if (folder / "library.db").read_bytes() == old:
        return "before"
    kept = list(folder.glob("library-damaged-*.db"))
    assert kept
    assert all(path.read_bytes() == old for path in kept)
    return _count(folder / "library.db", begun)


def _count(path: Path, begun: Begun) -> str:
    assert integrity(path) == []
    with closing(sqlite3.connect(path)) as database:
        [(works,)] = database.execute("SELECT count(*) FROM works")
        [(notes,)] = database.execute("SELECT count(*) FROM notes")
    assert (works, notes) == (begun.size, 6)
    return "after"


_MERGED = tuple(f"k{i}" for i in range(2, 40))

KINDS = {
    kind.name: kind
    for kind in (
        Kind("import", ("import", "many.json"), _to_import, "imported", _judge_import),
        Kind("enrich", ("enrich",), _to_enrich, "enriched", _judge_enrich),
        Kind("merge", ("merge", "k1", *_MERGED, "--into", "k1", "--yes"), _library, "Merged"),
        Kind("undo", ("undo",), _imported_last, "Undid"),
        Kind("edit", ("edit", "k1", "--set", "title=Another"), _library, "→ Another"),
        Kind("delete", ("delete", "--query", "zebras", "--yes"), _library, "Deleted"),
        Kind("tag", ("tag", "mammals", "--query", "zebras"), _library, "mammals"),
        Kind("attach", ("attach", "k1", "paper.pdf"), _library, "is attached", _judge_attached),
        Kind("fix", ("doctor", "--fix"), _spoilt, "Made", begins_sound=False),
        Kind(
            "rescue",
            ("doctor", "--rescue", "new.db"),
            _damaged,
            "Saved",
            _judge_rescued,
            begins_sound=False,
            file="new.db",
        ),
        Kind(
            "replace",
            ("doctor", "--fix"),
            _damaged,
            "Put a sound",
            _judge_replaced,
            begins_sound=False,
        ),
        Kind("migrate", ("list", "--count"), _older, "\0", _judge_migration),
        Kind("backup", ("backup", "--keep", "2"), _with_backups, "Copied", _judge_backup),
    )
}
