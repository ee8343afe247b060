"""Texts of several kinds, and texts of one kind that only look so."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.errors import UnknownFormat
from refman.model import Record
from refman.services.library import Library
from refman.services.pasting import Correction, keep_corrections, read
from refman.services.placing import ImportItem, ImportStatus

DATA = Path(__file__).parents[2] / "data"
RIS = "TY  - JOUR\nTI  - A\nER  - \n"


def test_each_part_is_read_as_what_it_is_with_its_own_lines() -> None:
    text = (
        "10.1371/journal.pone.0115069\n\n@book{b,\n title = {B}}\n% a word\n" + RIS + "\n[\n"
        '{"type": "book", "title": "C {[", "id": "c"}]\n10.1126/science.1\n\nzzz %!?'
    )
    reading = read(text, "pasted")
    assert reading.label.startswith("List of DOIs + BibTeX + RIS + CSL-JSON")
    found = [
        (entry.origin.location, entry.description.title or entry.description.DOI)
        if isinstance(entry, Record)
        else (entry.line, entry.reason)
        for entry in reading.entries
    ]
    assert found == [
        ("pasted:1", "10.1371/journal.pone.0115069"),
        ("pasted:3", "B"),
        ("pasted:6", "A"),
        ("pasted:11", "C {["),
        ("pasted:12", "10.1126/science.1"),
        (14, "in no format that refman knows"),
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("% Encoding: UTF-8\n@book{a, title={x}}\nnot an entry\n@book{b, title={y}}\n", "BibTeX"),
        (f"Provider: X\nContent: text\n\n{RIS}", "RIS"),
        ("@book{a, title={never closed\n\n@book{b, title={y}}\n", "BibTeX"),
    ],
)
def test_remarks_in_a_file_of_one_kind_are_no_parts(text: str, label: str) -> None:
    assert read(text, "pasted").label == label


def test_pages_of_results_with_dois_in_lines_of_their_own_stay_whole() -> None:
    page = (DATA / "garuda" / "result-list.txt").read_text()
    assert len([*read(page, "pasted").entries]) == 3
    with pytest.raises(UnknownFormat):
        read("zzz %!?", "pasted")


def test_corrections_are_no_part_of_an_older_import(tmp_path: Path) -> None:
    source = tmp_path / "a.ris"
    source.write_text(RIS, encoding="utf-8")
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_file(source)
        work = next(iter(library.search("")))
        since = library.history()[0].id
        item = ImportItem(ImportStatus.SKIPPED, work.citation_key, "pasted:1", work_id=work.id)
        said = [(item, Correction({"volume": "4"}))]
        keep_corrections(library.store, said, since, lambda: "2026-11-01T12:00:00Z")
        assert library.history()[0].summary == "corrections on importing"
        assert library.get(work.citation_key).description.volume == "4"
        library.undo()
        assert library.get(work.citation_key).description == work.description
