"""Every entry and every value of the tagged files in the collection, accounted for."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refman import plugins
from refman.importers import enw, nbib, ovid, wos
from refman.model import Date, Extra, Name, Record, Relation, Update, stated
from refman.ports import ImportOptions, Problem
from refman.text.reading import TextInput
from refman.text.tagged import Entry, Grammar, split
from tests.corpus import corpus

_LABEL = re.compile(r"\[(?:doi|pii)\]$|^doi:")
_WORD = re.compile(r"[^\W_]+")
# What goes into the description in other words: short names beside full ones, types, months.
_IN_OTHER_WORDS = {
    "nbib": {"AU", "ED", "PT", "DP", "DEP", "PHST", "PG", "IS", "ISBN", "PMID", "AUID"},
    "enw": {"0", "D", "8", "@", "[", "7"},
    "wos": {"PT", "AU", "PD", "PY", "EA", "SN", "EI", "BN", "J9", "FN", "VR", "PS", "EP"},
    "ovid": {"#", "VN", "AU", "YR", "IS", "DG", "DT"},
}
_GRAMMARS: dict[str, Grammar] = {
    "nbib": nbib.importer.grammar,
    "enw": enw.importer.grammar,
    "wos": wos.GRAMMAR,
    "ovid": ovid.importer.grammar,
}
_FILES = {
    "nbib": ("pubmed", ("*.txt", "*.medline", "*.nbib")),
    "enw": ("endnote/jabref-tests", ("*.enw", "*.ref")),
    "wos": ("wos", ("*.isi",)),
    "ovid": ("wos/jabref-tests", ("Ovid*.txt",)),
}


def _files(name: str) -> Iterator[Path]:
    folder, patterns = _FILES[name]
    root = corpus(*folder.split("/"))
    for pattern in patterns:
        yield from sorted(root.rglob(pattern))


def _read(name: str, path: Path) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(path.read_bytes()), "x")
    options = ImportOptions(recase_titles=False)
    return list(plugins.importer(name).read(source, options))


def _words(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text))


def _said(record: Record) -> Counter[str]:
    """The words of a record, wherever they are."""
    texts = [text for _, text in record.verbatim]
    for _, value in stated(record.description):
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Name):
                texts += [one.display, *one.affiliation, one.ORCID or ""]
            elif isinstance(one, Date):
                texts.append(one.edtf)
            elif isinstance(one, Extra):
                texts.append(one.value)
            elif isinstance(one, str):
                texts.append(one)
            else:
                assert isinstance(one, (Update, Relation))
    return _words("\n".join(texts))


@pytest.mark.parametrize("name", _FILES)
def test_every_value_is_somewhere(name: str) -> None:
    read = 0
    for path in _files(name):
        source = TextInput(io.BytesIO(path.read_bytes()), "x")
        entries = {
            entry.line: entry
            for entry in split(source.lines(), _GRAMMARS[name])
            if isinstance(entry, Entry)
        }
        for record in _read(name, path):
            if not isinstance(record, Record):
                continue
            assert record.origin.location is not None
            said = _said(record) + _words(record.citation_key or "")
            for field in entries[int(record.origin.location.rpartition(":")[2])].fields:
                if field.tag in _IN_OTHER_WORDS[name]:
                    continue
                value = _LABEL.sub("", field.value)
                missing = _words(value).keys() - said.keys()
                assert not _but_for_form(missing, said), (path.name, field)
            read += 1
    assert read


def _but_for_form(missing: set[str], said: Counter[str]) -> set[str]:
    """Without page numbers that were completed (`4913-7`), and identifiers without hyphens."""
    whole = "".join(said)
    return {word for word in missing if not word.isdecimal() and word not in whole}


_COUNTS: dict[str, Callable[[str], int]] = {
    "nbib": lambda text: len(re.findall(r"^PMID ?-", text, re.MULTILINE)),
    "wos": lambda text: len(re.findall(r"^PT ", text, re.MULTILINE)),
    "ovid": lambda text: len(re.findall(r"^<\d+>", text, re.MULTILINE)),
}


@pytest.mark.parametrize("name", _COUNTS)
def test_every_entry_comes_out(name: str) -> None:
    for path in _files(name):
        expected = _COUNTS[name](path.read_text("utf-8", errors="replace"))
        found = [item for item in _read(name, path) if isinstance(item, Record)]
        # Records that begin with another tag are few, and come on top.
        assert len(found) >= expected, path.name
        assert len(found) <= expected + 3, path.name
