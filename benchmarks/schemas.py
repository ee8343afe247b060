"""Two shapes of the store, loaded with the same works: the figures behind docs/architecture.md.

`wide`: every field of a work is a column of `works`, and the record of a work that has only one
is left empty until a second comes. `narrow`: records hold the description once, as JSON;
`works` has the short fields that lists show and sort by. Both with contributors, identifiers,
keys and the full-text index; both filled in batches of 5,000.

    python -m benchmarks.schemas [COUNT]
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.corpus import descriptions
from refman.model import Description
from refman.store.codec import encode_description

_SIDES = """
CREATE TABLE contributors (work_id, role, position, family, given, literal,
  PRIMARY KEY (work_id, role, position)) WITHOUT ROWID;
CREATE TABLE identifiers (scheme, value, work_id, PRIMARY KEY (scheme, value, work_id))
  WITHOUT ROWID;
CREATE TABLE citation_keys (key TEXT PRIMARY KEY COLLATE NOCASE, work_id) WITHOUT ROWID;
CREATE TABLE records (id INTEGER PRIMARY KEY, work_id, change_id, source, location, description);
CREATE INDEX records_work ON records(work_id);
"""
_WIDE = """
CREATE TABLE works (id INTEGER PRIMARY KEY, citation_key, type, title, author, container_title,
  year, issued, volume, issue, page, publisher, doi, issn, keyword, abstract, more, added);
CREATE INDEX works_year ON works(year, id);
CREATE VIEW works_text AS SELECT id, title, author, container_title, abstract, keyword,
  publisher || ' ' || doi || ' ' || citation_key AS other FROM works;
"""
_NARROW = """
CREATE TABLE works (id INTEGER PRIMARY KEY, citation_key, type, title, author, container_title,
  year, issued, volume, issue, page, publisher, doi, added, description);
CREATE INDEX works_year ON works(year, id);
CREATE VIEW works_text AS SELECT w.id, w.title, w.author, w.container_title,
  coalesce(w.description, r.description) ->> 'abstract' AS abstract,
  coalesce(w.description, r.description) ->> 'keyword' AS keyword,
  w.publisher || ' ' || w.doi || ' ' || w.citation_key AS other
  FROM works w JOIN records r ON r.id = w.id;
"""
_FTS = """
CREATE VIRTUAL TABLE f USING fts5 (title, author, container_title, abstract, keyword, other,
  content = 'works_text', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'{prefix});
INSERT INTO f (f, rank) VALUES ('hashsize', 67108864);
"""
_COLUMNS = "title, author, container_title, abstract, keyword, other"
_BATCH = 5000


def _author(d: Description) -> str:
    return "; ".join(name.inverted for name in d.author)


def _short(id_: int, d: Description) -> tuple[object, ...]:
    return (
        id_, f"bench{id_}", d.type, d.title, _author(d), d.container_title, d.year,
        d.issued.edtf if d.issued else None, d.volume, d.issue, d.page, d.publisher, d.DOI,
    )  # fmt: skip


def _insert_wide(db: sqlite3.Connection, batch: Sequence[tuple[int, Description]]) -> None:
    db.executemany(
        f"INSERT INTO works VALUES ({', '.join('?' * 18)})",
        (
            (*_short(i, d), "; ".join(d.ISSN), "; ".join(d.keyword), d.abstract,
             encode_description(Description(author=d.author)), "2026")
            for i, d in batch
        ),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO records VALUES (?, ?, 1, 'bibtex', ?, NULL)",
        ((i, i, f"x.bib:{i}") for i, _ in batch),
    )


def _insert_narrow(db: sqlite3.Connection, batch: Sequence[tuple[int, Description]]) -> None:
    db.executemany(
        f"INSERT INTO works VALUES ({', '.join('?' * 15)})",
        ((*_short(i, d), "2026", None) for i, d in batch),
    )
    db.executemany(
        "INSERT INTO records VALUES (?, ?, 1, 'bibtex', ?, ?)",
        ((i, i, f"x.bib:{i}", encode_description(d)) for i, d in batch),
    )


def _insert_sides(db: sqlite3.Connection, batch: Sequence[tuple[int, Description]]) -> None:
    db.executemany(
        "INSERT INTO contributors VALUES (?, 'author', ?, ?, ?, ?)",
        (
            (i, k, name.family, name.given, name.literal)
            for i, d in batch
            for k, name in enumerate(d.author)
        ),
    )
    db.executemany("INSERT INTO identifiers VALUES ('doi', ?, ?)", ((d.DOI, i) for i, d in batch))
    db.executemany("INSERT INTO citation_keys VALUES (?, ?)", ((f"bench{i}", i) for i, _ in batch))


def _index(db: sqlite3.Connection, batch: Sequence[tuple[int, Description]]) -> None:
    db.execute(
        f"INSERT INTO f (rowid, {_COLUMNS}) SELECT id, {_COLUMNS} FROM works_text "
        "WHERE id BETWEEN ? AND ?",
        (batch[0][0], batch[-1][0]),
    )


def _scan(db: sqlite3.Connection) -> None:
    db.execute(
        "SELECT year, count(*) FROM works WHERE type = 'article-journal' GROUP BY year"
    ).fetchall()


def _timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def measure(name: str, works: Sequence[Description], prefix: str, folder: Path) -> None:
    """Load one shape and print what it cost."""
    path = folder / f"{name}{len(prefix)}.db"
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
    db.executescript(_SIDES + (_WIDE if name == "wide" else _NARROW) + _FTS.format(prefix=prefix))
    insert = _insert_wide if name == "wide" else _insert_narrow
    rows = index = 0.0
    for start in range(0, len(works), _BATCH):
        batch = list(enumerate(works[start : start + _BATCH], start=start + 1))
        rows += _timed(partial(insert, db, batch)) + _timed(partial(_insert_sides, db, batch))
        index += _timed(partial(_index, db, batch))
        index += _timed(db.commit)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    scan = _timed(partial(_scan, db))
    size = path.stat().st_size / len(works)
    print(
        f"{name:<7} {prefix or 'no prefix index':<22} {rows:6.1f} s rows {index:6.1f} s index "
        f"{len(works) / (rows + index):8,.0f} works/s {size:6,.0f} bytes/work "
        f"{scan * 1e3:6.0f} ms scan"
    )
    db.close()


def main() -> None:
    """Load each shape and each choice of prefix index."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    works = list(descriptions(count))
    plain = sum(len(encode_description(work)) for work in works) / count
    print(f"{count:,} works, {plain:,.0f} bytes of JSON each; SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        for prefix in ("", ", prefix = '1 2'", ", prefix = '1 2 3'"):
            for name in ("wide", "narrow"):
                measure(name, works, prefix, Path(folder))


if __name__ == "__main__":
    main()
