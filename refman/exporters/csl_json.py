"""CSL-JSON: a list of items that the schema of CSL 1.0.2 accepts.

`refman.crosswalk.csljson` says what stands where. The tags and collections of a work stand under
`custom`, as all that CSL has no variable for; so nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from refman.crosswalk.csljson import FORMAT, item_from_work
from refman.model import Work
from refman.ports import ExportOptions, FormatInfo, Loss, TextEncoding


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
            yield between + encode(item).replace("\n", "\n  ")
            between = ",\n  "
        yield "[]\n" if between[0] == "[" else "\n]\n"


exporter = CslJsonExporter()
