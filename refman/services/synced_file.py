"""A file that is kept in step with the library: how it is read, and what is kept of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refman import plugins
from refman.errors import InputError, UsageError
from refman.model import Description, Record, Work
from refman.ports import ExportOptions, ImportOptions, Problem
from refman.services.exporting import export
from refman.text.reading import MAX_TEXT, TextInput

_FORMATS = {".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".json": "csl-json"}


def format_for(path: Path, named: str | None) -> str:
    """The format of a file: as named, or by the file's name. Raises `UsageError`."""
    name = named or _FORMATS.get(path.suffix.lower())
    if name is None:
        raise UsageError(
            f"The name of {path} does not tell its format.", hint="Say which: --to bibtex."
        )
    plugins.exporter(name)
    if name not in plugins.importer_names():
        raise UsageError(
            f"{name} is written but not read, so a file of it cannot be kept in step.",
            hint="refman export writes one.",
        )
    return name


@dataclass(slots=True)
class State:
    """What is kept of a file from one time to the next."""

    text: str | None = None
    """What it was given; None where it never was."""
    typed: list[str] = field(default_factory=list)
    """The keys of entries that somebody wrote into it."""
    edited: list[int] = field(default_factory=list)
    """The works for which something is or was proposed out of it."""
    paths: list[str] = field(default_factory=list)
    """Where it was before."""

    @classmethod
    def read(cls, body: bytes | None, format_name: str) -> State:
        """What was kept. Of a file in another format it is of no use."""
        state = {} if body is None else json.loads(body)
        if state.get("format") != format_name:
            return cls()
        return cls(state["text"], state["typed"], state["edited"], state["paths"])

    def body(self, format_name: str) -> bytes:
        """What is to be kept."""
        told = {
            "format": format_name,
            "text": self.text,
            "typed": self.typed,
            "edited": self.edited,
            "paths": self.paths,
        }
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the file."""

    description: Description
    location: str
    record: Record


class SyncedFile:
    """The file, in its format."""

    def __init__(
        self, path: Path, format_name: str, options: ExportOptions, journal_lists: Sequence[Path]
    ) -> None:
        self.path = path
        """As it was named."""
        self.name = str(path.resolve())
        """What it is known by."""
        self.format = format_name
        self._options = options
        self._lists = journal_lists

    def data(self) -> bytes | None:
        """What the file holds; None where there is none. Raises `InputError`."""
        try:
            if self.path.exists() and not self.path.is_file():
                raise InputError(f"{self.path} is no file that can be kept in step.")
            with self.path.open("rb") as stream:
                data = stream.read(MAX_TEXT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}.") from error
        if len(data) > MAX_TEXT:
            raise InputError(f"{self.path} is larger than {MAX_TEXT >> 20} MB, too large here.")
        return data

    def decoded(self, data: bytes) -> str:
        """What it says, with line ends as `\\n`."""
        return TextInput(io.BytesIO(data), self.name).text()

    def text(self, works: Iterable[Work]) -> str:
        """What it is to say of works."""
        pieces = export(self.format, works, self._options, self._lists)
        return "".join(piece for piece in pieces if isinstance(piece, str))

    def entries(self, text: str) -> tuple[dict[str, Entry], list[Problem]]:
        """The entries of a text by their keys, and what keeps it from being read whole."""
        source = TextInput(io.BytesIO(text.encode("utf-8", "surrogatepass")), self.name)
        importer = plugins.importer(self.format)
        found: dict[str, Entry] = {}
        problems: list[Problem] = []
        for entry in plugins.entries(importer, source, ImportOptions(recase_titles=False)):
            if isinstance(entry, Problem):
                problems += [] if entry.partial else [entry]
                continue
            location = entry.origin.location or self.name
            key = entry.citation_key or f"\0{len(found)}"
            same = found.get(key)
            if same is not None and same.description != entry.description:
                problems.append(Problem(reason=f"{key} stands there twice", line=_line(location)))
            found.setdefault(key, Entry(entry.description, location, entry))
        return found, problems

    def as_written(self, works: Iterable[Work]) -> dict[str, Description]:
        """What the format says of works, read back, by their keys."""
        entries, _ = self.entries(self.text(works))
        return {key: entry.description for key, entry in entries.items()}


def _line(location: str) -> int | None:
    _, _, line = location.rpartition(":")
    return int(line) if line.isdigit() else None
