"""CSL-JSON: a list of items that the schema of CSL 1.0.2 accepts.

`refman.crosswalk.csljson` says what stands where. The tags and collections of a work stand under
`custom`, as all that CSL has no variable for; so nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from refman.crosswalk.csljson import FORMAT, item_from_work
from refman.model import Work
from refman.ports import ExportOptions, FormatInfo, Loss, TextEncoding
from refman.rules.export_view import ordered

_CONTROLS = re.compile("[\x7f-\x9f]")
"""What JSON may hold as it is and a terminal should not get."""


class CslJsonExporter:
    """Writes `csl-json`; fulfils `refman.ports.Exporter`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="CSL-JSON",
            extensions=(".json", ".csljson"),
            media_type="application/vnd.citationstyles.csl+json",
            description="items of the Citation Style Language, for Zotero, pandoc and citeproc",
        )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A list of objects, indented by two blanks, `id` being the citation key."""
        ascii_only = options.encoding is TextEncoding.ASCII
        encode = json.JSONEncoder(indent=2, ensure_ascii=ascii_only).encode
        between = "[\n  "
        for work in works:
            item = item_from_work(work, options.omit)
            if options.fields:
                item = _in_order(item, options)
            text = _CONTROLS.sub(_escaped, encode(item))
            yield between + text.replace("\n", "\n  ")
            between = ",\n  "
        yield "[]\n" if between[0] == "[" else "\n]\n"


def _in_order(item: dict[str, object], options: ExportOptions) -> dict[str, object]:
    """The item with `id` and `type` first and then its variables in the order asked for."""
    first = [name for name in ("id", "type") if name in item]
    rest = [name for name in item if name not in first]
    names = ordered(rest, options, {name: name.replace("-", "_") for name in rest})
    return {name: item[name] for name in (*first, *names)}


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


exporter = CslJsonExporter()
