"""Build the sample library: `python examples/build_library.py library.db`.

The model case and the DOIs of `examples/dois.txt`, completed from `examples/` alone, at a fixed
time, so that the same SQLite makes the same bytes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from pathlib import Path

from refman import plugins
from refman.services.enriching import EnrichPolicy, Sources
from refman.services.importing import ImportPolicy
from refman.services.library import Library

_EXAMPLES = Path(__file__).parent
_TIME = "2026-11-24T00:00:00Z"


def build(target: Path) -> None:
    """Write the library to `target`, in place of what is there."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.db"
        with Library(work, create=True, clock=lambda: _TIME) as library:
            for name in ("garuda-mediasi.txt", "dois.txt"):
                with (_EXAMPLES / name).open("rb") as stream:
                    policy = ImportPolicy(enrich=True)
                    for item in library.import_stream(stream, f"examples/{name}", policy=policy):
                        if item.status == "failed":
                            sys.exit(f"{item.location}: {item.reason}")
            asyncio.run(_enrich(library))
        _settle(work, target)


async def _enrich(library: Library) -> None:
    snapshot = plugins.source(
        "crossref-snapshot", {"crossref_snapshot": str(_EXAMPLES / "crossref-snapshot.jsonl.gz")}
    )
    model_case = library.get("10.21111/mediasi.v4i2.10036")
    # The model case waits for the network, as it does for a reader of the demonstration.
    targets = [target for target in library.targets("") if target[0] != model_case.id]
    async for item in library.enrich(targets, Sources([snapshot]), EnrichPolicy(settle_keys=True)):
        if item.status not in ("enriched", "unchanged"):
            sys.exit(f"{item.citation_key}: {item.status}: {item.reason}")


def _settle(source: Path, target: Path) -> None:
    """Copy without what differs from one run to the next: gaps, journal mode, migration times."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(source)
    connection.execute("UPDATE _sqlite_migrations SET applied_at = ?", (_TIME,))
    connection.execute("INSERT INTO works_fts (works_fts) VALUES ('optimize')")
    connection.commit()
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
