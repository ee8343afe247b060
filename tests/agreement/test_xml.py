"""The XML formats beside Zotero's translators of the same."""

from __future__ import annotations

from tests.agreement.zotero import agree


def test_endnote_xml() -> None:
    agreement = agree("endnote-xml", "endnote-xml")
    assert agreement.share == 1, str(agreement)
