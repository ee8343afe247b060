"""What a tag of RIS means depends on the type, and on the program that wrote it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from refman.crosswalk.ris_kinds import fields_by_tag, tags_by_field
from refman.importers.ris import importer
from refman.model import FIELDS, Date, Description, Extra, Name, Record
from refman.model.vocabulary import CSL_TYPES
from refman.ports import ImportOptions
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly

DOE = Name("Doe", "Jane")


def record(kind: str, *lines: str) -> Record:
    text = "\n".join((f"TY  - {kind}", *lines, "ER  - ", ""))
    source = TextInput(io.BytesIO(text.encode()), "x.ris")
    items = importer.read(source, ImportOptions(recase_titles=False))
    (found,) = [item for item in items if isinstance(item, Record)]
    return found


def described(kind: str, *lines: str) -> Description:
    return record(kind, "TI  - A", *lines).description


@pytest.mark.parametrize(
    ("kind", "line", "field", "value"),
    [
        ("BOOK", "T2  - Series", "collection_title", "Series"),
        ("BOOK", "M1  - 12", "collection_number", "12"),
        ("BOOK", "A3  - Doe, Jane", "editor", (DOE,)),
        ("EDBOOK", "AU  - Doe, Jane", "editor", (DOE,)),
        ("BOOK", "ED  - Doe, Jane", "editor", (DOE,)),
        ("CHAP", "A2  - Doe, Jane", "editor", (DOE,)),
        ("CHAP", "A3  - Doe, Jane", "collection_editor", (DOE,)),
        ("CHAP", "C2  - Doe, Jane", "container_author", (DOE,)),
        ("CHAP", "IS  - 3", "number_of_volumes", "3"),
        ("CHAP", "SV  - 7", "collection_number", "7"),
        ("CHAP", "T3  - Series", "collection_title", "Series"),
        ("THES", "A3  - Doe, Jane", "contributor", (DOE,)),
        ("THES", "M3  - PhD", "genre", "PhD"),
        ("RPRT", "SN  - R-12", "number", "R-12"),
        ("RPRT", "T2  - Series", "collection_title", "Series"),
        ("PAT", "IS  - 4,904,581", "number", "4,904,581"),
        ("PAT", "SN  - US1234", "number", "US1234"),
        ("PAT", "A2  - Patent Office", "authority", "Patent Office"),
        ("PAT", "C1  - 1986/06/23", "submitted", Date(1986, 6, 23)),
        ("PAT", "C6  - granted", "status", "granted"),
        ("BILL", "T2  - Code", "container_title", "Code"),
        ("BILL", "ET  - 107th", "chapter_number", "107th"),
        ("BILL", "T3  - Senate", "authority", "Senate"),
        ("STAT", "OP  - History", "references", "History"),
        ("HEAR", "T2  - Committee", "section", "Committee"),
        ("CASE", "PB  - Court", "authority", "Court"),
        ("CASE", "A2  - Reporter", "container_title", "Reporter"),
        ("CASE", "T2  - Reporter", "container_title", "Reporter"),
        ("ENCYC", "SN  - 123", "ISBN", ("123",)),
        ("MAP", "J2  - Abbr.", "container_title", None),
        ("CASE", "SV  - 12-345", "number", "12-345"),
        ("COMP", "ET  - 1.2", "version", "1.2"),
        ("COMP", "M1  - Linux", "medium", "Linux"),
        ("DATA", "ET  - 2", "version", "2"),
        ("MAP", "C1  - 1:50000", "scale", "1:50000"),
        ("ART", "C3  - 30 x 40 cm", "dimensions", "30 x 40 cm"),
        ("ART", "M3  - Oil", "medium", "Oil"),
        ("MPCT", "SP  - 90 min", "dimensions", "90 min"),
        ("MPCT", "A3  - Doe, Jane", "producer", (DOE,)),
        ("SOUND", "A2  - Doe, Jane", "performer", (DOE,)),
        ("INTV", "A2  - Doe, Jane", "interviewer", (DOE,)),
        ("PCOMM", "A2  - Doe, Jane", "recipient", (DOE,)),
        ("SLIDE", "T2  - Meeting", "event_title", "Meeting"),
        ("ELEC", "M1  - 2021/08/15", "accessed", Date(2021, 8, 15)),
        ("ELEC", "VL  - 2021", "accessed", Date(2021)),
        ("ELEC", "Y2  - 2021/08/15", "accessed", Date(2021, 8, 15)),
        ("NEWS", "SE  - B", "section", "B"),
        ("JOUR", "M1  - 4", "issue", "4"),
        ("JOUR", "AN  - 2021-46702-028", "archive_location", "2021-46702-028"),
        ("JOUR", "DB  - PsycINFO", "archive", "PsycINFO"),
        ("JOUR", "RI  - A Book", "reviewed_title", "A Book"),
        ("JOUR", "UR  - PM:12345", "PMID", "12345"),
        ("JOUR", "CR  - CC-BY", "license", "CC-BY"),
    ],
)  # fmt: skip
def test_a_tag_by_type(kind: str, line: str, field: str, value: Any) -> None:
    assert getattr(described(kind, line), field) == value


def test_a_series_editor_needs_a_series() -> None:
    alone = record("BOOK", "TI  - A", "A2  - Doe, Jane")
    assert alone.description.editor == (DOE,)
    assert "editor" in alone.guessed
    of_series = described("BOOK", "AU  - Roe, Richard", "A2  - Doe, Jane", "T2  - Series")
    assert (of_series.editor, of_series.collection_editor) == ((), (DOE,))


@pytest.mark.parametrize(
    ("lines", "proceedings", "event"),
    [
        (["T2  - ACM Conference on A"], "ACM Conference on A", None),
        (["T2  - A 2021", "C3  - Proceedings of A"], "Proceedings of A", "A 2021"),
        (["T2  - Proc. A", "C3  - Proc. A"], "Proc. A", None),
        (["T2  - Proc. A", "CP  - A 2021"], "Proc. A", "A 2021"),
        (["T2  - Proc. A", "C3  - Bryant University", "AN  - WOS:000123"], "Proc. A", None),
        (["JO  - Proc. A"], "Proc. A", None),
    ],
)
def test_proceedings_and_conferences(
    lines: list[str], proceedings: str | None, event: str | None
) -> None:
    found = described("CPAPER", *lines)
    assert (found.container_title, found.event_title) == (proceedings, event)


def test_places_of_a_conference() -> None:
    alone = described("CONF", "CY  - Paris")
    assert (alone.publisher_place, alone.event_place) == ("Paris", None)
    both = described("CONF", "C1  - New York", "CY  - Paris")
    assert (both.publisher_place, both.event_place) == ("New York", "Paris")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Doe, Jane", DOE),
        ("Doe,J.", Name("Doe", "J.")),
        ("van Beethoven, Ludwig", Name("Beethoven", "Ludwig", non_dropping_particle="van")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Rizkika Dwi", Name(literal="Rizkika Dwi")),
        ("World Health Organization", Name(literal="World Health Organization")),
        ("Minollah", Name(literal="Minollah")),
        ("J. K. Doe", Name("Doe", "J. K.")),
        ("Doe J.K.", Name("Doe", "J.K.")),
        ("Doe JK", Name("Doe", "JK")),
        ("de Rooy M", Name("Rooy", "M", non_dropping_particle="de")),
    ],
)
def test_names_are_parted_where_it_is_sure(text: str, name: Name) -> None:
    found = record("JOUR", "TI  - A", f"AU  - {text}")
    assert found.description.author == (name,)
    assert ("author" in found.guessed) == (name.literal is not None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["KW  - a; b"], ("a", "b")),
        (["KW  - a, b, c"], ("a", "b", "c")),
        (["KW  - Neoplasms, Experimental"], ("Neoplasms, Experimental",)),
        (["KW  - a, b, c", "KW  - d"], ("a, b, c", "d")),
        (["KW  - a, b, c;"], ("a, b, c",)),
        (
            ["KW  - Ecology, Evolution, Behavior and Systematics"],
            ("Ecology, Evolution, Behavior and Systematics",),
        ),
    ],
)
def test_keywords(lines: list[str], words: tuple[str, ...]) -> None:
    assert described("JOUR", *lines).keyword == words


def test_procite_writes_fields_as_notes() -> None:
    found = described(
        "CHAP",
        "N1  - Record ID: 40",
        "A1  - Roe, Richard",
        "A2  - Doe, Jane",
        "T2  - The Book",
        "VL  - 2nd",
        "N1  - Author, Subsidiary: Max Moe; Ann Noe",
        "N1  - Volume ID: 3",
        "N1  - Series Title: The Series",
        "N1  - Connective Phrase: in",
        "N1  - Medium Designator: print",
        "N1  - Notes: mine",
    )
    assert (found.edition, found.volume) == ("2nd", "3")
    assert (found.container_title, found.collection_title) == ("The Book", "The Series")
    assert found.editor == (DOE,)
    assert found.collection_editor == (Name("Moe", "Max"), Name("Noe", "Ann"))
    assert found.note == "Medium Designator: print\nmine"
    assert found.extra == (Extra("ris", "ID", "40"),)


def test_a_note_that_only_looks_like_one_of_procite_stays() -> None:
    found = described("CHAP", "VL  - 2", "N1  - Edition: see the cover")
    assert (found.volume, found.edition, found.note) == ("2", None, "Edition: see the cover")


def test_scopus_has_the_number_of_pubmed_under_c2() -> None:
    found = described("JOUR", "C2  - 31421429", "DB  - Scopus")
    assert (found.PMID, found.archive, found.extra) == ("31421429", "Scopus", ())
    assert described("JOUR", "C2  - 31421429").PMID is None


def test_citavi_has_pairs_of_library_and_call_number() -> None:
    found = described("BOOK", "H1  - Library", "H2  - QA 1", "H1  - Another", "H2  - QA 2")
    assert (found.source, found.call_number) == ("Library", "QA 1")
    assert [extra.value for extra in found.extra] == ["Another", "QA 2"]


def test_a_generic_record_in_a_journal_is_an_article() -> None:
    article = record("GEN", "TI  - A", "JO  - Journal", "VL  - 1", "SP  - 2")
    assert article.description.type == "article-journal"
    assert "type" in article.guessed
    assert described("GEN", "T2  - Journal", "VL  - 1", "SP  - 2").type == "document"


def test_a_short_title_stands_in() -> None:
    found = record("JOUR", "ST  - Short", "AU  - Doe, Jane")
    assert found.description.title == "Short"
    assert "title" in found.guessed


def test_several_addresses_in_one_value() -> None:
    found = described("JOUR", "UR  - <Go to ISI>://WOS:1 https://a.org/1", "https://b.org/2")
    assert found.URL == "https://a.org/1"
    assert [extra.value for extra in found.extra] == ["<Go to ISI>://WOS:1", "https://b.org/2"]


def test_a_title_repeated_as_a_note_is_none() -> None:
    assert described("JOUR", "N1  - A").note is None


@pytest.mark.parametrize("kind", sorted(CSL_TYPES))
def test_the_table_speaks_of_fields_that_there_are(kind: str) -> None:
    assert set(fields_by_tag(kind).values()) <= set(FIELDS)
    for field, tag in tags_by_field(kind).items():
        assert fields_by_tag(kind)[tag] == field


@pytest.mark.parametrize(
    ("head", "piece", "tail"),
    [
        ("UR  - a", " ", "b"),
        ("UR  - a", ";", "b"),
        ("UR  - ", " https://a.org/1", ""),
        ("AU  - ", "A. ", "1"),
        ("AU  - a", " A.", "1"),
        ("AU  - a", " ", "b, c"),
        ("KW  - ", "a, ", "b"),
        ("M1  - ", "a ", "!"),
        ("N1  - Record ID: 1\nN1  - ", "A ", ": b"),
        ("N1  - ", "Notes: a\nN1  - ", "Record ID: 1"),
        ("C3  - ", "proceeding ", ""),
        ("", "AN  - 1\nM1  - arXiv:2101.00001\n", ""),
    ],
)
def test_hostile_values_take_linear_time(head: str, piece: str, tail: str) -> None:
    def read_it(size: int) -> None:
        text = f"TY  - CONF\nTI  - A\n{head}{piece * size}{tail}\nER  - \n"
        source = TextInput(io.BytesIO(text.encode()), "x.ris")
        list(importer.read(source, ImportOptions(recase_titles=False)))

    assert_grows_linearly(read_it, 500)
