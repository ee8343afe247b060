"""Importer of Crossref's own JSON: what its REST API answers, or its public data file holds.

Read are one work with its envelope or without, a list answer, an array of works, and JSON Lines
of either (REST API, message version 1.0.0). Records of deleted DOIs are problems, since they
describe nothing. See `docs/formats/crossref-json.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref import Mapped, description_from_message, is_deleted
from refman.importers.json_works import JsonImporter
from refman.ports import FormatInfo

_WORK_KEYS = ("DOI", "title", "author", "container-title", "publisher", "ISBN", "ISSN")
_OF_A_WORK = re.compile(r'"(indexed|DOI|prefix|member|deposited|is-referenced-by-count)"\s{0,9}:')
_OF_THE_API = re.compile(r'"message-type"\s{0,9}:\s{0,9}"(work|work-list)"')


class CrossrefJsonImporter(JsonImporter):
    """Reads `crossref-json`."""

    info = FormatInfo(
        name="crossref-json",
        label="Crossref JSON",
        extensions=(".json", ".jsonl"),
        media_type="application/json",
        description="Works as the Crossref REST API and its public data file give them",
    )
    envelope = ("message", "items")

    def likeness(self, text: str) -> float:
        """0.95 for the API's envelope, or for the fields only Crossref has."""
        if _OF_THE_API.search(text):
            return 0.95
        found = set(_OF_A_WORK.findall(text))
        if found >= {"indexed", "DOI", "prefix"}:
            return 0.95
        return 0.7 if "DOI" in found and len(found) >= 4 else 0.0

    def fault(self, value: object) -> str | None:
        """A work says something, and its DOI was not deleted."""
        if not isinstance(value, Mapping) or not any(value.get(key) for key in _WORK_KEYS):
            return "not a work record of Crossref"
        if is_deleted(value):
            return "the record of a DOI that was deleted at Crossref"
        return None

    def mapped(self, value: Any, *, recase: bool) -> Mapped:
        """What the message says."""
        return description_from_message(value, recase=recase)


importer = CrossrefJsonImporter()
