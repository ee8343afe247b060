"""What a user keeps with works (tags, collections, notes, files, proposals) as SQL conditions.

What is there is looked up in the table that holds it, which is quick where few works have it; what
is missing is asked of each work in turn, which is quick where few have it, too, for then nearly
every work that is met answers.
"""

from __future__ import annotations

import unicodedata

from refman.rules.query import Has, Is, Node, Term

PROPOSED = "x.state = 'proposed' AND x.withdrawn = 0"
"""As the index of proposals has it, or SQLite would not use that."""

_TABLES = {
    "tag": "work_tags",
    "collection": "work_collections",
    "note": "notes",
    "file": "attachments",
}


def condition(node: Node, *, absent: bool = False) -> tuple[str, list[object]] | None:
    """A condition on `w`, the table works, with its parameters; `absent` for what lacks it.

    None for a query about anything else.
    """
    match node:
        case Has(field) if field in _TABLES:
            return _rows(_TABLES[field], "1", absent=absent), []
        case Is("proposed"):
            return _rows("records", PROPOSED, absent=absent), []
        case Term(text, "tag"):
            chosen = "x.tag_id IN (SELECT id FROM tags WHERE name = ?)"
            name = unicodedata.normalize("NFC", text)
            return _rows("work_tags", chosen, absent=absent), [name]
        case Term(text, "collection"):
            chosen, names = _in_collection(unicodedata.normalize("NFC", text))
            return _rows("work_collections", chosen, absent=absent), names
        case _:
            return None


def _rows(table: str, chosen: str, *, absent: bool) -> str:
    if absent:
        return f"NOT EXISTS (SELECT 1 FROM {table} x WHERE x.work_id = w.id AND {chosen})"
    return f"w.id IN (SELECT x.work_id FROM {table} x WHERE {chosen})"


def _in_collection(name: str) -> tuple[str, list[object]]:
    """Those in a collection and below it; with a `/` at the end of the name, in it alone."""
    if name.endswith("/"):
        chosen, names = "name IN (?, ?)", [name, name.rstrip("/")]
    else:
        # The sign after the slash ends the names that begin with one.
        chosen, names = "name = ? OR (name > ? AND name < ?)", [name, f"{name}/", f"{name}0"]
    return f"x.collection_id IN (SELECT id FROM collections WHERE {chosen})", [*names]
