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

_CHINESE = 50
_LETTERS = 800
_CHUNK = 50_000
"""Works that are parsed, and held in memory, before they are imported and the clock runs."""
_TABLES = {
    "records": "id", "works": "id", "citation_keys": "work_id", "contributors": "work_id",
    "identifiers": "work_id",
}  # fmt: skip
"""The tables that an import fills, with the column that holds a work's id."""


@dataclass(frozen=True, slots=True)
class Made:
    """What making a library took: seconds of importing, and of inserting its rows only."""

    works: int
    importing: float
    inserting: float | None


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
    importing = inserting = 0.0
    with Library(path, create=True) as library:
        while chunk := list(islice(records, _CHUNK)):
            first = library.count() + 1
            begun = time.perf_counter()
            for _ in import_entries(library.store, chunk, "benchmark", ImportPolicy()):
                pass
            importing += time.perf_counter() - begun
            if bare is not None:
                inserting += _insert_rows(library, bare, first)
        total = library.count()
    made = Made(total, importing, inserting if bare is not None else None)
    path.with_suffix(".json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def _insert_rows(library: Library, bare: Path, first: int) -> float:
    """Put the rows of the works from an id on into another library. Returns how long it took."""
    source = library.store._connection  # noqa: SLF001
    newest = library.count()
    taken = 0.0
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
            begun = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            target.executemany("INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)", change)
            for table, found in rows.items():
                marks = ", ".join("?" * len(found[0]))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
            target.executemany(
                "INSERT INTO works_fts (rowid, title, author, container_title, abstract, keyword, "
                "other, facets) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                texts,
            )
            target.execute("COMMIT")
            taken += time.perf_counter() - begun
    return taken
