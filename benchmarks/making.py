"""A library of synthetic works, made: how fast, beside the bare insertion of the same rows.

One title in fifty is Chinese, so that search in a script without blanks is measured too.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from benchmarks.corpus import descriptions
from refman.model import Description, Origin, OriginKind, Record
from refman.services.importing import BATCH, ImportPolicy, import_entries
from refman.services.library import Library
from refman.store.bulk import JOINED_FROM, join

_CHINESE = 50
_LETTERS = 800
_CHUNK = 50_000
"""Works that are parsed, and held in memory, before they are imported and the clock runs."""
_TABLES = {
    "records": "id", "works": "id", "citation_keys": "work_id", "contributors": "work_id",
    "identifiers": "work_id",
}  # fmt: skip
"""The tables that an import fills, with the column that holds a work's id."""

_INSERT_TEXT = (
    "INSERT INTO works_fts (rowid, title, author, container_title, abstract, keyword, other, "
    "facets) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What making a library took, in seconds: importing, and inserting its rows only.

    On the wall, and of the processor; an import has two threads.
    """

    works: int
    importing: float
    inserting: float | None
    importing_cpu: float | None = None
    inserting_cpu: float | None = None


class _Watch:
    """Adds up what is done inside of it."""

    def __init__(self) -> None:
        self.wall = self.processor = 0.0

    def __enter__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def __exit__(self, *error: object) -> None:
        self.wall += time.perf_counter() - self._wall
        self.processor += time.process_time() - self._processor


def works(count: int) -> Iterator[Description]:
    """Descriptions as `benchmarks.corpus` makes them, some with Chinese titles."""
    rng = random.Random(2026)
    letters = "".join(chr(0x4E00 + 23 * number) for number in range(_LETTERS))
    weights = [1 / (rank + 8) for rank in range(_LETTERS)]
    for number, description in enumerate(descriptions(count)):
        if number % _CHINESE == 7:
            title = "".join(rng.choices(letters, weights, k=rng.randint(8, 24)))
            yield replace(description, title=title)
        else:
            yield description


def build(path: Path, count: int, bare: Path | None = None) -> Made:
    """Make a library of synthetic works; with `bare`, one of the same rows, inserted as they are.

    The works are parsed before the clock runs, some at a time. The two libraries grow in turn, so
    that a busy moment and the size of their indexes are the same to both.
    """
    origin = Origin(kind=OriginKind.IMPORT, name="benchmark")
    records = (Record(description=d, origin=origin) for d in works(count))
    importing, inserting = _Watch(), _Watch()
    with Library(path, create=True) as library:
        while chunk := list(islice(records, _CHUNK)):
            first = library.count() + 1
            with importing:
                for _ in import_entries(library.store, chunk, "benchmark", ImportPolicy()):
                    pass
            if bare is not None:
                _insert_rows(library, bare, first, inserting)
        total = library.count()
        if total >= JOINED_FROM:
            # As one import of them all would, and none of its parts does.
            with importing:
                join(library.store._connection)  # noqa: SLF001
    made = Made(total, importing.wall, inserting.wall, importing.processor, inserting.processor)
    if bare is None:
        made = replace(made, inserting=None, inserting_cpu=None)
    path.with_suffix(".json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def _insert_rows(library: Library, bare: Path, first: int, watch: _Watch) -> None:
    """Put the rows of the works from an id on into another library, and take the time."""
    source = library.store._connection  # noqa: SLF001
    newest = library.count()
    with Library(bare, create=True) as copy:
        target = copy.store._connection  # noqa: SLF001
        for low in range(first, newest + 1, BATCH):
            span = (low, min(low + BATCH - 1, newest))
            rows: dict[str, Sequence[tuple[object, ...]]] = {
                table: source.execute(
                    f"SELECT * FROM {table} WHERE {column} BETWEEN ? AND ?", span
                ).fetchall()
                for table, column in _TABLES.items()
            }
            texts = source.execute(
                "SELECT * FROM works_text WHERE id BETWEEN ? AND ?", span
            ).fetchall()
            change = source.execute(
                "SELECT * FROM changes WHERE id > (SELECT coalesce(max(id), 0) FROM changes) - 1"
            ).fetchall()
            with watch:
                target.execute("BEGIN IMMEDIATE")
                target.executemany(
                    "INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)", change
                )
                for table, found in rows.items():
                    marks = ", ".join("?" * len(found[0]))
                    target.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
                target.executemany(_INSERT_TEXT, texts)
                target.execute("COMMIT")
