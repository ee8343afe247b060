"""The XML formats beside Zotero's translators of the same."""

from __future__ import annotations

from tests.agreement.zotero import agree


def test_endnote_xml() -> None:
    agreement = agree("endnote-xml", "endnote-xml")
    assert agreement.share == 1, str(agreement)


MODS = {
    (2, 0, "editor"): "a name that no type marks as a person's is parted at its comma all the same",
    (3, 0, "title"): "the blank before a colon, which cataloguers put there, is taken out",
}


def test_mods() -> None:
    agreement = agree("mods", "mods")
    assert agreement.share > 0.97, str(agreement)
    assert agreement.differing == MODS.keys(), str(agreement)


CROSSREF = {
    (0, 0, "title"): "the blanks that pretty-printing put around a subscript are taken out",
}


def test_crossref_xml() -> None:
    agreement = agree("crossref-unixref-xml", "crossref-xml")
    assert agreement.differing == CROSSREF.keys(), str(agreement)


PUBMED = {(0, 0, "URL"): "the same address, by https"}


def test_pubmed_xml() -> None:
    agreement = agree("pubmed-xml", "pubmed-xml")
    assert agreement.share > 0.98, str(agreement)
    assert agreement.differing == PUBMED.keys(), str(agreement)


RDF = {
    (1, 0, "type"): "CSL has treaties, Zotero has none",
    (1, 0, "notes"): "the same: what Zotero notes as `Type: treaty` is the type here",
}


def test_zotero_rdf() -> None:
    agreement = agree("rdf", "zotero-rdf")
    assert agreement.differing <= RDF.keys(), str(agreement)


MARC = {
    (0, 0, "abstract"): "the full stop at its end stays",
    (0, 0, "notes"): "each note is a line, with its full stop, and so are the references (504)",
}


def test_marcxml() -> None:
    agreement = agree("marcxml", "marcxml")
    assert agreement.differing == MARC.keys(), str(agreement)
