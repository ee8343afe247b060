"""Pages of Garuda, pasted and saved."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.importers.garuda import importer
from refman.model import Date, Extra, Name, OriginKind, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly

ROOT = Path(__file__).parents[3]
MODEL = (ROOT / "examples" / "garuda-mediasi.txt").read_text(encoding="utf-8")
LIST = (ROOT / "tests/data/garuda/result-list.txt").read_text(encoding="utf-8")
PAGE = (ROOT / "tests/data/garuda/search_classes.html").read_text(encoding="utf-8")

RAW_TITLE = (
    "THE EFFECTIVENESS OF THE INTERNATIONAL ORGANIZATION FOR MIGRATION (IOM) IN ADDRESSING HUMAN "
    "TRAFFICKING AGAINST INDONESIAN MIGRANT WORKERS IN MALAYSIA POST-COVID-19"
)
TITLE = (
    "The effectiveness of the International Organization for Migration (IOM) in addressing human "
    "trafficking against Indonesian migrant workers in Malaysia post-COVID-19"
)
ABSTRACT = MODEL.split("Abstract\n\n")[1].strip()
ROW = "Show Abstract | Download Original | Original Source | Check in Google Scholar"


def read(text: str, name: str = "page.txt", recase: bool = True) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(text.encode()), name)
    return list(importer.read(source, ImportOptions(recase_titles=recase)))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str) -> list[Problem]:
    return [item for item in read(text) if isinstance(item, Problem)]


def one(text: str) -> Record:
    (record,) = records(text)
    return record


def result(heading: str, source: str = "J Vol 1 No 2 (2020)", abstract: str = "") -> str:
    shown = f"\n\nAbstract\n\n{abstract}" if abstract else ""
    return f"Found 1 Documents\nSearch\n\n{heading}\n{source}\nPublisher : P\n\n{ROW}{shown}\n"


# ------------------------------------------------------------------ the model case


def test_model_case() -> None:
    (record,) = read(MODEL, "garuda.txt")
    assert isinstance(record, Record)
    work = record.description
    assert work.type == "article-journal"
    assert work.title == TITLE
    assert work.author == (Name(literal="Rizkika Dwi"),)
    assert work.container_title == "Mediasi: Journal of International Relations"
    assert (work.volume, work.issue, work.issued) == ("4", "2", Date(2021))
    assert work.publisher == "UNIDA GONTOR"
    assert work.DOI == "10.21111/mediasi.v4i2.10036"
    assert work.abstract == ABSTRACT
    assert work.language == "en"
    assert work.extra == ()
    assert record.verbatim == (("title", RAW_TITLE),)
    assert record.guessed == {"title", "author", "language"}
    assert record.origin.kind is OriginKind.IMPORT
    assert (record.origin.name, record.origin.location) == ("garuda", "garuda.txt:8")


def test_title_stays_in_capitals_if_asked() -> None:
    (record,) = read(MODEL, recase=False)
    assert isinstance(record, Record)
    assert record.description.title == RAW_TITLE
    assert record.verbatim == ()


def wrapped(width: int) -> str:
    lines = (
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in MODEL.split("\n")
    )
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        MODEL.replace("\n", "\r\n"),
        "\ufeff" + MODEL,
        MODEL.replace(" | ", "\t"),
        MODEL.replace(" | ", " "),
        MODEL.replace(" | ", "\n"),
        MODEL.replace(" | ", " | \n"),
        MODEL.replace("DOI: 10", "DOI:\n10"),
        MODEL.replace("Publisher : ", "Publisher :\n"),
        MODEL.replace("Publisher : ", "Publisher: "),
        MODEL.replace(" Rizkika", "\nRizkika"),
        MODEL.replace(" Rizkika", "\n\nRizkika").replace("\nMediasi:", "\n\nMediasi:"),
        MODEL.replace(" Rizkika", "\tRizkika"),
        MODEL.replace("\nPublisher", "\n\nPublisher").replace("\nMediasi:", "\n\nMediasi:"),
        MODEL.replace(" Vol. 4", "\nVol. 4"),
        "\n".join(line for line in MODEL.split("\n") if line.strip()),
        MODEL.replace(" ", "\u00a0 ", 3),
        MODEL + "\n\nPage 1 of 1 | Total Record : 1\n1\n",
        MODEL.split("THE EFF", maxsplit=1)[1].join(("THE EFF", "")),
        *(wrapped(width) for width in (60, 64, 72, 78, 80, 100)),
    ],
)
def test_model_case_as_other_browsers_and_editors_have_it(text: str) -> None:
    record = one(text)
    work = record.description
    assert work.title == TITLE
    assert work.author == (Name(literal="Rizkika Dwi"),)
    assert work.container_title == "Mediasi: Journal of International Relations"
    assert (work.volume, work.issue, work.issued) == ("4", "2", Date(2021))
    assert (work.publisher, work.DOI) == ("UNIDA GONTOR", "10.21111/mediasi.v4i2.10036")
    assert work.abstract == ABSTRACT
    assert not problems(text)


def test_page_pasted_twice_and_abstract_not_shown() -> None:
    first, second = records(MODEL + "\n" + MODEL)
    assert first.description == second.description
    assert second.origin.location == "page.txt:24"
    hidden = one(MODEL.split("Abstract\n\n", maxsplit=1)[0])
    assert hidden.description.abstract is None
    assert hidden.description.DOI == "10.21111/mediasi.v4i2.10036"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Claim Missing Document\nCheck\nArticles\n\nFound 0 Documents\nSearch\n"]
)
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert read(text) == []


# ------------------------------------------------------------------ lists


def test_list() -> None:
    first, second, third = records(LIST)
    assert first.description.author == (
        Name(family="Adji", given="Iwan Setiawan"),
        Name(family="Nabilah", given="Aisyah"),
        Name(family="Alghozi", given="Muhammad Hilmi"),
    )
    assert "author" not in first.guessed
    assert first.description.abstract is not None
    assert first.description.abstract.endswith("tinggi di Asia Tenggara.")
    assert "Kata kunci" not in first.description.abstract
    assert first.description.keyword[4:6] == ("seizures", "karsinoma nasofaring")
    assert first.description.issued == Date(2025)
    assert first.description.extra == (Extra("garuda", "issue_title", "Oktober-Desember 2025"),)
    assert second.description.title is not None
    assert second.description.title.endswith("Straightening Of Law")
    assert second.description.author == (Name(literal="Minollah"),)
    assert second.description.DOI == "10.29303/ulrev.v1i2.15"
    assert "DOI" in second.guessed
    assert ("DOI", "10.29303/ulrev. v1i2.15") in second.verbatim
    assert third.description.title == (
        "Hubungan lingkungan terhadap implementasi kebijakan kawasan tanpa rokok di SMA Raksana "
        "Medan tahun 2018"
    )
    assert third.description.author == (Name(literal="Florenly"),)
    assert third.description.DOI is None
    assert third.description.language == "id"
    assert problems(LIST) == []


def test_no_furniture_in_any_field() -> None:
    for record in [*records(LIST), *records(MODEL), *records(PAGE)]:
        said = repr((record.description, record.verbatim))
        for furniture in ("Claim Missing", "Scholar", "Show Abstract", "Total Record", "305.861"):
            assert furniture not in said


def test_saved_page() -> None:
    found = records(PAGE)
    assert len(found) == 4
    first, _, third, fourth = found
    assert first.origin.location == "page.txt:37"
    assert first.description.publisher == "FORIKES"
    assert first.description.URL == (
        "http://forikes-ejournal.com/index.php/SF/article/view/sf16430/16430"
    )
    assert len(first.description.author) == 3
    assert first.description.DOI == "10.33846/sf16430"
    links = {extra.name: extra.value for extra in third.description.extra}
    assert links["pdf"].startswith("http://download.garuda.kemdiktisaintek.go.id/article.php?")
    assert " " not in links["pdf"]
    assert third.description.abstract is not None
    assert third.description.abstract.endswith("concerning Non-Smoking Areas.")
    assert third.description.keyword[0] == "Communication"
    assert fourth.description.author == (Name(literal="Florenly"),)
    assert problems(PAGE) == []


def test_raw_text_in_a_saved_page() -> None:
    page = (
        '<!DOCTYPE html><div><a href="/documents/detail/7"><xmp>A < B & C when p<0.05</xmp></a><br>'
        '<a href="/author/view/1"><xmp>Adji, Iwan</xmp></a>; <a href="/author/view/2">Nabilah</a>'
        "<p class=subtitle-article>J Vol 1 No 2 (2020): Maret</p>"
        "<p class=subtitle-article><i>Publisher : </i><xmp>P & Q</xmp></p>"
        '<p><a href="#">Show Abstract</a> | <a href="javascript:alert(1)">Original Source</a> | '
        '<a href="https://doi.org/10.1234/ab%20c">DOI: 10.1234/abc</a></p>'
        '<div class="abstract-article" style="display:none"><xmp class="abstract-article"><p>One '
        "x<y.</p><p>Two &amp; three.</p></xmp></div></div><script>var a = '<xmp>';</script>"
    )
    record = one(page)
    work = record.description
    assert work.title == "A < B & C when p<0.05"
    assert work.author == (Name(family="Adji", given="Iwan"), Name(literal="Nabilah"))
    assert (work.container_title, work.issued) == ("J", Date(2020, 3))
    assert work.publisher == "P & Q"
    assert work.DOI == "10.1234/abc"
    assert work.URL is None
    assert work.abstract == "One x<y.\n\nTwo & three."


def test_document_page() -> None:
    text = (
        "Garuda - Garba Rujukan Digital\nHome\nJurnal Hukum Vol 3, No 1 (2021): Juni\n"
        "PERLINDUNGAN HUKUM BAGI KONSUMEN\nSantoso, Budi; Minollah -\n"
        "Original Source | Check in Google Scholar | DOI: 10.1234/jh.v3i1.5\n"
        "Article Info\nPublish Date\n15 Jun 2021\n\nAbstract\nPenelitian ini tentang konsumen.\n\n"
        "Copyrights © 2021\nJournal Info\nAbbrev\njh\nPublisher\nUniversitas X\n"
        "Subject\nLaw, Crime, Criminology & Criminal Justice\nDescription\nA journal.\n"
    )
    work = one(text).description
    assert work.title == "Perlindungan hukum bagi konsumen"
    assert work.author == (Name(family="Santoso", given="Budi"), Name(literal="Minollah"))
    assert work.issued == Date(2021, 6, 15)
    assert (work.container_title, work.publisher) == ("Jurnal Hukum", "Universitas X")
    assert work.abstract == "Penelitian ini tentang konsumen."
    assert work.DOI == "10.1234/jh.v3i1.5"


def test_document_page_with_affiliations() -> None:
    text = (
        "Harga Kopi (Studi Kasus)\nRizkika Dwi (Universitas X)\n"
        "Siti Aminah (Unknown); Santoso, Budi (Universitas Y, Kota Z)\n"
        "Article Info\nPublish Date\n15 Jun 2021\nJournal Info\nPublisher\nP\n"
    )
    work = one(text).description
    assert work.title == "Harga Kopi (Studi Kasus)"
    assert [name.inverted for name in work.author] == [
        "Rizkika Dwi",
        "Siti Aminah",
        "Santoso, Budi",
    ]


def test_an_empty_abstract_takes_no_title() -> None:
    second = "HARGA KOPI DI PASAR\nRizkika Dwi"
    below = result(second).partition("Search\n\n")[2]
    text = f"{result('Harga teh di pasar')}\nAbstract\n\n{below}"
    first, last = [item for item in read(text) if isinstance(item, Record)]
    assert first.description.abstract is None
    assert last.description.title == "Harga kopi di pasar"
    assert last.description.author == (Name(literal="Rizkika Dwi"),)


# ------------------------------------------------------------------ title and authors on one line

ABOUT = "Kajian ini membahas kopi dan petani di Kabupaten Garut serta pasar yang ada di sana."


@pytest.mark.parametrize(
    ("heading", "title", "authors"),
    [
        ("HARGA KOPI DI PASAR Budi Santoso", "Harga kopi di pasar", ["Budi Santoso"]),
        (
            "HARGA KOPI DI PASAR SANTOSO, BUDI; WATI, SITI",
            "Harga kopi di pasar",
            ["Santoso, Budi", "Wati, Siti"],
        ),
        (
            "HARGA KOPI DI PASAR 2018 Santoso, Budi; Minollah -",
            "Harga kopi di pasar 2018",
            ["Santoso, Budi", "Minollah"],
        ),
        ("HARGA KOPI DI PASAR A. M. Santoso", "Harga kopi di pasar", ["A. M. Santoso"]),
        (
            "Harga kopi di pasar Santoso, Budi; Wati, Siti Aminah",
            "Harga kopi di pasar",
            ["Santoso, Budi", "Wati, Siti Aminah"],
        ),
        ("Harga kopi di pasar Santoso, Budi", "Harga kopi di pasar", ["Santoso, Budi"]),
        (
            "HARGA KOPI DI PASAR Dr. Budi Santoso, S.E., M.Si.; Siti Aminah",
            "Harga kopi di pasar",
            ["Budi Santoso", "Siti Aminah"],
        ),
        ("Harga kopi di pasar SIGIT PURWADI", "Harga kopi di pasar", ["Sigit Purwadi"]),
        ("Harga kopi di pasar Budi Santoso", "Harga kopi di pasar", ["Budi Santoso"]),
        ("Harga kopi di Kabupaten Garut Budi Santoso", None, ["Budi Santoso"]),
        ("Harga Kopi Di Pasar  Budi Santoso", "Harga Kopi Di Pasar", ["Budi Santoso"]),
    ],
)
def test_glued_authors(heading: str, title: str | None, authors: list[str]) -> None:
    record = one(result(heading, abstract=ABOUT))
    assert [name.inverted for name in record.description.author] == authors
    assert record.description.title == (title or "Harga kopi di Kabupaten Garut")
    assert {"title", "author"} <= record.guessed
    assert problems(result(heading, abstract=ABOUT)) == []


@pytest.mark.parametrize(
    ("heading", "abstract"),
    [
        ("Harga Kopi Di Pasar Budi Santoso", ABOUT),
        ("Harga kopi di pasar Budi Santoso", ""),
        ("Harga Kopi Budi Santoso; Siti Aminah", ""),
    ],
)
def test_ambiguous_line_stays_the_title_and_is_named(heading: str, abstract: str) -> None:
    text = result(heading, abstract=abstract)
    record = one(text)
    assert record.description.title == heading
    assert record.description.author == ()
    assert "title" in record.guessed
    (problem,) = problems(text)
    assert problem.partial
    assert problem.line == 4
    assert "cannot be told apart" in problem.reason


@pytest.mark.parametrize(
    "heading",
    [
        "HARGA KOPI DENGAN METODE Problem Based Learning",
        "HARGA KOPI DI KOTA Medan",
        "HARGA KOPI DI PT Maju Jaya",
        "Nilai moral dalam novel karya Andrea Hirata",
        "Harga kopi di Kabupaten Garut",
        "Harga kopi di Puskesmas Kedung Kandang",
    ],
)
def test_the_end_of_a_title_is_no_author(heading: str) -> None:
    record = one(result(heading, abstract=ABOUT + " Problem Based Learning dipakai di sini."))
    assert record.description.author == ()
    assert record.description.title is not None
    assert record.description.title.casefold() == heading.casefold()


def test_name_of_an_authors_page() -> None:
    text = "Budi Santoso\nUniversitas X\nClaim Missing Document\nCheck\nArticles\n\n" + result(
        "Harga Kopi Di Pasar Budi Santoso"
    )
    work = one(text).description
    assert (work.title, work.author) == ("Harga Kopi Di Pasar", (Name(literal="Budi Santoso"),))


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Minollah -", [Name(literal="Minollah")]),
        ("Florenly, Florenly -", [Name(literal="Florenly")]),
        ('", Hasanuddin;', [Name(literal="Hasanuddin")]),
        ("NIM. A1011161020, SIGIT PURWADI", [Name(literal="Sigit Purwadi")]),
        ("Tukiman, MKM", [Name(literal="Tukiman")]),
        ("Dr. Budi Santoso, S.H., M.H.", [Name(literal="Budi Santoso")]),
        ("O'BRIEN, PAT; Wati, Siti", [Name("O'Brien", "Pat"), Name("Wati", "Siti")]),
        ("AL-GHAZALI, MUHAMMAD BIN ALI", [Name("Al-Ghazali", "Muhammad bin Ali")]),
    ],
)
def test_author_junk(given: str, names: list[Name]) -> None:
    record = one(result(f"Harga kopi di pasar\n{given}"))
    assert list(record.description.author) == names
    assert "author" in record.guessed
    assert dict(record.verbatim)["author"] == given


# ------------------------------------------------------------------ gaps and flaws


def test_gaps_are_named() -> None:
    text = result("Harga kopi di pasar")
    (problem,) = problems(text)
    assert problem.partial
    assert "no author" in problem.reason
    assert one(text).description.title == "Harga kopi di pasar"


def test_result_without_a_title_makes_no_record() -> None:
    text = f"Found 1 Documents\nPublisher : P\n{ROW}\n"
    (problem,) = read(text)
    assert isinstance(problem, Problem)
    assert not problem.partial
    assert problem.line == 2


def test_result_without_title_but_with_a_doi() -> None:
    text = f"Publisher : P\n{ROW} | DOI: 10.1234/abc\n"
    assert one(text).description.DOI == "10.1234/abc"
    assert problems(text)[0].partial


def test_what_is_no_doi_is_kept() -> None:
    text = MODEL.replace("10.21111/mediasi.v4i2.10036", "doi.org/x")
    work = one(text).description
    assert work.DOI is None
    assert Extra("garuda", "DOI", "doi.org/x") in work.extra
    assert "is no DOI" in problems(text)[0].reason
    assert one(MODEL.replace("10.21111/mediasi.v4i2.10036", "-")).description.extra == ()


def test_result_without_a_publisher_line() -> None:
    work = one(MODEL.replace("Publisher : UNIDA GONTOR\n\n", "")).description
    assert (work.title, work.publisher) == (TITLE, None)
    assert work.volume == "4"


def test_proceedings() -> None:
    record = one(result("Harga kopi\nSantoso, Budi", source="Prosiding Seminar X (2019)"))
    assert record.description.type == "paper-conference"
    assert record.description.container_title == "Prosiding Seminar X"
    assert "type" in record.guessed


# ------------------------------------------------------------------ the interface


def test_fulfils_the_protocol() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "garuda"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (MODEL, 0.95, 1),
        (LIST, 0.95, 1),
        (PAGE, 0.95, 1),
        ("Claim Missing Document\nCheck\n", 0.8, 1),
        ("@article{a, note={Publisher : x\nCheck in Google Scholar}}", 0, 0),
        ("TY  - JOUR\nPB  - Publisher : x\nER  - ", 0, 0),
        ("<html><body>Nothing of the kind</body></html>", 0, 0),
        ("Some reference. Publisher 2020.", 0, 0),
        ("", 0, 0),
    ],
)
def test_recognise(text: str, least: float, most: float) -> None:
    assert least <= importer.recognise(Sample("x", text, text.encode())) <= most


def test_recognise_by_name_is_worth_little() -> None:
    assert importer.recognise(Sample("garuda.txt", "words")) <= 0.2


_LINES = st.lists(
    st.sampled_from(
        [
            *("Publisher : P", ROW, "Abstract", "", "Found 1 Documents", "Check", "1 2 3", "<xmp>"),
            *("HARGA KOPI Budi Santoso", "Santoso, Budi; Wati", "J Vol 1 No 2 (2020): Maret", "-"),
            *("DOI: 10.1/x", "<a href='/documents/detail/1'>x</a>", "Article Info", "Journal Info"),
            *(ABOUT, "Keywords: a; b", "; ; ,", "<div>", "</xmp>", "Publisher :", "DOI:"),
        ]
    ),
    max_size=25,
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(_LINES, st.text(max_size=300)))
def test_never_raises_and_keeps_its_promises(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for item in read(text):
        if isinstance(item, Problem):
            assert item.reason
            assert item.line is not None
            assert 1 <= item.line <= lines
        else:
            assert item.description.title or item.description.DOI or item.description.author
            for name in item.guessed:
                assert getattr(item.description, name)


@pytest.mark.parametrize(
    "piece", ["<a ", "<xmp>", "<!--", "Publisher : x\n", "; ", "A, ", "Keywords: ", "Dr. ", "Abc\n"]
)
def test_hostile_input_takes_linear_time(piece: str) -> None:
    def read_them(size: int) -> None:
        read(f"<html><a href='/documents/detail/1'>x</a>{piece * size}")
        read(f"x\nPublisher : y\n{ROW}\nAbstract\n{piece * size}")

    assert_grows_linearly(read_them, 2_000)
