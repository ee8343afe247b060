"""Importer of OpenAlex's works: what its API answers, or lines of its snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref import Mapped
from refman.crosswalk.openalex_works import description_from_whole_work
from refman.importers.json_works import JsonImporter
from refman.ports import FormatInfo

_OF_OPENALEX = re.compile(
    r'"(authorships|display_name|publication_year|primary_location|abstract_inverted_index|'
    r'host_venue|cited_by_api_url)"\s{0,9}:'
)


class OpenAlexJsonImporter(JsonImporter):
    """Reads `openalex-json`."""

    info = FormatInfo(
        name="openalex-json",
        label="OpenAlex JSON",
        extensions=(".json", ".jsonl"),
        media_type="application/json",
        description="works as OpenAlex's API and snapshot give them",
    )
    envelope = ("results",)

    def likeness(self, text: str) -> float:
        """0.97 for three fields that only OpenAlex has."""
        return 0.97 if len(set(_OF_OPENALEX.findall(text))) >= 3 else 0.0

    def fault(self, value: object) -> str | None:
        """Only what has a title or a DOI is a work."""
        keys = ("title", "display_name", "doi")
        if not isinstance(value, Mapping) or not any(value.get(key) for key in keys):
            return "not a work of OpenAlex"
        return None

    def mapped(self, value: Any, *, recase: bool) -> Mapped:  # noqa: ARG002
        """What the work says; titles are recased as ever, since capitals are marked as guessed."""
        return description_from_whole_work(value)


importer = OpenAlexJsonImporter()
