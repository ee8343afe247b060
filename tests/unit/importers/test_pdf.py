"""PDF files: what is found in them, and what becomes of bad ones."""

from __future__ import annotations

import io
import time
import zlib
from pathlib import Path

import pytest

from refman.importers.pdf import importer
from refman.model import Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text import pdf_file
from refman.text.reading import TextInput
from tests.pdf_files import made_pdf


def read(data: bytes, name: str = "paper.pdf") -> list[Record | Problem]:
    return list(importer.read(TextInput(io.BytesIO(data), name), ImportOptions()))


def problem(data: bytes) -> Problem:
    (found,) = read(data)
    assert isinstance(found, Problem), found
    assert found.line == 1
    return found


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.recognise(Sample("x", "", b"%PDF-1.7\n")) == 1
    assert importer.recognise(Sample("x", "", b"junk\n%PDF-1.4\n")) == 1
    assert importer.recognise(Sample("x.pdf", "text about %PDF-", b"")) == 0


def test_a_paper_end_to_end() -> None:
    data = made_pdf(
        [[
            (8, "Mediasi: Journal of International Relations"),
            (18, "The effectiveness of the IOM"), (18, "in Malaysia post-COVID-19"),
            (10, "Rizkika Dwi and Budi Santoso"), (8, "https://doi.org/10.21111/mediasi.v4i2.10036"),
            (10, "References"), (10, "1. Another. doi:10.1000/other"),
        ], [(10, "The second page")]],
        info={"Title": "The effectiveness of the IOM in Malaysia post-COVID-19",
              "Author": "Rizkika Dwi, Budi Santoso", "Creator": "Word"},
    )  # fmt: skip
    (record,) = read(data)
    assert isinstance(record, Record)
    description = record.description
    assert description.DOI == "10.21111/mediasi.v4i2.10036"
    assert description.title == "The effectiveness of the IOM in Malaysia post-COVID-19"
    assert [name.family for name in description.author] == ["Dwi", "Santoso"]
    assert {"DOI", "title", "author"} <= record.guessed
    kept = {extra.name: extra.value for extra in description.extra}
    assert kept["file"] == str(Path("paper.pdf").absolute())
    assert kept["pages"] == "2"
    assert record.origin.location == "paper.pdf:1"


def test_xmp_of_publishers() -> None:
    data = made_pdf(
        xmp="<prism:doi>10.1000/x</prism:doi><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>"
        "PII: S0009</rdf:li></rdf:Alt></dc:title><prism:publicationName>Metrologia"
        "</prism:publicationName><dc:creator><rdf:Seq><rdf:li>A B</rdf:li></rdf:Seq></dc:creator>",
        attributes=' prism:volume="12" pdfx:robots="noindex"',
    )
    (record,) = read(data)
    assert isinstance(record, Record)
    description = record.description
    assert (description.DOI, description.container_title) == ("10.1000/x", "Metrologia")
    assert (description.volume, description.type) == ("12", "article-journal")
    assert description.title is None
    assert {"container_title", "volume"}.isdisjoint(record.guessed)


def test_files_that_say_nothing() -> None:
    assert "pictures" in problem(made_pdf()).reason
    found = problem(made_pdf([[(10, "Invoice no. 12")]], info={"Title": "scan0001.pdf"}))
    assert found.reason == "no DOI, arXiv number, ISBN or title was found in it"
    assert "scan0001.pdf" in found.raw


def test_bad_files_are_problems() -> None:
    good = made_pdf([[(10, "doi:10.1000/x")]])
    assert "password" in problem(made_pdf(password="secret")).reason
    assert "damaged" in problem(b"%PDF-1.7\n" + b"garbage" * 50).reason
    assert problem(b"no pdf").reason == "it is no PDF file"
    cut = read(good[: len(good) // 2])
    assert len(cut) == 1


LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3/Prev 0>>\nstartxref\n0\n%%EOF"
)


def test_hostile_files_end() -> None:
    assert problem(LOOP).reason
    bomb = zlib.compress(b" " * 150_000_000, 1)
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length " + str(len(bomb)).encode() + b">>stream\n" + bomb
        + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF"
    )  # fmt: skip
    start = time.monotonic()
    assert problem(data).reason
    assert time.monotonic() - start < pdf_file.MAX_SECONDS + 10


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "MAX_SECONDS", 0.001)
    assert "takes more than" in problem(made_pdf()).reason


def test_what_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "MAX_FILE", 100)
    assert "larger than" in str(pdf_file.read_pdf(made_pdf()).fault)
