"""What one of the processes does: any deed after any other, each noted once it is said to be done.

The notes are lines of JSON, written before the next deed begins. What every edit and note wrote is
a word of its own, by which it can be found again whatever became of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from refman.errors import EditConflict, NotFoundError, UsageError
from refman.model import Work
from refman.services import belongings, duplicates, importing
from refman.services.library import Library

FIELDS = ("edition", "section", "annote", "medium")
"""What is edited: fields of which no source and no import here says anything."""
_LEAST = 15
_BATCH = 40
"""Entries of an import that are one transaction here."""
TAGS = ("read", "thesis", "later")


class Worker:
    """One process. Its deeds are drawn by its number."""

    def __init__(self, path: Path, notes: Path, number: int) -> None:
        self._random = Random(number)
        self._number = number
        self._path = path
        self._library = Library(path)
        importing.BATCH = _BATCH
        self._notes = notes.open("a", encoding="utf-8")
        self._words = 0
        self._changes: list[int] = []

    def run(self, until: float) -> None:
        """Work until a time of the clock that all processes share."""
        deeds: list[tuple[float, Callable[[], None]]] = [
            (8, self.edit), (3, self.tag), (2, self.note), (3, self.bring_in), (1, self.merge),
            (2, self.undo), (1, self.redo), (1, self.delete), (3, self.look), (1, self.run_command),
            (0.2, self.bring_in_many),
        ]  # fmt: skip
        weights, chosen = [weight for weight, _ in deeds], [deed for _, deed in deeds]
        done = 0
        # On a machine that is busy with others they do something at least.
        while time.time() < until or done < _LEAST:
            done += 1
            [deed] = self._random.choices(chosen, weights)
            try:
                deed()
            except (NotFoundError, UsageError) as error:
                self._tell("refused", why=str(error))
            except Exception:
                self._tell("failure", why=traceback.format_exc())
                raise
        self._library.close()

    def _tell(self, deed: str, **what: Any) -> None:
        self._notes.write(json.dumps({"deed": deed, "process": self._number, **what}) + "\n")
        self._notes.flush()

    def _word(self) -> str:
        self._words += 1
        return f"w{self._number}x{self._words}"

    def _any(self, count: int = 1, among: int | None = None) -> list[Work]:
        """Some works, as they are seen now, of all or of the newest few."""
        total = min(self._library.count(), among or sys.maxsize)
        offset = self._random.randrange(max(1, total - count))
        rows = self._library.page(limit=count, offset=offset).rows
        works = list(self._library.works_of(rows))
        if not works:
            raise NotFoundError("Nothing is there.")
        return works

    def edit(self) -> None:
        """Set a field of a work as it was seen a moment ago."""
        work, field, word = self._any(among=6)[0], self._random.choice(FIELDS), self._word()
        time.sleep(self._random.choice((0, 0, 0.02, 0.2)))
        try:
            changed = self._library.edit(work, {field: word})
        except EditConflict:
            self._tell("conflict", word=word)
            return
        seen = getattr(work.description, field)
        self._tell("edit", work=work.id, field=field, word=word, seen=seen, told=changed[field][0])

    def tag(self) -> None:
        """Put several works under a name, or take them out."""
        works, name, on = self._any(3), self._random.choice(TAGS), self._random.random() < 0.7
        self._library.label("tags", name, works, on=on)
        self._tell("tag")

    def note(self) -> None:
        """Write a note on a work."""
        work, word = self._any()[0], self._word()
        number = belongings.add_note(self._library.store, work, word)
        self._tell("note", work=work.id, number=number, word=word)

    def bring_in(self) -> None:
        """Import three works, one of which may be there already."""
        words = [self._word() for _ in range(3)]
        doi = f"10.5555/known-{self._random.randrange(60):03}"
        text = "\n".join(
            f"@article{{{word}, title={{Of {word} and its kin}}, author={{Quill, {word}}}}}"
            for word in words
        )
        items = self._library.import_text(f"{text}\n@article{{x, doi={{{doi}}}}}")
        self._tell("import", words=words, keys=[item.citation_key for item in items[:3]])

    def bring_in_many(self) -> None:
        """Import so many that others get their turn between the batches."""
        word = self._word()
        entries = (f"@book{{{word}n{n}, title={{Many {word} {n}}}}}" for n in range(3 * _BATCH))
        items = self._library.import_text("\n".join(entries))
        self._tell("import many", words=[], count=len(items), word=word)

    def merge(self) -> None:
        """Make one work of two."""
        works = self._any(2)
        if len({work.id for work in works}) == 2:
            self._tell("merge", change=duplicates.merge(self._library.store, works, works[0]))

    def undo(self) -> None:
        """Take back the latest change, whosever it is, or any of the last ones."""
        change = None
        if self._random.random() < 0.5:
            change = self._random.choice(self._library.history(limit=30)).id
        row = self._library.undo(change, partly=self._random.random() < 0.3)
        self._tell("undo", change=row.id, by=row.undone_by)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._tell("redo", change=self._library.redo().id)

    def delete(self) -> None:
        """Take a work out."""
        self._library.delete(self._any())
        self._tell("delete")

    def look(self) -> None:
        """Search, read and export: whatever is found is whole."""
        query = self._random.choice(("of", "kin OR made", "tag:read", "year:2020", "-has:doi"))
        works = self._library.search(query, limit=20)
        for work in works:
            assert work.citation_key
        text = "".join(
            piece for piece in self._library.export("bibtex", works) if isinstance(piece, str)
        )
        assert text.count("\n@") + text.startswith("@") <= 20
        self._tell("look")

    def run_command(self) -> None:
        """Call the command line, as others do."""
        arguments = self._random.choice(
            (
                ["list", "made", "--limit", "5"],
                ["enrich", f"added:{time.strftime('%Y')}.. has:doi", "--json"],
                ["enrich", "--json"],
                ["history", "--limit", "3"],
                ["undo"],
                ["check", "--json"],
            )
        )
        done = subprocess.run(
            [sys.executable, "-m", "refman", "--library", str(self._path), *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        whole = done.returncode in (0, 1, 2) and "Traceback" not in done.stderr
        if not whole or "inside" in done.stderr or "in use by" in done.stderr:
            self._tell("failure", why=f"{arguments}: {done.returncode}\n{done.stderr[-2000:]}")
            raise SystemExit(1)
        self._tell("command", what=arguments[0], status=done.returncode)


def environment(crossref: str) -> Mapping[str, str]:
    """What the processes run in: one service at hand, and no other."""
    return {
        **os.environ, "REFMAN_CROSSREF_URL": crossref, "REFMAN_MAILTO": "a@example.org",
        "REFMAN_OFFLINE": "",
    }  # fmt: skip


if __name__ == "__main__":
    library, notes, number, until = sys.argv[1:]
    Worker(Path(library), Path(notes), int(number)).run(float(until))
