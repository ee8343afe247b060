"""MEDLINE, Refer and Web of Science beside Zotero's translators of the same formats."""

from __future__ import annotations

import pytest

from tests.agreement.zotero import Place, agree

KNOWN: dict[str, dict[Place, str]] = {
    "medlinenbib": {},
    "referbibix": {},
    "web-of-science-tagged": {},
    "refworks-tagged": {},
    "ovid-tagged": {
        (0, 0, "issued"): "the citation says Winter 2007; Zotero knows months only",
        (0, 0, "container_title"): "12 is the volume; Zotero has it in the title",
        (1, 0, "author"): "Zotero takes the initials MB for a degree",
        (1, 0, "container_title"): "Zotero ends the book's title at the full stop of a name in it",
        (1, 0, "page"): "the chapter's pages (`Chapter pagination`), not the book's",
        (2, 0, "language"): "`English.` without its full stop",
    },
}
"""Where we differ from Zotero, and why we do."""


@pytest.mark.parametrize(
    ("translator", "importer", "fields", "least"),
    [
        ("medlinenbib", "nbib", 77, 0.98),
        ("referbibix", "enw", 13, 0.98),
        ("web-of-science-tagged", "wos", 31, 0.98),
        ("refworks-tagged", "refworks", 12, 0.98),
        ("ovid-tagged", "ovid", 51, 0.88),
    ],
)
def test_agreement(translator: str, importer: str, fields: int, least: float) -> None:
    agreement = agree(translator, importer)
    assert agreement.fields >= fields
    assert agreement.share >= least, str(agreement)
    assert agreement.differing == KNOWN[translator].keys(), str(agreement)
