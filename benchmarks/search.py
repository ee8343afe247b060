"""Search as one types: the first page and the count, beside a plain scan of the titles.

    python -m benchmarks.search [WORKS] [--library FILE]

The scan (`title LIKE '%word%'`) is what a library without an index would do for every letter; the
ratio says how many first pages fit into one. `--library` keeps the library, so that a million
works need to be made only once.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import descriptions
from refman.model import Origin, OriginKind, Record
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library
from refman.store import Order

_ROUNDS = 7
_PAGE = 50
_QUERIES = (
    "", "m", "mi", "mig", "migr", "migration", "migration policy", '"water policy"',
    "author:ab title:energy", "year:2019..2021", "migration -policy year:2000..",
    "missing:abstract",
)  # fmt: skip


def build(path: Path, count: int) -> None:
    """Make a library of synthetic works."""
    origin = Origin(kind=OriginKind.IMPORT, name="benchmark")
    records = (Record(description=d, origin=origin) for d in descriptions(count))
    with Library(path, create=True) as library:
        for _ in import_entries(library.store, records, "benchmark", ImportPolicy()):
            pass


def milliseconds(action: Callable[[], object]) -> float:
    """The median time of some runs, after one that warms up."""
    action()
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def measure(library: Library) -> None:
    """Print what each question costs."""
    connection = library.store._connection  # noqa: SLF001
    scan = milliseconds(
        lambda: connection.execute(
            "SELECT id FROM works WHERE title LIKE '%migration%' ORDER BY id DESC"
        ).fetchall()
    )
    print(f"{len(library):,} works; a scan of the titles takes {scan:.1f} ms")
    print(f"{'query':<32} {'page':>9} {'by year':>9} {'count':>9}  pages in a scan")
    for query in _QUERIES:
        page = milliseconds(lambda q=query: library.page(q, limit=_PAGE))  # type: ignore[misc]
        by_year = milliseconds(
            lambda q=query: library.page(q, Order.YEAR, limit=_PAGE)  # type: ignore[misc]
        )
        count = milliseconds(lambda q=query: library.count(q))  # type: ignore[misc]
        print(
            f"{query or '(all)':<32} {page:6.2f} ms {by_year:6.1f} ms {count:6.1f} ms  "
            f"{scan / page:8.0f}"
        )
    deep = library.page("", Order.YEAR, limit=_PAGE, offset=len(library) * 9 // 10)
    seek = milliseconds(lambda: library.page("", Order.YEAR, limit=_PAGE, after=deep.last))
    jump = milliseconds(
        lambda: library.page("", Order.YEAR, limit=_PAGE, offset=len(library) * 9 // 10)
    )
    print(f"nine tenths down by year: the next page {seek:.2f} ms, a jump there {jump:.1f} ms")


def main() -> int:
    """Build or open a library, and measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("works", nargs="?", type=int, default=100_000)
    arguments.add_argument("--library", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.library or Path(folder) / "library.db"
        if not path.exists():
            build(path, options.works)
        with Library(path) as library:
            measure(library)
    return 0


if __name__ == "__main__":
    sys.exit(main())
