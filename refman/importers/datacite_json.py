"""Importer of DataCite's own JSON: what its REST API answers, or a metadata file of one DOI.

Read are JSON:API resources (`{"data": …}`, one or many, with `attributes`), attributes alone, as
content negotiation gives them, arrays, and JSON Lines of any of these (DataCite schema 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref import Mapped
from refman.crosswalk.datacite import description_from_attributes
from refman.importers.json_works import JsonImporter
from refman.ports import FormatInfo

_OF_DATACITE = re.compile(
    r'"(creators|publicationYear|titles|resourceTypeGeneral|schemaVersion|relatedIdentifiers)"'
    r"\s{0,9}:"
)


class DataciteJsonImporter(JsonImporter):
    """Reads `datacite-json`."""

    info = FormatInfo(
        name="datacite-json",
        label="DataCite JSON",
        extensions=(".json", ".jsonl"),
        media_type="application/vnd.datacite.datacite+json",
        description="records of DataCite, as its REST API and content negotiation give them",
    )
    envelope = ("data",)

    def likeness(self, text: str) -> float:
        """0.95 for three fields that only DataCite has."""
        return 0.95 if len(set(_OF_DATACITE.findall(text))) >= 3 else 0.0

    def fault(self, value: object) -> str | None:
        """Only what has titles, people or a DOI is a work."""
        said = _attributes(value)
        if not any(said.get(key) for key in ("titles", "creators", "doi")):
            return "not a record of DataCite"
        return None

    def mapped(self, value: Any, *, recase: bool) -> Mapped:
        """What the attributes say."""
        return description_from_attributes(_attributes(value), recase=recase)


def _attributes(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("attributes")
    return inner if isinstance(inner, Mapping) else value


importer = DataciteJsonImporter()
