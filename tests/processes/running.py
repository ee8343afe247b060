"""Starting the processes, and looking at what they left."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refman.services.library import Library
from tests.crossref_server import CrossrefServer, corpus, no_limits
from tests.processes.work import FIELDS, environment

_ROOT = Path(__file__).parents[2]
_WORKS = 60
_DERIVED = {
    "works": "SELECT * FROM works ORDER BY id",
    "contributors": "SELECT * FROM contributors ORDER BY work_id, role, position",
    "identifiers": "SELECT * FROM identifiers ORDER BY scheme, value, work_id",
    "citation_keys": "SELECT * FROM citation_keys ORDER BY key",
}


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    deeds: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    faults: list[str] = field(default_factory=list)


def run(folder: Path, *, seconds: float, processes: int, seed: int = 0) -> Outcome:
    """Let processes loose on a library in a folder, and look at it afterwards."""
    path = folder / "library.db"
    records = [
        corpus.work(f"10.5555/known-{number:03}", f"Made up, part {number}")
        for number in range(_WORKS)
    ]
    with Library(path, create=True) as library:
        library.import_text("\n".join(str(record["DOI"]) for record in records[: _WORKS // 2]))
    with CrossrefServer(records, limits=no_limits()) as server:
        texts = _work(folder, path, server.url, seconds, range(seed, seed + processes))
    outcome = Outcome()
    outcome.faults += [text[-3000:] for text in texts if text]
    notes = [note for each in sorted(folder.glob("*.notes")) for note in _notes(each)]
    outcome.deeds.update(note["deed"] for note in notes)
    outcome.faults += [note["why"] for note in notes if note["deed"] == "failure"]
    outcome.faults += examine(path, notes)
    with Library(path) as library:
        outcome.changes = len(library.history(limit=-1))
    return outcome


def _work(
    folder: Path, path: Path, crossref: str, seconds: float, seeds: Sequence[int]
) -> list[str]:
    # Reading Python's modules is over before they begin.
    until = str(time.time() + seconds + 1.0)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.processes.work", str(path),
             str(folder / f"{seed}.notes"), str(seed), until],
            cwd=_ROOT, env=environment(crossref), stderr=subprocess.PIPE, text=True,
        )
        for seed in seeds
    ]  # fmt: skip
    return [process.communicate()[1] for process in running]


def _notes(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def examine(path: Path, notes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with a library after the deeds that were noted."""
    with Library(path) as library:
        yield from library.check()
    connection = sqlite3.connect(path)
    try:
        yield from _history(connection)
        yield from _edits(path, connection, notes)
        yield from _others(connection, notes)
        before = _derived(connection)
        with Library(path) as library:
            library.mend()
        after = _derived(connection)
        yield from (f"{table} is not what a rebuild makes" for table in before
                    if before[table] != after[table])  # fmt: skip
    finally:
        connection.close()


def _derived(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    return {table: connection.execute(sql).fetchall() for table, sql in _DERIVED.items()}


def _history(connection: sqlite3.Connection) -> Iterator[str]:
    """The history is one line: in the order of time, each undoing of one earlier change."""
    rows = connection.execute("SELECT id, at, undoes, undone_by FROM changes ORDER BY id")
    changes = {row[0]: row[1:] for row in rows}
    latest = ""
    for id_, (at, undoes, undone_by) in changes.items():
        if at < latest:
            yield f"change {id_} is older than the one before it"
        latest = at
        if undoes is not None and (undoes >= id_ or changes[undoes][2] != id_):
            yield f"change {id_} undoes {undoes}, which does not know it"
        if undone_by is not None and changes[undone_by][1] != id_:
            yield f"change {id_} was undone by {undone_by}, which does not know it"
    for id_ in changes:
        steps, last = 0, id_
        while changes[last][2] is not None:
            steps, last = steps + 1, changes[last][2]
        if steps % 2 and changes[id_][1] is None:
            [(left,)] = connection.execute(
                "SELECT count(*) FROM records WHERE change_id = ? AND withdrawn = 0", (id_,)
            )
            if left:
                yield f"change {id_} is undone, but {left} of its records stand"
    [(empty,)] = connection.execute(
        "SELECT count(*) FROM changes c WHERE action = 'edit' AND "
        "(SELECT count(*) FROM records WHERE change_id = c.id) <> 1"
    )
    if empty:
        yield f"{empty} edits are not whole"


def _edits(
    path: Path, connection: sqlite3.Connection, notes: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    said = {
        word: (change, record)
        for change, record, word in connection.execute(
            "SELECT r.change_id, r.id, j.value FROM records r, json_each(r.description) j "
            f"WHERE r.kind = 'user' AND j.key IN ({', '.join('?' * len(FIELDS))})",
            FIELDS,
        )
    }
    for note in notes:
        if note["deed"] == "conflict" and note["word"] in said:
            yield f"an edit that was refused was saved: {note}"
        if note["deed"] != "edit":
            continue
        if note["seen"] != note["told"]:
            yield f"an edit wrote over what nobody had seen: {note}"
        if note["word"] not in said:
            yield f"an edit was lost: {note}"
    with Library(path) as library:
        yield from _values(library, notes, said)


def _values(
    library: Library, notes: Sequence[Mapping[str, Any]], said: Mapping[str, tuple[int, int]]
) -> Iterator[str]:
    """Each field has the last word that was not taken back, and the history its before and after"""
    for note in notes:
        if note["deed"] != "edit" or note["word"] not in said:
            continue
        change, _ = said[note["word"]]
        told = library.store.past(note["work"], [change])[change]
        told = told or list(library.changed_by(change))
        pairs = [each.fields[note["field"]] for each in told if note["field"] in each.fields]
        if (note["seen"], note["word"]) not in pairs:
            yield f"the history of an edit says {pairs}: {note}"
    for work in library.search():
        records = library.records(work)
        for name in FIELDS:
            words = [
                getattr(record.description, name)
                for record in records
                if record.state.value == "standing" and getattr(record.description, name)
            ]
            latest = max(words, key=lambda word: said[word][1], default=None)
            if getattr(work.description, name) != latest:
                yield f"{name} of {work.citation_key} is not the last word, {latest}"


def _others(connection: sqlite3.Connection, notes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    booked = {
        (int(target), json.loads(after)["text"])
        for target, after in connection.execute(
            "SELECT target, after FROM change_items WHERE kind = 'notes' AND after IS NOT NULL"
        )
    }
    titles = {
        title
        for (title,) in connection.execute(
            "SELECT description ->> 'title' FROM records WHERE kind = 'import'"
        )
    }
    many = Counter(
        title.split()[1] for title in titles if title is not None and title.startswith("Many ")
    )
    for note in notes:
        if note["deed"] == "import many" and many[note["word"]] != note["count"]:
            yield f"{many[note['word']]} entries of an import of {note['count']} are there"
        if note["deed"] == "note" and (note["number"], note["word"]) not in booked:
            yield f"a note was lost: {note}"
        if note["deed"] == "import":
            lost = [word for word in note["words"] if f"Of {word} and its kin" not in titles]
            yield from (f"{word} of an import was lost" for word in lost)
