"""Reading and writing BibTeX and biblatex in tests."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from refman.exporters import biblatex as biblatex_exporter
from refman.exporters import bibtex as bibtex_exporter
from refman.importers.bibtex import importer
from refman.model import Description, Record, Work
from refman.ports import Exporter, ExportOptions, ImportOptions, Loss, Problem, TextEncoding
from refman.text.reading import TextInput

DATA = Path(__file__).parent / "data" / "bibtex"
EXPORTERS: dict[str, Exporter] = {
    "bibtex": bibtex_exporter.exporter,
    "biblatex": biblatex_exporter.exporter,
}


def read(
    text: str | bytes, name: str = "refs.bib", *, recase: bool = True
) -> list[Record | Problem]:
    """Everything that the importer makes of a text."""
    raw = text.encode() if isinstance(text, str) else text
    options = ImportOptions(recase_titles=recase)
    return list(importer.read(TextInput(io.BytesIO(raw), name), options))


def records(text: str | bytes, *, recase: bool = True) -> list[Record]:
    """The records alone."""
    return [item for item in read(text, recase=recase) if isinstance(item, Record)]


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


def write(
    items: Iterable[Work], encoding: TextEncoding = TextEncoding.UNICODE, to: str = "bibtex"
) -> str:
    """The text of an export."""
    pieces = EXPORTERS[to].write(items, ExportOptions(encoding=encoding))
    return "".join(piece for piece in pieces if isinstance(piece, str))


def losses(items: Iterable[Work], to: str = "bibtex") -> list[Loss]:
    """What an export lost."""
    pieces = EXPORTERS[to].write(items, ExportOptions())
    return [piece for piece in pieces if isinstance(piece, Loss)]


def entry(description: Description, key: str = "key", to: str = "bibtex") -> str:
    """One description as a file."""
    return write([Work(id=1, citation_key=key, description=description)], to=to)
