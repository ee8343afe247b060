from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bibtexparser import entrypoint as bibtexparser

from refman.crosswalk.crossref import description_from_message
from refman.exporters.bibtex import exporter
from refman.model import FIELDS, Date, Description, Extra, Name, Record, Relation, Work
from refman.ports import Exporter, ExportOptions, Loss, TextEncoding
from refman.rules.export_view import view
from refman.rules.journal_names import JournalNames
from refman.text.names import OTHERS
from tests.bibtex_files import DATA, EXPORTERS, entry, losses, one, read, records, works, write

MODEL_CASE = Description(
    type="article-journal",
    title=(
        "The effectiveness of the International Organization for Migration (IOM) in addressing "
        "human trafficking against Indonesian migrant workers in Malaysia post-COVID-19"
    ),
    author=(Name("Dwi", "Rizkika"),),
    container_title="Mediasi: Journal of International Relations",
    issued=Date(2021, 8, 15),
    volume="4",
    issue="2",
    page="123-140",
    publisher="UNIDA GONTOR",
    DOI="10.21111/mediasi.v4i2.10036",
    ISSN=("0028-0836",),
    URL="https://ejournal.unida.gontor.ac.id/index.php/mediasi?a=1&b=%20",
)

BOOK = Description(
    type="book",
    title="Trust & 50% of it",
    author=(
        Name("Berg", "Anna", "Jr.", non_dropping_particle="van den"),
        Name(literal="WHO"),
        OTHERS,
    ),
    publisher="Springer",
    publisher_place="München",
    issued=Date(2019),
    volume="2",
    collection_title="Lecture Notes",
    collection_number="12",
    editor=(Name("Ed", "Al"),),
    ISBN=("9783161484100",),
    keyword=("one", "two, or three"),
)


def test_the_model_case_as_a_careful_person_would_write_it() -> None:
    assert entry(MODEL_CASE, "Dwi2021Effectiveness") == (
        "@article{Dwi2021Effectiveness,\n"
        "  author = {Dwi, Rizkika},\n"
        "  title = {The effectiveness of the {International} {Organization} for {Migration} "
        "({IOM}) in addressing human trafficking against {Indonesian} migrant workers in "
        "{Malaysia} post-{COVID}-19},\n"
        "  journal = {Mediasi: Journal of International Relations},\n"
        "  year = {2021},\n"
        "  month = aug,\n"
        "  day = {15},\n"
        "  volume = {4},\n"
        "  number = {2},\n"
        "  pages = {123--140},\n"
        "  publisher = {UNIDA GONTOR},\n"
        "  doi = {10.21111/mediasi.v4i2.10036},\n"
        "  issn = {0028-0836},\n"
        "  url = {https://ejournal.unida.gontor.ac.id/index.php/mediasi?a=1&b=%20}\n"
        "}\n"
    )


def test_the_nasty_file_is_written_back_right() -> None:
    text = write(works(records((DATA / "nasty.bib").read_text())))
    for line in (
        "  author = {González, Jr., José and {World Health Organization} and others},",
        r"  title = {\textit{In vivo} {H}\textsubscript{2}{O} \& {NaCl} uptake in "
        "{Bayesian} rats},",
        "  journal = {Journal of Clinical Psychology (Suppl.)},",
        "  month = jan,",
        "  pages = {1--9},",
        "  url = {https://ex.org/a_b?x=1&y=%20},",
        "  url = {https://x.y/~z},",
        r"  note = {50\% of \textit{x}~y},",
        r"  myfield = {kept {as} it \emph{is}}",
        "@article{badkey,",
    ):
        assert line in text.split("\n")
    assert text.count("@article{nasty1,") == 2


def test_it_is_an_exporter() -> None:
    assert isinstance(exporter, Exporter)
    assert write([]) == ""


def test_ascii() -> None:
    text = write([Work(id=1, citation_key="b", description=BOOK)], TextEncoding.ASCII)
    assert text.isascii()
    assert r"address = {M{\"u}nchen}" in text


def test_pages_too_are_ascii() -> None:
    work = Work(id=1, citation_key="b", description=Description(type="article-journal", page="Ⅵ-Ⅻ"))
    text = write([work], TextEncoding.ASCII)
    assert text.isascii()
    assert "--" in text
    assert records(text)[0].description.page == "Ⅵ-Ⅻ"


def test_a_book_with_all_that_the_styles_do_not_take() -> None:
    text = entry(BOOK)
    assert text.startswith("@book{key,\n  author = {van den Berg, Jr., Anna and {WHO} and others},")
    assert "  editora = {Ed, Al},\n" in text
    assert "  volume = {2},\n" in text
    assert "  seriesnumber = {12},\n" in text
    assert r"  title = {Trust \& 50\% of it}," in text
    assert "  keywords = {one, {two, or three}}" in text
    (back,) = records(text)
    assert back.description == BOOK


@pytest.mark.parametrize(
    ("description", "start"),
    [
        (Description(type="article-journal", title="X"), "@misc{key,"),
        (Description(type="chapter", title="X", author=(Name("A", "B"),)), "@misc{key,"),
        (Description(type="webpage", title="X"), "@misc{key,"),
        (Description(type="pamphlet", title="X"), "@booklet{key,"),
        (Description(), "@misc{key,"),
        (Description(type="manuscript", title="X", author=(Name("A", "B"),), note="n"),
         "@unpublished{key,"),
        (Description(type="thesis", title="X", author=(Name("A", "B"),), publisher="P",
                     issued=Date(2000), genre="Master's thesis"), "@mastersthesis{key,"),
        (Description(type="thesis", title="X", author=(Name("A", "B"),), publisher="P",
                     issued=Date(2000), genre="PhD thesis"), "@phdthesis{key,"),
        (Description(type="report", title="X", author=(Name("A", "B"),), publisher="P",
                     issued=Date(2000)), "@techreport{key,"),
    ],
)  # fmt: skip
def test_types(description: Description, start: str) -> None:
    text = entry(description)
    assert text.startswith(start)
    (back,) = records(text)
    assert back.description.type == (description.type or "document")


def test_where_a_misc_appeared_is_told_once() -> None:
    said = Description(
        type="article-journal", title="X", container_title="J", volume="1", page="2-3"
    )
    text = entry(said)
    assert "  howpublished = {J, 1:2--3},\n" in text
    (back,) = records(text)
    assert back.description == said


def test_subtypes_and_original_types_come_back() -> None:
    for fields, entry_type in (
        ("author={A, B}, title={x}, journal={J}, year={1999}, entrysubtype={magazine}", "article"),
        ("title={x}, url={https://a.b}", "online"),
        ("editor={A, B}, title={x}, publisher={P}, year={1999}", "collection"),
        ("title={x}", "unheardof"),
        ("author={A, B}, title={x}, chapter={1}, publisher={P}, year={1999}", "inbook"),
        ("title={x}, organization={O}", "manual"),
    ):
        said = one(fields, entry_type)
        (back,) = records(entry(said))
        assert back.description == said


@pytest.mark.parametrize(
    ("date", "lines"),
    [
        (Date(2021), ["year = {2021}"]),
        (Date(2021, season=3), ["year = {2021}", "month = {Autumn}"]),
        (Date(2021, 3, end=Date(2021, 4)), ["year = {2021}", 'month = mar # "--" # apr']),
        (Date(2020, end=Date(2021)), ["year = {2020--2021}"]),
        (Date(2020, end=Date(literal="..")), ["year = {2020--}"]),
        (Date(1850, circa=True), ["year = {ca. 1850}"]),
        (Date(literal="in press"), ["year = {in press}"]),
        (Date(2021, 3, 5, end=Date(2021, 3, 9)),
         ["year = {2021}", "month = mar", "day = {5}", "date = {2021-03-05/2021-03-09}"]),
    ],
)  # fmt: skip
def test_dates(date: Date, lines: list[str]) -> None:
    said = Description(type="document", title="X", author=(Name("A", "B"),), issued=date)
    text = entry(said)
    assert [line.strip(" ,") for line in text.split("\n")[3:-2]] == lines
    (back,) = records(text)
    assert back.description.issued == date


def test_what_is_lost_is_told() -> None:
    said = Description(
        title="X",
        author=(Name("A", "B", ORCID="0000-0002-1825-0097"),),
        relations=(Relation("related somehow", "10.1/x"),),
        medium="print",
    )
    found = losses([Work(id=1, citation_key="k", description=said)])
    assert {(loss.citation_key, loss.field) for loss in found} == {
        ("k", "author"), ("k", "relations")
    }  # fmt: skip
    assert losses([Work(id=1, citation_key="k", description=MODEL_CASE)]) == []


def test_a_key_that_would_break_the_file() -> None:
    pieces = list(
        exporter.write([Work(id=1, citation_key="a b,{c}", description=BOOK)], ExportOptions())
    )
    assert isinstance(pieces[0], str)
    assert pieces[0].startswith("@book{a_b_c,")
    assert isinstance(pieces[1], Loss)
    assert pieces[1].field == "citation_key"


def test_extras_of_other_formats_stay_out_and_names_are_made_fit() -> None:
    said = Description(
        title="X",
        extra=(
            Extra("ris", "C1", "no"),
            Extra("bibtex", "crossref", "parent"),
            Extra("bibtex", "bad name}", "v{"),
            Extra("bibtex", "title", "second"),
            Extra("bibtex", "file", "a\n@article{x,"),
        ),
    )
    text = entry(said)
    assert "no}" not in text
    assert "crossref" not in text
    assert "  bad-name- = {v\\textbraceleft{}}" in text
    assert "  title-2 = {second}" in text
    assert len(read(text)) == 1


def test_omitted_fields() -> None:
    pieces = exporter.write(
        [Work(id=1, citation_key="k", description=BOOK)],
        ExportOptions(omit=frozenset({"keyword", "issued"})),
    )
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    assert "keywords" not in text
    assert "2019" not in text


@pytest.mark.parametrize("to", EXPORTERS)
def test_fields_in_the_order_asked_for(to: str) -> None:
    options = ExportOptions(fields=("DOI", "issued", "publisher", "title", "container_title"))
    pieces = EXPORTERS[to].write([Work(id=1, citation_key="k", description=MODEL_CASE)], options)
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    names = re.findall(r"^  (?:title\+an:)?(\w+) =", text, re.MULTILINE)
    wanted = {
        "bibtex": ["doi", "year", "month", "day", "publisher", "title", "journal"],
        "biblatex": ["doi", "date", "publisher", "title", "journaltitle"],
    }
    assert [name for name in names if name in wanted[to]] == wanted[to]


@pytest.mark.parametrize("to", EXPORTERS)
@pytest.mark.parametrize(
    ("options", "names"),
    [
        (ExportOptions(fields=("title",)), {"title"}),
        (ExportOptions(fields=("container_title",)), {"journal", "journaltitle"}),
        (ExportOptions(omit=frozenset(FIELDS) - {"type", "title", "volume"}), {"title", "volume"}),
    ],
)
def test_nothing_stands_in_for_what_was_left_out(
    to: str, options: ExportOptions, names: set[str]
) -> None:
    work = view(Work(id=1, citation_key="k", description=MODEL_CASE), options, JournalNames())
    pieces = list(EXPORTERS[to].write([work], options))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    assert text.startswith("@article{k,")
    assert set(re.findall(r"^  (\w+) =", text, re.MULTILINE)) <= names
    assert not [piece for piece in pieces if isinstance(piece, Loss)]


@pytest.mark.parametrize("to", EXPORTERS)
def test_what_was_never_there_is_still_stood_in_for(to: str) -> None:
    options = ExportOptions(omit=frozenset(("abstract",)))
    work = Work(id=1, citation_key="k", description=Description(type="book", title="A"))
    text = "".join(str(piece) for piece in EXPORTERS[to].write([work], options))
    assert "n.d." in text or "date = {..}" in text


def test_bibtexparser_reads_it() -> None:
    library = bibtexparser.parse_string(entry(MODEL_CASE, "k1") + "\n" + entry(BOOK, "k2"))
    assert library.failed_blocks == []
    assert [found.key for found in library.entries] == ["k1", "k2"]
    assert library.entries[0]["doi"] == MODEL_CASE.DOI


def _all_works() -> list[Work]:
    found: list[Record] = []
    for path in sorted(DATA.glob("*.bib")):
        found += records(path.read_bytes())
    raw = (DATA.parent / "crossref" / "works.jsonl").read_bytes()
    descriptions = [record.description for record in found] + [MODEL_CASE, BOOK]
    descriptions += [
        description_from_message(json.loads(line)).description for line in raw.splitlines()
    ]
    descriptions += [
        Description(type="article-journal", title="No author", container_title="J", issue="3"),
        Description(DOI="10.1000/x_y"),
        Description(type="chapter", title="Γ in $\\frac{1}{2}$ – “x”", issued=Date(2000, 3)),
    ]
    return [
        Work(id=number, citation_key=f"k{number}", description=description)
        for number, description in enumerate(descriptions)
    ]


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
@pytest.mark.parametrize("encoding", list(TextEncoding))
def test_bibtex_takes_it_without_a_warning(tmp_path: Path, encoding: TextEncoding) -> None:
    (tmp_path / "all.bib").write_text(write(_all_works(), encoding), "utf-8")
    for style in ("plain", "abbrv", "unsrt", "alpha", "apalike", "ieeetr", "acm"):
        (tmp_path / "all.aux").write_text(
            f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{all}}\n", "utf-8"
        )
        done = subprocess.run(
            ["bibtex", "all"], cwd=tmp_path, capture_output=True, text=True, errors="replace",
            check=False,
        )  # fmt: skip
        if "couldn't open style file" in done.stdout:
            pytest.skip(f"{style}.bst is not installed")
        assert "Warning" not in done.stdout, done.stdout
        assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_takes_it(tmp_path: Path) -> None:
    (tmp_path / "all.bib").write_text(write(_all_works()), "utf-8")
    done = subprocess.run(
        ["biber", "--tool", "--output-file", "out.bib", "all.bib"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    said = [line for line in done.stdout.split("\n") if line.startswith(("WARN", "ERROR"))]
    # Words for a year, and several ISBNs, are for BibTeX alone.
    assert [line for line in said if not re.search("is not an integer|ISBN", line)] == []
