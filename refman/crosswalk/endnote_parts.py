"""The elements of one `<record>` of EndNote's while it is being read."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from refman.crosswalk.endnote_fields import FORMAT
from refman.crosswalk.endnote_marks import text_of
from refman.crosswalk.ris_values import note_lines, one_line
from refman.model import Extra
from refman.text.xml_stream import local_name

_OF_THE_FILE = frozenset(("database", "source-app", "ref-type", "contributors", "titles"))
"""What says where a record was exported from, and what has been read to its end."""
_WRAPPED = re.compile(r"\n[ \t]+")


class RecordParts:
    """A record's elements by name, and what has been made of them.

    `_left` is what has found no field yet, `_fields` are those that have a value, `_extra` is what
    is kept as it came.
    """

    def __init__(self, record: etree._Element) -> None:
        self._left: dict[str, list[etree._Element]] = {}
        for child in record:
            self._left.setdefault(local_name(child), []).append(child)
        self._fields: dict[str, Any] = {}
        self._extra: list[Extra] = []

    def _take(self, name: str) -> list[etree._Element]:
        return self._left.pop(name, [])

    def _peek(self, name: str) -> str:
        """The text of the first element of a name, on one line; it stays where it is."""
        found = self._left.get(name)
        return one_line(text_of(found[0])) if found else ""

    def _children(self, *names: str) -> list[etree._Element]:
        """The children of all elements with these names, which then are no longer left."""
        return [child for name in names for element in self._take(name) for child in element]

    def _keep(self, name: str, text: str) -> None:
        value = note_lines([unwrapped(text)])
        if value:
            self._extra.append(Extra(FORMAT, name, value))

    def _set(self, field: str, value: Any) -> bool:
        """Set a field that nothing has set yet; whether that was so, or it says the same."""
        return not value or self._fields.setdefault(field, value) == value

    def _keep_rest(self) -> None:
        """Keep what is left, of elements with others in them each part."""
        for name, elements in self._left.items():
            if name in _OF_THE_FILE or not name:
                continue
            for element in elements:
                parts = [child for child in element if local_name(child) != "style"]
                if not parts:
                    self._keep(name, text_of(element))
                for part in parts:
                    self._keep(f"{name}/{local_name(part)}", text_of(part))


def unwrapped(text: str) -> str:
    """A text of several lines; one that only the file's indentation broke is put together."""
    return _WRAPPED.sub(" ", text).replace("\r", "\n") if "\n" in text else text.replace("\r", "\n")
