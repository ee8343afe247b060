"""Reading and writing BibTeX in tests."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from refman.exporters.bibtex import exporter
from refman.importers.bibtex import importer
from refman.model import Description, Record, Work
from refman.ports import ExportOptions, ImportOptions, Loss, Problem, TextEncoding
from refman.text.reading import TextInput

DATA = Path(__file__).parent / "data" / "bibtex"


def read(text: str | bytes, name: str = "refs.bib") -> list[Record | Problem]:
    """Everything that the importer makes of a text."""
    raw = text.encode() if isinstance(text, str) else text
    return list(importer.read(TextInput(io.BytesIO(raw), name), ImportOptions()))


def records(text: str | bytes) -> list[Record]:
    """The records alone."""
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str | bytes) -> list[Problem]:
    """The problems alone."""
    return [item for item in read(text) if isinstance(item, Problem)]


def one(fields: str, entry_type: str = "article") -> Description:
    """The description in an entry with these fields."""
    (record,) = records(f"@{entry_type}{{key,\n{fields}\n}}\n")
    return record.description


def works(items: Iterable[Record]) -> list[Work]:
    """Records as works, each under the key it came with."""
    return [
        Work(
            id=number, citation_key=item.citation_key or f"w{number}", description=item.description
        )
        for number, item in enumerate(items)
    ]


def write(items: Iterable[Work], encoding: TextEncoding = TextEncoding.UNICODE) -> str:
    """The text of an export."""
    pieces = exporter.write(items, ExportOptions(encoding=encoding))
    return "".join(piece for piece in pieces if isinstance(piece, str))


def losses(items: Iterable[Work]) -> list[Loss]:
    """What an export lost."""
    return [piece for piece in exporter.write(items, ExportOptions()) if isinstance(piece, Loss)]


def entry(description: Description, key: str = "key") -> str:
    """One description as a file."""
    return write([Work(id=1, citation_key=key, description=description)])
