"""BibTeX beside Zotero's BibTeX translator, and over every `.bib` file of the collection."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest

from refman.importers.bibtex import importer
from refman.model import Record, Work
from refman.ports import ImportOptions, Problem, TextEncoding
from refman.text.reading import TextInput
from tests.agreement.zotero import Difference, agree
from tests.bibtex_files import EXPORTERS, write
from tests.corpus import corpus

KNOWN = {
    (6, 0, "author"): "KC Wright is called KC: Zotero takes her name for initials, and parts them",
}
"""Why we differ where we do; `docs/formats/bibtex.md` has it for readers."""

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_MARK = re.compile("</?su[bp]>")
_ENTRY = re.compile(
    r"^[ \t]*@[ \t]*(?!comment|string|preamble)[a-z]+[ \t]*[{(]", re.MULTILINE | re.IGNORECASE
)
_LARGE = 300_000


def _is_form(difference: Difference) -> bool:
    """Whether two texts differ only in how a digit is raised: Σ⁰ or Σ<sup>0</sup>."""
    ours = _MARK.sub("", str(difference.found))
    return ours == str(difference.expected).translate(_RAISED)


def test_agrees_with_zotero() -> None:
    found = agree("bibtex", "bibtex")
    found.differences = [one for one in found.differences if not _is_form(one)]
    print(found)
    assert found.differing == KNOWN.keys()
    assert found.share >= 0.98


# Every file


def _files() -> list[Path]:
    return sorted(path for path in corpus("bibtex").rglob("*") if path.is_file())


def _text(path: Path) -> TextInput:
    raw = path.read_bytes()
    return TextInput(io.BytesIO(gzip.decompress(raw) if path.suffix == ".gz" else raw), path.name)


def _read(source: TextInput) -> list[Record | Problem]:
    return list(importer.read(source, ImportOptions(recase_titles=False)))


def _works(found: list[Record | Problem]) -> list[Work]:
    return [
        Work(id=number, citation_key=one.citation_key or "x", description=one.description)
        for number, one in enumerate(found)
        if isinstance(one, Record)
    ]


COUNTED_OTHERWISE = {
    "example1.bib": "an @Book begins in the middle of another one, which is told",
    "example2.bib": "two entries in one line",
    "encodingWithoutNewline.bib": "an entry in a line that is a comment's",
}


def test_every_entry_is_accounted_for() -> None:
    count = 0
    for path in _files():
        source = _text(path)
        entries = len(_ENTRY.findall("".join(_text(path).lines())))
        found = _read(source)
        records = [one for one in found if isinstance(one, Record)]
        told = [one for one in found if isinstance(one, Problem) and not one.partial]
        assert all(one.reason and one.line for one in told), path.name
        if entries == 0:
            assert len(records) + len(told) <= 1, path.name
        elif path.name not in COUNTED_OTHERWISE:
            assert len(records) + len(told) == entries, path.name
        count += len(records)
    assert count > 12_000


# Each takes half of the files, to be quick; all four combinations hold for every file.
@pytest.mark.parametrize("to", EXPORTERS)
def test_an_export_of_any_file_is_a_fixed_point(to: str) -> None:
    small = [path for path in _files() if path.stat().st_size < _LARGE and path.suffix != ".gz"]
    for number, path in enumerate(small[to == "biblatex" :: 2]):
        encoding = list(TextEncoding)[number % 2]
        first = write(_works(_read(_text(path))), encoding, to)
        again = _works(_read(TextInput(io.BytesIO(first.encode()), "x")))
        assert write(again, encoding, to) == first, path.name
