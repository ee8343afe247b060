"""What stands in the way of taking a change back.

A change can be taken back at any time as long as what it did is still to be seen. Where a later
change did something to the same fields of the same works, taking back the older one would change
nothing that can be seen, or leave a work of which only the later change is left. That is found out
by doing it, inside the transaction, and comparing what the change did with what undoing it did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from refman.errors import UsageError
from refman.model import OriginKind, Record
from refman.rules import merge
from refman.store.attached import BOOKED
from refman.store.connection import Connection
from refman.store.labels import moved_on
from refman.store.past import Fate, Past, WorkChange, stands

_CHUNK = 500
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """An undoing that was done, and is still to be allowed."""

    root: int
    """The change that it is about."""
    undone: int
    """The change that it took back: that one, or what undid it or did it again last."""
    undoing: int
    touched: set[int]
    """The works whose records it touched."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What of a change could not be taken back, and the later change for which that is so."""

    work: str
    what: str
    change: int | None
    """None where no change alone is at the bottom of it."""


def found(connection: Connection, deed: Deed) -> list[Obstacle]:
    """All that stands in the way, the newest change first."""
    obstacles = [
        *_fields(connection, deed),
        *_left_behind(connection, deed),
        *_gone(connection, deed),
        *_keys(connection, deed),
        *_belongings(connection, deed),
        *_moved_on(connection, deed),
    ]
    return sorted(obstacles, key=lambda found: -(found.change or 0))


def refuse(asked: int, obstacles: Sequence[Obstacle]) -> None:
    """Raise `UsageError` where anything stands in the way of undoing the change asked for."""
    if not obstacles:
        return
    changes = list(dict.fromkeys(each.change for each in obstacles if each.change is not None))
    sentences = list(dict.fromkeys(map(_sentence, obstacles)))
    told = "; ".join(sentences[:_TOLD])
    more = f"; and {len(sentences) - _TOLD:,} more" if len(sentences) > _TOLD else ""
    hint = f"refman undo {asked} --force takes back what is left of it."
    if changes:
        named = "that change" if len(changes) == 1 else f"the newest of {len(changes)} such changes"
        hint = f"refman undo {changes[0]} takes {named} back first.\n{hint}"
    raise UsageError(
        f"Change {asked} cannot be taken back; later ones stand in the way: {told}{more}.",
        hint=hint,
    )


def _sentence(obstacle: Obstacle) -> str:
    by = f" (change {obstacle.change})" if obstacle.change is not None else ""
    return f"{obstacle.what} of {obstacle.work}{by}" if obstacle.work else f"{obstacle.what}{by}"


def _fields(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Fields that the change had changed, and that taking it back left as they were.

    A source's later word is in the way, which the user takes back first. The user's own is in the
    way of what the user did before; over what others brought it stands, with them or without.
    """
    rows = connection.execute(
        # Only where others spoke after it can it be so; what was done again counts as later.
        "SELECT DISTINCT r.work_id FROM records r JOIN changes c ON c.id = r.change_id "
        "WHERE r.work_id IN (SELECT value FROM json_each(?1)) AND r.withdrawn = 0 "
        "AND r.state = 'standing' AND r.kind <> 'import' AND r.change_id <> ?2 "
        "AND (r.change_id > ?2 OR c.undone_by IS NOT NULL) "
        "AND r.work_id IN (SELECT id FROM works) ORDER BY 1",
        (json.dumps(sorted(deed.touched)), deed.root),
    ).fetchall()
    (actor,) = connection.execute("SELECT actor FROM changes WHERE id = ?", (deed.root,)).fetchone()
    weighty = {OriginKind.SOURCE} | ({OriginKind.USER} if actor == "user" else set())
    ids = [row[0] for row in rows]
    for start in range(0, len(ids), _CHUNK):
        past = Past(connection, ids[start : start + _CHUNK])
        undid = {told.work_id: told.fields for told in past.of_change(deed.undoing)}
        now = past.works(deed.undoing + 1)
        later = past.later(deed.root)
        for told in past.of_change(deed.undone):
            records = now.get(told.work_id, [])
            if not stands(records):
                continue
            if told.fate is Fate.CAME:
                yield from _stub(past, told, records)
            else:
                left = told.fields.keys() - undid.get(told.work_id, {}).keys()
                yield from _unmoved(past, later, told, _claims(records, left, weighty))


def _stub(past: Past, told: WorkChange, records: list[Record]) -> Iterator[Obstacle]:
    """What the user wrote since, where only that would be left of a work that the change brought.

    What another import said of it, too, stands without that one.
    """
    if all(record.origin.kind is not OriginKind.IMPORT for record in records):
        for change in {past.change_of(r.id) for r in records if r.origin.kind is OriginKind.USER}:
            yield Obstacle(told.citation_key, "an edit", change)


def _unmoved(
    past: Past, later: set[int], told: WorkChange, words: Iterator[tuple[str, int | None]]
) -> Iterator[Obstacle]:
    for field, record_id in words:
        change = past.change_of(record_id)
        if change in later:
            yield Obstacle(told.citation_key, field, change)


def _claims(
    records: list[Record], fields: set[str], weighty: set[OriginKind]
) -> Iterator[tuple[str, int | None]]:
    """Who is believed of each field, where it is someone whose word weighs."""
    for field in sorted(fields):
        claims = merge.explain(records, field)
        if claims and claims[0].record.origin.kind in weighty:
            yield field, claims[0].record.id


def _left_behind(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Notes and files that the user gave, since, to works that the change brought, and that go."""
    for table, what in (("notes", "a note"), ("attachments", "a file")):
        rows = connection.execute(
            f"SELECT m.citation_key, min(i.change_id) FROM {table} n "
            "JOIN removed_works m ON m.id = n.work_id "
            f"JOIN change_items i ON i.{BOOKED} AND i.kind = '{table}' "
            "AND i.target = CAST(n.id AS TEXT) "
            "WHERE n.work_id IN (SELECT value FROM json_each(?1)) AND m.change_id = ?2 "
            "AND n.work_id IN (SELECT work_id FROM records WHERE change_id = ?3) "
            "GROUP BY n.id HAVING min(i.change_id) > ?3",
            (json.dumps(sorted(deed.touched)), deed.undoing, deed.root),
        )
        for key, change in rows.fetchall():
            yield Obstacle(key, what, change)


def _gone(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Works that had all left the library before, so that nothing is to be seen of it."""
    rows = connection.execute(
        "SELECT citation_key, change_id FROM removed_works "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY change_id DESC",
        (json.dumps(sorted(deed.touched)),),
    ).fetchall()
    if rows and len(rows) == len(deed.touched) and all(row[1] != deed.undoing for row in rows):
        for key, change in rows:
            if change > deed.undone:
                yield Obstacle(key, "deletion", change)


def _keys(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Citation keys that were given anew since, or belong to another work by now."""
    rows = connection.execute(
        "SELECT w.id, w.citation_key, i.before FROM change_items i JOIN works w "
        "ON w.id = i.work_id WHERE i.change_id = ? AND i.kind = 'citation_key' "
        "AND w.citation_key <> i.before",
        (deed.undone,),
    )
    for work_id, key, before in rows.fetchall():
        since = connection.execute(
            "SELECT change_id FROM change_items WHERE work_id = ? AND kind = 'citation_key'",
            (work_id,),
        )
        change = _newest(connection, deed, (row[0] for row in since))
        if change is not None:
            yield Obstacle(key, "the key", change)
        else:
            yield Obstacle("", f"{before} is the key of another work", None)


def _belongings(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Notes, files and saved searches that were changed since."""
    rows = connection.execute(
        "SELECT DISTINCT coalesce(w.citation_key, ''), i.kind, i.target FROM change_items i "
        "LEFT JOIN works w ON w.id = i.work_id "
        "WHERE i.change_id = ?1 AND i.kind IN ('notes', 'attachments', 'saved_search') "
        "AND (i.kind, i.target) NOT IN (SELECT kind, target FROM change_items "
        "WHERE change_id = ?2 AND target IS NOT NULL)",
        (deed.undone, deed.undoing),
    )
    told = {"notes": "the note", "attachments": "the file"}
    for key, kind, target in rows.fetchall():
        since = connection.execute(
            "SELECT change_id FROM change_items WHERE change_id > ? "
            "AND kind IN (?2, 'moved_' || ?2) AND CAST(target AS TEXT) = ?3",
            (deed.root, kind, target),
        )
        change = _newest(connection, deed, (row[0] for row in since))
        yield Obstacle(key, told.get(kind, f"the search {target}"), change)


def _newest(connection: Connection, deed: Deed, changes: Iterable[int]) -> int | None:
    """Of changes the newest that came after what is undone and is in force, by its first number."""
    chains = {}
    for change in changes:
        chain = _chain(connection, change)
        chains[chain[0]] = chain
    chains.pop(deed.root, None)
    later = (chain for chain in chains.values() if chain[-1] > deed.undone)
    in_force = [chain for chain in later if len(chain) % 2 == 1]
    return max(in_force, key=lambda chain: chain[-1])[0] if in_force else None


def _chain(connection: Connection, change: int) -> list[int]:
    """A change, what undid it, what undid that, and so on, of which this one is any."""
    step = "SELECT undoes FROM changes WHERE id = ?"
    while (before := connection.execute(step, (change,)).fetchone()[0]) is not None:
        change = before
    chain = [change]
    step = "SELECT undone_by FROM changes WHERE id = ?"
    while (after := connection.execute(step, (chain[-1],)).fetchone()[0]) is not None:
        chain.append(after)
    return chain


def _moved_on(connection: Connection, deed: Deed) -> Iterator[Obstacle]:
    """Tags and collections under which works stand no more that the change put there."""
    for works, what, change in moved_on(connection, deed.undone, deed.root, deed.undoing):
        yield Obstacle(works, what, change)
