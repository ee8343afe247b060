"""The signs of a page of works: right, and looked up by indexes alone."""

from __future__ import annotations

import json
from pathlib import Path

from refman.model import Description, Origin, OriginKind, Record, RecordState
from refman.services import belongings
from refman.services.library import Library
from refman.store import Marks
from refman.store.marking import _SQL


def test_what_is_beside_works_is_known_and_nothing_is_scanned_for_it(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        text = "@book{a, title={A}}\n@book{b, title={B}}\n@book{c, title={C}}"
        assert len(library.import_text(text)) == 3
        a, b, c = (library.get(key) for key in "abc")
        library.label("tags", "Read", [a])
        belongings.add_note(library.store, a, "a note")
        file = tmp_path / "b.pdf"
        file.write_bytes(b"%PDF-1.4")
        belongings.attach(library.store, library.path, b, file)
        origin = Origin(kind=OriginKind.SOURCE, name="crossref")
        proposed = Record(
            description=Description(publisher="P"), origin=origin, state=RecordState.PROPOSED
        )
        with library.store.writing() as writer:
            change = writer.change("source", "enrich", "a proposal")
            writer.append(change, [(c.id, proposed)])
        assert library.store.marks([a.id, b.id, c.id, 999]) == {
            a.id: Marks(read=True, note=True),
            b.id: Marks(file=True),
            c.id: Marks(proposed=True),
            999: Marks(),
        }
        plan = library.store._connection.execute(
            f"EXPLAIN QUERY PLAN {_SQL}", ("read", json.dumps([1]))
        ).fetchall()
        steps = [step[-1] for step in plan if step[-1].startswith(("SCAN", "SEARCH"))]
        assert [step for step in steps if step.startswith("SCAN")] == [
            "SCAN j VIRTUAL TABLE INDEX 1:"
        ]
        assert all("INDEX" in step or "PRIMARY KEY" in step for step in steps)
