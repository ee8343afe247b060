"""What belongs to works besides their descriptions: notes, files, names that they stand under."""

from __future__ import annotations

import json
from collections.abc import Mapping

from refman.errors import NotFoundError
from refman.store import derived
from refman.store.attached import BOOKED
from refman.store.labels import LABEL_COLUMN
from refman.store.writing import Writer

_COLUMNS = {
    "notes": ("work_id", "text", "added", "modified"),
    "attachments": ("work_id", "path", "media_type", "sha256", "added"),
}


class BelongingsWriter(Writer):
    """A writer that can also give works notes and files, and tags and collections other names."""

    def add_note(self, change_id: int, work_id: int, text: str) -> int:
        """Give a work a note in Markdown. Returns the note's number."""
        row = {"work_id": work_id, "text": text, "added": self._now, "modified": self._now}
        return self._add("notes", change_id, row)

    def change_note(self, change_id: int, note_id: int, text: str | None) -> None:
        """Give a note another text, or take it away with None. Raises `NotFoundError`."""
        row = self._belonging("notes", note_id)
        if row is None:
            raise NotFoundError(f"There is no note {note_id}.")
        new = None if text is None else {**row, "text": text, "modified": self._now}
        self._set_belonging(change_id, "notes", note_id, new)

    def attach(
        self, change_id: int, work_id: int, path: str, media_type: str | None, sha256: str | None
    ) -> int:
        """Note that a file belongs to a work. Returns the attachment's number.

        `path` is relative to the library's folder, or absolute.
        """
        row = {
            "work_id": work_id,
            "path": path,
            "media_type": media_type,
            "sha256": sha256,
            "added": self._now,
        }
        return self._add("attachments", change_id, row)

    def detach(self, change_id: int, attachment_id: int) -> None:
        """Note that a file belongs to a work no more. Raises `NotFoundError`."""
        if self._belonging("attachments", attachment_id) is None:
            raise NotFoundError(f"There is no attachment {attachment_id}.")
        self._set_belonging(change_id, "attachments", attachment_id, None)

    def relocate(self, change_id: int, attachment_id: int, path: str) -> None:
        """Note that an attached file is at another place. Raises `NotFoundError`."""
        row = self._belonging("attachments", attachment_id)
        if row is None:
            raise NotFoundError(f"There is no attachment {attachment_id}.")
        self._set_belonging(change_id, "attachments", attachment_id, {**row, "path": path})

    def move_label(self, change_id: int, table: str, name: str, to: str | None) -> None:
        """Put all that is under a name of `tags` or `collections` under another, or under none.

        What is in both stays once. Where the two differ in capitals only, the name is respelt.
        Works that were deleted go along, since they may come back.
        """
        column = LABEL_COLUMN[table]
        old = self._label(table, name)
        if old is None:
            return
        if to is not None:
            self._connection.execute(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", (to,))
            new = self._label(table, to)
            assert new is not None
            if new == old or not self._is_used(table, new):
                self._respell(change_id, table, new, to)
            if new == old:
                return
            self._connection.execute(
                f"INSERT OR IGNORE INTO work_{table} (work_id, {column}, change_id) "
                f"SELECT work_id, ?, ? FROM work_{table} WHERE {column} = ?",
                (new, change_id, old),
            )
        self._connection.execute(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            f"SELECT ?1, ?2, work_id, ?3, change_id, NULL FROM work_{table} WHERE {column} = ?3",
            (change_id, table, old),
        )
        self._connection.execute(f"DELETE FROM work_{table} WHERE {column} = ?", (old,))

    def _label(self, table: str, name: str) -> int | None:
        row = self._connection.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def _is_used(self, table: str, label_id: int) -> bool:
        row = self._connection.execute(
            f"SELECT 1 FROM work_{table} WHERE {LABEL_COLUMN[table]} = ? LIMIT 1", (label_id,)
        ).fetchone()
        return row is not None

    def _respell(self, change_id: int, table: str, label_id: int, name: str) -> None:
        (before,) = self._connection.execute(
            f"SELECT name FROM {table} WHERE id = ?", (label_id,)
        ).fetchone()
        if before != name:
            self._connection.execute(f"UPDATE {table} SET name = ? WHERE id = ?", (name, label_id))
            # Of no work, as with searches: it is still the same name.
            self._book(change_id, f"spelt_{table}", 0, str(label_id), before, name)

    def _undo_spellings(self, change_id: int, undoing: int) -> None:
        """Spell names as they were before a change, unless they were spelt anew since."""
        for table in LABEL_COLUMN:
            for label_id, before in self._connection.execute(
                f"SELECT n.id, i.before FROM change_items i JOIN {table} n "
                "ON n.id = CAST(i.target AS INTEGER) AND n.name = i.after COLLATE BINARY "
                "WHERE i.change_id = ? AND i.kind = ?",
                (change_id, f"spelt_{table}"),
            ).fetchall():
                self._respell(undoing, table, label_id, before)

    def save_search(self, change_id: int, name: str, query: str | None) -> None:
        """Keep a query under a name, in place of what was there, or with None forget it.

        Raises `NotFoundError` where there is nothing to forget.
        """
        row = self._connection.execute(
            "SELECT name, query FROM saved_searches WHERE name = ?", (name,)
        ).fetchone()
        if row is None and query is None:
            raise NotFoundError(f"There is no saved search {name!r}.")
        if query is None:
            self._connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))
        else:
            self._connection.execute(
                "INSERT OR REPLACE INTO saved_searches (name, query) VALUES (?, ?)", (name, query)
            )
        # Of no work, as it were: histories of works do not tell of it.
        self._book(change_id, "saved_search", 0, name, None if row is None else row[1], query)

    def _add(self, table: str, change_id: int, row: Mapping[str, object]) -> int:
        there = "SELECT 1 FROM works WHERE id = ?"
        if self._connection.execute(there, (row["work_id"],)).fetchone() is None:
            raise NotFoundError("The work is no longer in the library.")
        # What was taken away may come back under its number.
        found = self._connection.execute(
            f"SELECT max((SELECT coalesce(max(id), 0) FROM {table}), (SELECT "
            f"coalesce(max(CAST(target AS INTEGER)), 0) FROM change_items WHERE {BOOKED} "
            f"AND kind = '{table}'))"
        ).fetchone()
        row_id = int(found[0]) + 1
        self._set_belonging(change_id, table, row_id, row)
        return row_id

    def _belonging(self, table: str, row_id: int) -> dict[str, object] | None:
        columns = _COLUMNS[table]
        row = self._connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (row_id,)
        ).fetchone()
        return None if row is None else dict(zip(columns, row, strict=True))

    def _set_belonging(
        self, change_id: int, table: str, row_id: int, row: Mapping[str, object] | None
    ) -> None:
        """Make, change or remove a row, and book it as before and after."""
        self.complete()
        before = self._belonging(table, row_id)
        works = json.dumps([given["work_id"] for given in (before, row) if given is not None])
        columns = _COLUMNS[table]
        if table == "notes":
            derived.unindex_text(self._connection, works)
        if row is None:
            self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        else:
            self._connection.execute(
                f"INSERT OR REPLACE INTO {table} (id, {', '.join(columns)}) "
                f"VALUES (?, {', '.join('?' * len(columns))})",
                (row_id, *(row[column] for column in columns)),
            )
        if table == "notes":
            derived.index(self._connection, works)
        given = row or before
        assert given is not None
        work_id = given["work_id"]
        assert isinstance(work_id, int)
        self._book(
            change_id,
            table,
            work_id,
            str(row_id),
            None if before is None else json.dumps(before),
            None if row is None else json.dumps(row),
        )
