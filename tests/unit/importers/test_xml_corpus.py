"""Every XML file of the collection is accounted for, entry by entry."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest

from refman import plugins
from refman.model import Record
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.corpus import corpus

_ENTRIES = {
    "endnote-xml": rb"<record[\s>]",
    "mods": rb"<(?:mods:)?mods[\s>]",
    "pubmed-xml": rb"<(?:PubmedArticle|PubmedBookArticle|DeleteCitation)>",
    "marcxml": rb"<record[\s>]",
    "picaxml": rb"<record[\s>]",
    "zotero-rdf": rb"\n<rdf:Description ",
}
_FOLDERS = ("endnote", "mods", "pubmed", "portals")


def _files() -> list[Path]:
    found = (path for folder in _FOLDERS for path in sorted(corpus(folder).rglob("*.xml*")))
    return [path for path in found if path.name.endswith((".xml", ".xml.gz"))]


def test_every_entry_comes_out_as_a_record_or_a_problem() -> None:
    read = 0
    for path in _files():
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
        source = TextInput(io.BytesIO(raw), path.name)
        sample = Sample(source.name, source.head_text, source.head)
        name, sure = _recognised(sample)
        if sure < 0.5:
            # DBLP's own XML, and files of JabRef's tests that are meant to be nothing.
            assert "dblp" in path.name or b"<record" not in raw, path
            continue
        found = list(plugins.importer(name).read(source, ImportOptions()))
        whole = [one for one in found if isinstance(one, Record) or not one.partial]
        expected = len(re.findall(_ENTRIES[name], raw))
        if name == "zotero-rdf":
            # Cut off at its end, which is one problem more.
            expected += 1
        assert len(whole) == expected, (path, name)
        assert all(one.line for one in found if isinstance(one, Problem)), path
        read += len(whole)
    assert read > 3000


def _recognised(sample: Sample) -> tuple[str, float]:
    sure = {name: plugins.importer(name).recognise(sample) for name in _ENTRIES}
    best = max(sure, key=lambda name: sure[name])
    return best, sure[best]


@pytest.mark.parametrize("name", ["gvk_gmp.xml", "gvk_result_for_797485368.xml"])
def test_pica_is_told(name: str) -> None:
    raw = corpus("mods", name).read_bytes()
    source = TextInput(io.BytesIO(raw), name)
    found = list(plugins.importer("marcxml").read(source, ImportOptions()))
    assert found
    assert all(isinstance(one, Problem) and "PICA" in one.reason for one in found)
