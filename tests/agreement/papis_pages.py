"""Saved pages read by refman and by papis: how far the two agree.

papis keeps pages of publishers in its tests, each with what it takes from them; some of that it
fetched elsewhere, so its answer is no perfect judge. Pages that are only a publisher's check for
robots, of which refman makes nothing, are left out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from refman.importers.html import importer
from refman.model import Description, Record
from refman.ports import ImportOptions
from refman.text.dates import read_date
from refman.text.reading import TextInput
from refman.text.titles import fold

FIELDS = (
    "title", "authors", "doi", "journal", "volume", "issue", "year", "first page", "publisher",
)  # fmt: skip


class Compared(NamedTuple):
    """One field of one page: what papis says and what refman says."""

    page: str
    field: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.found


def compare(folder: Path) -> Iterator[Compared]:
    """All fields of all pages of a folder that have both a page and papis's answer."""
    for page in sorted(folder.glob("*.html")):
        answer = page.with_name(f"{page.stem}_Out.json")
        if not answer.exists():
            continue
        expected = _from_papis(json.loads(answer.read_text("utf-8")))
        source = TextInput(io.BytesIO(page.read_bytes()), page.name)
        records = [r for r in importer.read(source, ImportOptions()) if isinstance(r, Record)]
        if not records:
            continue
        found = _from_refman(records[0].description)
        for field in FIELDS:
            if expected[field]:
                yield Compared(page.stem, field, expected[field], found[field])


def _from_papis(data: dict[str, Any]) -> dict[str, str]:
    dates = (data.get(name) for name in ("year", "publication_date", "date"))
    date = read_date(str(next(filter(None, dates), "")))
    return {
        "title": fold(data.get("title", "")),
        "authors": " ".join(fold(one.get("family", "")) for one in data.get("author_list", [])),
        "doi": str(data.get("doi", "")).lower(),
        "journal": fold(data.get("journal", "")),
        "volume": str(data.get("volume", "")),
        "issue": str(data.get("issue", "")),
        "year": str(date.date.year) if date else "",
        "first page": str(data.get("firstpage") or data.get("pages") or "").split("-")[0],
        "publisher": fold(data.get("publisher", "")),
    }


def _from_refman(description: Description) -> dict[str, str]:
    return {
        "title": fold(description.title or ""),
        "authors": " ".join(fold(name.full_family) for name in description.author),
        "doi": (description.DOI or "").lower(),
        "journal": fold(description.container_title or ""),
        "volume": description.volume or "",
        "issue": description.issue or "",
        "year": str(description.year or ""),
        "first page": (description.page or "").split("-")[0],
        "publisher": fold(description.publisher or ""),
    }
