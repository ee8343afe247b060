"""docs/formats.md lists the formats that there are, each with its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from refman import plugins

DOCS = Path(__file__).parents[2] / "docs"
_ROW = re.compile(
    r"^\| \[`([\w-]+)`\]\(formats/([\w-]+)\.md\) \| (in|) ?\| ([^|]*?) ?\|", re.MULTILINE
)
_LINK = re.compile(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)")


def _built_in(group: str, names: tuple[str, ...]) -> set[str]:
    return {name for name in names if plugins.distribution(group, name).startswith("refman-tui ")}


def test_the_list_of_formats_is_that_of_the_registry() -> None:
    rows = _ROW.findall((DOCS / "formats.md").read_text(encoding="utf-8"))
    assert [name for name, *_ in rows] == sorted(name for name, *_ in rows)
    read = {name for name, _, way, _ in rows if way}
    written = {name for name, _, _, way in rows if "out" in way}
    assert read == _built_in("refman.importers", plugins.importer_names())
    assert written == _built_in("refman.exporters", plugins.exporter_names())


@pytest.mark.parametrize(
    "page", ["formats.md", "plugins.md", "formats/markdown.md", "formats/hostile.md"]
)
def test_links_lead_somewhere(page: str) -> None:
    path = DOCS / page
    links = _LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", sorted((DOCS / "formats").glob("*.md")), ids=lambda page: page.stem
)
def test_every_page_is_listed(page: Path) -> None:
    assert f"(formats/{page.name})" in (DOCS / "formats.md").read_text(encoding="utf-8")
