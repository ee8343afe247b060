"""MEDLINE, Refer and Web of Science beside Zotero's translators of the same formats."""

from __future__ import annotations

import pytest

from tests.agreement.zotero import Place, agree

KNOWN: dict[str, dict[Place, str]] = {
    "medlinenbib": {},
    "referbibix": {},
    "web-of-science-tagged": {},
    "refworks-tagged": {},
}
"""Where we differ from Zotero, and why we do."""


@pytest.mark.parametrize(
    ("translator", "importer", "fields", "least"),
    [
        ("medlinenbib", "nbib", 77, 0.98),
        ("referbibix", "enw", 13, 0.98),
        ("web-of-science-tagged", "wos", 31, 0.98),
        ("refworks-tagged", "refworks", 12, 0.98),
    ],
)
def test_agreement(translator: str, importer: str, fields: int, least: float) -> None:
    agreement = agree(translator, importer)
    assert agreement.fields >= fields
    assert agreement.share >= least, str(agreement)
    assert agreement.differing == KNOWN[translator].keys(), str(agreement)
