"""Reading a text with an importer, for its tests."""

from __future__ import annotations

import io
from collections.abc import Callable

from refman.model import Description, Record
from refman.ports import Importer, ImportOptions, Problem
from refman.text.reading import TextInput

Reader = Callable[[str | bytes], list[Record | Problem]]


def reader(importer: Importer, name: str = "x", *, recase_titles: bool = True) -> Reader:
    """A function that reads a text, or the bytes of a file, that is named so."""
    options = ImportOptions(recase_titles=recase_titles)

    def read(text: str | bytes) -> list[Record | Problem]:
        raw = text.encode() if isinstance(text, str) else text
        return list(importer.read(TextInput(io.BytesIO(raw), name), options))

    return read


def only_records(items: list[Record | Problem]) -> list[Record]:
    """What was read, without the problems."""
    return [item for item in items if isinstance(item, Record)]


def kept(description: Description) -> dict[str, list[str]]:
    """What is kept in `extra`, by its name."""
    found: dict[str, list[str]] = {}
    for extra in description.extra:
        found.setdefault(extra.name, []).append(extra.value)
    return found


def extras(description: Description) -> dict[str, str]:
    """What is kept in `extra`; of several under a name the last."""
    return {extra.name: extra.value for extra in description.extra}
