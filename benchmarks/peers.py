"""papis and cobib with the same entries as refman, their lists run as whole processes.

To add ten thousand entries by their own commands takes papis an hour and cobib minutes, so the
entries are written as these programs keep them: for papis a folder with an `info.yaml` to each,
for cobib one YAML file. What is measured is reading, with the caches that they keep warm; cobib's,
which it would make out of the file at ten entries a second and less, is made by its own classes.
Each lives in a folder of its own, its settings with it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.import_scale import Cost, cost
from refman.model import Description

_COBIB_CACHE = """
import json, sys
from cobib.database import Database, Entry
Database._read = True
database = Database()
for line in sys.stdin:
    key, data = json.loads(line)
    super(Database, database).__setitem__(key, Entry(key, data))
Database.save_cache()
"""


class Peer:
    """A program with a library in a folder."""

    name: str
    program: str
    """What is run, and the name of its folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.command = str(programs / self.program)
        self.folder = folder
        places = ("CONFIG", "DATA", "CACHE", "STATE")
        homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in places}
        self.environment = {**os.environ, "HOME": str(folder), **homes}

    def fill(self, entries: Iterator[tuple[str, Description]]) -> None:
        """Put entries, each with its key, where the program expects them."""
        raise NotImplementedError

    def arguments(self, word: str) -> list[str]:
        """The command that lists the entries with a word in the title."""
        raise NotImplementedError

    def list(self, word: str) -> Cost:
        """List the entries with a word in the title, as a whole process."""
        return cost([self.command, *self.arguments(word)], self.environment)


class Papis(Peer):
    """papis: a folder for each entry, and a cache of them all."""

    name = "papis list"
    program = "papis"

    def fill(self, entries: Iterator[tuple[str, Description]]) -> None:
        """Write the folders, and have the cache made."""
        papers = self.folder / "papers"
        for number, (key, entry) in enumerate(entries):
            home = papers / key
            home.mkdir(parents=True)
            said = {"papis_id": f"{number:032x}", "ref": key, **_fields(entry)}
            said["author_list"] = [
                {"family": name.family, "given": name.given} for name in entry.author
            ]
            said["author"] = " and ".join(name.inverted for name in entry.author)
            said["type"] = "article"
            (home / "info.yaml").write_text(_yaml(said), encoding="utf-8")
        config = self.folder / "config" / "papis" / "config"
        config.parent.mkdir(parents=True)
        config.write_text(
            f"[settings]\ndefault-library = papers\n[papers]\ndir = {papers}\n", encoding="utf-8"
        )
        cost([self.command, "cache", "reset"], self.environment)

    def arguments(self, word: str) -> list[str]:
        """`papis list title:WORD`, all that match: it prints the folder of each."""
        return ["list", "--all", f"title:{word}"]


class PapisLines(Papis):
    """papis, printing of each entry what refman and cobib print."""

    name = "papis list --format"

    def arguments(self, word: str) -> list[str]:
        """`papis list title:WORD`, all that match, with key, year, authors and title."""
        shown = "{doc[ref]} {doc[year]} {doc[author]} {doc[title]}"
        return ["list", "--all", "--format", shown, f"title:{word}"]


class Cobib(Peer):
    """cobib: one file, and a cache of it."""

    name = "cobib list"
    program = "cobib"

    def fill(self, entries: Iterator[tuple[str, Description]]) -> None:
        """Write the file, and have the cache made."""
        cost([self.command, "init"], self.environment)
        database = self.folder / "data" / "cobib" / "literature.yaml"
        lines: list[str] = []
        with database.open("w", encoding="utf-8") as stream:
            for key, entry in entries:
                said = {"ENTRYTYPE": "article", **_fields(entry)}
                said["author"] = [
                    {"first": name.given, "last": name.family} for name in entry.author
                ]
                body = "".join(f"  {line}\n" for line in _yaml(said).splitlines())
                stream.write(f"---\n{key}:\n{body}...\n")
                lines.append(json.dumps([key, said]))
        subprocess.run(
            [Path(self.command).with_name("python"), "-c", _COBIB_CACHE],
            input="\n".join(lines), text=True, check=True, env=self.environment,
            capture_output=True,
        )  # fmt: skip
        self.list("zzzz")

    def arguments(self, word: str) -> list[str]:
        """`cobib list ++title WORD`, all that match."""
        return ["list", "++title", word]


PEERS = (Papis, PapisLines, Cobib)


def _fields(entry: Description) -> dict[str, object]:
    fields = {
        "title": entry.title,
        "journal": entry.container_title,
        "year": entry.year,
        "volume": entry.volume,
        "number": entry.issue,
        "pages": entry.page,
        "publisher": entry.publisher,
        "doi": entry.DOI,
        "issn": entry.ISSN[0],
        "keywords": ", ".join(entry.keyword),
        "abstract": entry.abstract,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _yaml(said: Mapping[str, object]) -> str:
    """A mapping as YAML, each value as JSON, which is YAML too."""
    return "".join(f"{name}: {json.dumps(said[name], ensure_ascii=False)}\n" for name in said)
