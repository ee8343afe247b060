from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.importers.bibtex import importer
from refman.importers.bibtex_blocks import PIECE
from refman.model import Date, Description, Extra, Name, OriginKind, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.names import OTHERS
from refman.text.reading import TextInput
from tests.bibtex_files import DATA, EXPORTERS, entry, one, problems, read, records, works, write


def test_the_nasty_file_comes_out_right() -> None:
    found = {record.citation_key: record for record in reversed(records(nasty()))}
    first = found["nasty1"]
    said = first.description
    assert said.container_title == "Journal of Clinical Psychology (Suppl.)"
    assert said.URL == "https://ex.org/a_b?x=1&y=%20"
    assert said.title == "<i>In vivo</i> H<sub>2</sub>O & NaCl uptake in Bayesian rats"
    assert said.author == (
        Name("González", "José", "Jr."),
        Name(literal="World Health Organization"),
        OTHERS,
    )
    assert said.note == "50% of <i>x</i>\u00a0y"
    assert said.issued == Date(2020, 1)
    assert (said.volume, said.page) == ("3", "1-9")
    assert said.extra == (
        Extra("bibtex", "myfield", r"kept {as} it \emph{is}"),
        Extra("bibtex", "@preamble", r"{\newcommand{\noop}[1]{}}"),
        Extra("bibtex", "@comment", "jabref-meta: databaseType:bibtex;"),
        Extra("bibtex", "@string", "jcp = {Journal of Clinical Psychology}"),
        Extra("bibtex", "@text", "A line that belongs to nobody, with mail@example.org in it."),
    )
    assert found["web"].description.URL == "https://x.y/~z"
    assert found["badkey"].description.title == "A key with a brace"
    assert [record.citation_key for record in records(nasty())] == [
        "nasty1", "web", "nasty1", "badkey", "parent", "child", "after"
    ]  # fmt: skip
    assert found["child"].description.container_title == "Proceedings of the Things"


def test_what_is_wrong_is_told_with_its_line_and_text() -> None:
    twice, brace, broken = problems(nasty())
    assert (twice.line, twice.partial) == (19, True)
    assert twice.reason == "another entry before it has the same key"
    assert (brace.line, brace.partial) == (20, True)
    assert brace.reason == "the key has braces in it; they were left out"
    assert brace.raw.startswith("@article{bad{key,")
    assert (broken.line, broken.partial) == (23, False)
    assert broken.raw == "@article{broken, title = {never closed,\n  year = 2003"
    assert broken.reason == (
        "a brace or a quotation mark is not closed before the next entry (@article) begins"
    )
    [cut] = problems("@book{a, title = {never closed")
    assert cut.reason == "a brace or a quotation mark is not closed before the file ends"
    [alone] = problems("@string{a = {b}}")
    assert alone.reason.startswith("only comments and definitions")


def nasty() -> str:
    return (DATA / "nasty.bib").read_text()


def test_where_a_record_comes_from() -> None:
    (record,) = read("\n\n@book{k, title={T}}", name="my.bib")
    assert isinstance(record, Record)
    assert record.origin.kind is OriginKind.IMPORT
    assert (record.origin.name, record.origin.location) == ("bibtex", "my.bib:3")


def test_it_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "bibtex"


@pytest.mark.parametrize(
    ("name", "text", "least", "most"),
    [
        ("x", "@article{a2020,\n title={x}}", 0.9, 1),
        ("x", "% by hand\n\n  @Book{10.1145/3292500,\n title={x}}", 0.9, 1),
        ("x", "@article{ title = {no key} }", 0.9, 1),
        ("x", "@misc{https://doi.org/10.48550/arxiv.1706.03762, doi = {x}}", 0.9, 1),
        ("x", '@string{a = "b"}', 0.5, 1),
        ("x.bib", "", 0.1, 0.2),
        ("x.bib", "10.1000/abc\n10.1000/def\n", 0, 0.2),
        ("x", "10.1000/abc\nmail@example.org, x\n", 0, 0),
        ("x", "<!doctype html>\n<pre>\n@article{a, title={x}}</pre>", 0, 0),
        ("x", "TY  - JOUR\nTI  - @article\nER  - \n", 0, 0),
        ("x", '{"note": "@article{a,"}', 0, 0),
        ("x", "@media{screen}\nbody { color: red }", 0, 0),
    ],
)
def test_recognise(name: str, text: str, least: float, most: float) -> None:
    assert least <= importer.recognise(Sample(name, text)) <= most


@pytest.mark.parametrize(
    ("entry_type", "csl"),
    [
        ("article", "article-journal"), ("inproceedings", "paper-conference"),
        ("conference", "paper-conference"), ("incollection", "chapter"), ("inbook", "chapter"),
        ("phdthesis", "thesis"), ("mastersthesis", "thesis"), ("techreport", "report"),
        ("unpublished", "manuscript"), ("misc", "document"), ("booklet", "pamphlet"),
        ("proceedings", "book"), ("manual", "book"), ("online", "webpage"),
        ("dataset", "dataset"), ("software", "software"), ("patent", "patent"),
        ("standard", "standard"), ("inreference", "entry-encyclopedia"), ("thesis", "thesis"),
        ("collection", "book"), ("report", "report"), ("ARTICLE", "article-journal"),
        ("unheardof", "document"),
    ],
)  # fmt: skip
def test_types(entry_type: str, csl: str) -> None:
    assert one("title={x}", entry_type).type == csl


def test_a_type_that_csl_does_not_tell_is_kept() -> None:
    assert one("title={x}", "proceedings").extra == (Extra("bibtex", "entrytype", "proceedings"),)
    assert one("title={x}", "unheardof").extra == (Extra("bibtex", "entrytype", "unheardof"),)
    assert one("title={x}", "article").extra == ()


def test_a_conference_and_its_publisher_are_in_two_places() -> None:
    both = one("title={x}, address={New York}, location={Jakarta}", "inproceedings")
    assert (both.publisher_place, both.event_place) == ("New York", "Jakarta")
    alone = one("title={x}, location={Berlin}", "inproceedings")
    assert (alone.publisher_place, alone.event_place) == ("Berlin", None)


def test_what_number_means_depends_on_the_type() -> None:
    article = one("number={4}, eid={e12}, volume={1}")
    assert (article.issue, article.number) == ("4", "e12")
    report = one("number={TR-7}", "techreport")
    assert (report.number, report.issue) == ("TR-7", None)
    book = one("number={12}, series={Lecture Notes}", "book")
    assert (book.collection_number, book.collection_title) == ("12", "Lecture Notes")


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year=2021", Date(2021)),
        ("year={2021}, month=aug, day={15}", Date(2021, 8, 15)),
        ("year={2021}, month={August}", Date(2021, 8)),
        ("year={2021}, month={08}", Date(2021, 8)),
        ("year={2021}, month=8", Date(2021, 8)),
        ("year={2021}, month = aug # {~15}", Date(2021, 8, 15)),
        ('year={2021}, month = "15~" # aug', Date(2021, 8, 15)),
        ("year={2021}, month={Spring}", Date(2021, season=1)),
        ("year={2021}, month={Mar-Apr}", Date(2021, 3, end=Date(2021, 4))),
        ('year={2021}, month = mar # "/" # apr', Date(2021, 3, end=Date(2021, 4))),
        ("year={2020--2021}", Date(2020, end=Date(2021))),
        ("year={2020/21}", Date(2020, end=Date(2021))),
        ("year={ca. 1850}", Date(1850, circa=True)),
        ("year={[1850]}", Date(1850)),
        ("year={in press}", Date(literal="in press")),
        ("date={2021-08-15}", Date(2021, 8, 15)),
        ("date={2021-08}, year={2021}, month={aug}", Date(2021, 8)),
        ("date={2021}, month=aug", Date(2021, 8)),
        ("date={2021-03-05/2021-03-09}", Date(2021, 3, 5, end=Date(2021, 3, 9))),
        ("date={1850~}", Date(1850, circa=True)),
        ("date={May 2001}", Date(2001, 5)),
        ("year={2009, May}", Date(2009, 5)),
        ("date={1993-00-00}", Date(1993)),
        ("date={2021-22}", Date(2021, season=2)),
    ],
)
def test_dates(fields: str, date: Date) -> None:
    said = one(fields)
    assert said.issued == date
    assert said.extra == ()


def test_a_month_that_is_none_is_kept() -> None:
    said = one("year=2021, month={Ramadan}")
    assert said.issued == Date(2021)
    assert said.extra == (Extra("bibtex", "month", "Ramadan"),)


@pytest.mark.parametrize(
    ("fields", "date", "kept"),
    [
        ("year={1998a}", Date(1998), {"year": "1998a"}),
        ("year={2001}, month=jun, day={31}", Date(2001), {"month": "jun", "day": "31"}),
        ("date={2004-06-01/unknown}", Date(2004, 6, 1), {"date": "2004-06-01/unknown"}),
        ("year={n.d.}", None, {}),
        ("date={..}", None, {}),
    ],
)
def test_what_more_a_date_says_is_kept(
    fields: str, date: Date | None, kept: dict[str, str]
) -> None:
    said = one(fields)
    assert said.issued == date
    assert {extra.name: extra.value for extra in said.extra} == kept
    for to in EXPORTERS:
        (back,) = records(entry(said, to=to))
        assert back.description == said


def test_what_is_guessed() -> None:
    bare, whole, names = records(
        "@misc{a, year=2021}\n@misc{b, year=2021, month=jan}\n@misc{c, author={a, b, c, d}}\n"
    )
    assert bare.guessed == {"issued"}
    assert whole.guessed == frozenset()
    assert names.guessed == {"author"}


@pytest.mark.parametrize(
    ("fields", "variable", "value"),
    [
        ("doi={https://doi.org/10.1000/ABC}", "DOI", "10.1000/ABC"),
        ("doi={doi:10.1007/978\\_3}", "DOI", "10.1007/978_3"),
        ("DOI={not one}", "DOI", "not one"),
        ("isbn={978-3-16-148410-0, 0-19-852663-6 (pbk.)}", "ISBN", ("9783161484100", "0198526636")),
        ("isbn={12345}", "ISBN", ("12345",)),
        ("issn={0028-0836 (print) 1476-4687 (online)}", "ISSN", ("0028-0836", "1476-4687")),
        ("issn={0898-{929X}}", "ISSN", ("0898-929X",)),
        ("issn={0028-0837}", "ISSN", ("0028-0837",)),
        ("issn={0028-0836}, eissn={1476-4687}", "ISSN", ("0028-0836", "1476-4687")),
        ("eprint={2101.00001}, archiveprefix={arXiv}", "arXiv", "2101.00001"),
        ("eprint={hep-th/9901001}", "arXiv", "hep-th/9901001"),
        ("eprint={123}, eprinttype={pmid}", "PMID", "123"),
        ("pmcid={pmc123}", "PMCID", "PMC123"),
        ("url={https://a.b/c\\_d\\%20e}", "URL", "https://a.b/c_d%20e"),
        ("howpublished={\\url{https://a.b/~c}}", "URL", "https://a.b/~c"),
        ("pages={123--130, 140}", "page", "123-130, 140"),
        ("pages={S1–S9}", "page", "S1-S9"),
        ("keywords={one, two, {three, or four}}", "keyword", ("one", "two", "three, or four")),
        ("keywords={one, two; three}", "keyword", ("one, two", "three")),
        ("language={English}", "language", "en"),
        ("langid={ngerman}", "language", "de"),
        ("language={Sundanese}", "language", "Sundanese"),
        ("journaltitle={J}", "container_title", "J"),
        ("journal={\\apjl}", "container_title", "Astrophysical Journal Letters"),
        (
            "journal={{\\mnras}}",
            "container_title",
            "Monthly Notices of the Royal Astronomical Society",
        ),
        (
            "journal={J. Stat.}, fjournal={Journal of Statistics}",
            "container_title_short",
            "J. Stat.",
        ),
        ("note={PMID: 123}", "PMID", "123"),
        ("note={{PMCID:} PMC123}", "PMCID", "PMC123"),
        ("copyright={the authors}", "license", "the authors"),
        ("lccn={QA76}", "call_number", "QA76"),
        ("PubMedID={32012345}", "PMID", "32012345"),
        ("abbrev_source_title={J. Stat.}", "container_title_short", "J. Stat."),
        ("published-online={2001-02}", "published_online", Date(2001, 2)),
        ("composer={Bach, J. S.}", "composer", (Name("Bach", "J. S."),)),
        ("url={\\url{https://a.b/c_d}}", "URL", "https://a.b/c_d"),
        ("url={{https://a.b}}", "URL", "https://a.b"),
        ("doi={\\href{https://doi.org/10.1000/a}{10.1000/a}}", "DOI", "10.1000/a"),
        ("urldate={March 4, 2012}", "accessed", Date(2012, 3, 4)),
        ("location={Jakarta}", "publisher_place", "Jakarta"),
        ("institution={UNIDA}", "publisher", "UNIDA"),
        ("title={Main}, subtitle={Sub}", "title", "Main: Sub"),
        ("title={ALL IN CAPITALS}", "title", "All in capitals"),
        ("abstract={One\nline.\n\nAnother.}", "abstract", "One line.\nAnother."),
        ("type={Magister thesis}", "genre", "Magister thesis"),
    ],
)
def test_fields(fields: str, variable: str, value: object) -> None:
    said = one(fields)
    assert getattr(said, variable) == value
    assert said.extra == ()


def test_a_preprint() -> None:
    said = one("title={x}, eprint={2101.00001}, archiveprefix={arXiv}", "misc")
    assert (said.type, said.arXiv) == ("article", "2101.00001")


def test_fields_without_a_place_are_kept_as_they_are() -> None:
    said = one(r"File = {:C\:/a_b%20.pdf:PDF}, eprint={x1}, eprinttype={hal}, empty={}")
    assert said.extra == (
        Extra("bibtex", "File", r":C\:/a_b%20.pdf:PDF"),
        Extra("bibtex", "eprint", "x1"),
        Extra("bibtex", "eprinttype", "hal"),
    )


def test_a_field_that_is_there_twice() -> None:
    text = "@article{k, note={one}, Note={two}, note={one}}"
    (record,) = records(text)
    assert record.description.note == "one"
    assert record.description.extra == (Extra("bibtex", "Note-2", "two"),)
    (problem,) = problems(text)
    assert problem.partial
    assert problem.reason == "the field Note is there twice; the first was taken"


def test_values_in_all_their_forms() -> None:
    text = (
        '@string(a = "A" # {B})\n@STRING{b = a # " " # 12}\n'
        '@article(k, title = b # { {C} x}, journal = "x {"}y{"} z", note = undefined, volume = 007)'
    )
    (record,) = records(text)
    said = record.description
    assert (said.title, said.container_title, said.volume) == ("AB 12 C x", 'x "y" z', "007")
    assert said.note == "undefined"
    assert [problem.reason for problem in problems(text)] == [
        "note: the macro undefined is not defined"
    ]


def test_a_missing_comma() -> None:
    text = "@article{k,\n  title = {One}\n  journal = {J},\n  year = 1999\n  volume = 3\n}\n"
    (record,) = records(text)
    said = record.description
    assert (said.title, said.container_title, said.volume) == ("One", "J", "3")
    assert said.issued == Date(1999)
    assert {problem.reason for problem in problems(text)} == {
        "a comma is missing after the field title",
        "a comma is missing after the field year",
    }


def test_an_entry_without_a_key() -> None:
    (record,) = records("@article{ title = {x}, year = 1999}")
    assert (record.citation_key, record.description.title) == (None, "x")


def test_keys_of_all_kinds() -> None:
    keys = ["10.1145/3292500.3330701", "https://doi.org/10.48550/arxiv.1", "DBLP:conf/x", "a b"]
    text = "\n".join(f"@misc{{{key},\n title={{x}}}}" for key in keys)
    assert [record.citation_key for record in records(text)] == keys


def test_inheritance() -> None:
    text = (DATA / "crossref_entries.bib").read_text()
    found = {record.citation_key: record.description for record in records(text)}
    assert found["cr1"].container_title == "Graphs of the Continent"
    assert found["cr1"].editor == (Name("Erbriss", "Edgar"),)
    assert found["cr1"].publisher == "Grimble"
    assert found["cr7"].container_author == (Name("Bookauthor", "Brian"),)
    assert found["cr7"].author == (Name("Author", "Firstname"),)
    assert problems(text) == []


def test_inheritance_over_generations_and_in_circles() -> None:
    cascade = records((DATA / "crossref_cascading.bib").read_text())
    assert {record.citation_key for record in cascade} == {"r1", "r2", "r3", "r4"}
    circle = "@book{a, crossref={b}, publisher={P}}\n@book{b, crossref={a}, year=1999}\n"
    assert {record.citation_key for record in records(circle)} == {"a", "b"}
    orphan = "@inbook{a, crossref={nowhere}, title={x}}\n@inbook{b, title={y}, crossref={A}}"
    assert len(records(orphan)) == 2
    assert "which is not in the file" in problems(orphan)[0].reason


def test_xdata() -> None:
    text = (
        "@xdata{pub, publisher={P}, location={L}}\n@book{a, xdata={pub}, title={x}}\n"
        "@xdata{unused, publisher={Q}}\n"
    )
    (record,) = records(text)
    assert (record.description.publisher, record.description.publisher_place) == ("P", "L")
    assert [problem.reason for problem in problems(text)] == ["no entry uses this @xdata"]


def test_the_example_file_of_bibtex() -> None:
    text = (DATA / "xampl.bib").read_text()
    assert problems(text) == []
    found = {record.citation_key: record.description for record in records(text)}
    assert len(found) == 36
    full = found["article-full"]
    assert full.author == (Name("Aamport", "L[eslie] A."),)
    assert full.title == "The Gnats and Gnus Document Preparation System"
    assert full.container_title == "G-Animal's Journal"
    assert (full.issued, full.page, full.issue) == (Date(1986, 7), "73+", "7")
    cross = found["inproceedings-crossref"]
    assert (
        cross.container_title == "Proc. Fifteenth Annual ACM Symposium on the Theory of Computing"
    )


@pytest.mark.parametrize("path", sorted(DATA.glob("*.bib")), ids=lambda path: path.name)
def test_no_file_stops_it(path: Path) -> None:
    raw = path.read_bytes()
    read(raw)
    for cut in range(0, len(raw), max(len(raw) // 40, 1)):
        read(raw[:cut])


def test_entries_and_lines_do_not_depend_on_where_the_file_is_cut() -> None:
    entry = "@article{{k{n},\n  title = {{Title {n}}},\n  note = {{{filler}}}\n}}\n\n"
    text = "".join(entry.format(n=n, filler="x " * 5000) for n in range(3 * PIECE // 10_000))
    found = records(text)
    assert [record.citation_key for record in found] == [f"k{n}" for n in range(len(found))]
    assert [record.origin.location for record in found] == [
        f"refs.bib:{1 + 5 * n}" for n in range(len(found))
    ]


def test_backslashes_before_braces_and_line_ends() -> None:
    text = "@misc{a, title = {Two lines\\\\}}\n@misc{b, note = {x\\\n y},\n title = {B}}\n@misc{c,}"
    first, second, third = records(text)
    assert first.description.title == "Two lines"
    assert second.description.note == "x y"
    assert third.origin.location == "refs.bib:5"


class _Large(TextInput):
    """A large file that is never whole in memory."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "large.bib")

    def lines(self) -> Iterator[str]:
        for number in range(6_000):
            yield f"@article{{k{number},\n"
            yield f"  title = {{Title {number}}},\n"
            yield "  abstract = {" + "word " * 400 + "},\n"
            yield "}\n"


def test_memory_is_bounded() -> None:
    tracemalloc.start()
    count = len([None for _ in importer.read(_Large(), ImportOptions())])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 6_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    "hostile",
    [
        "@a{" * 30_000,
        "@a{\n" * 30_000,
        "@article{k, title = {" + "{" * 100_000,
        '@article{k, title = "' + "{" * 100_000,
        "@article{k, " + "a = b # " * 20_000,
        "@" + " " * 100_000,
        "@article{k,\n" + " " * 100_000 + "@",
        '@string{a = "' + "x" * 1000 + '"}\n'
        + "".join(f"@string{{{chr(97 + n + 1)} = {' # '.join([chr(97 + n)] * 20)}}}\n"
                  for n in range(12))
        + "@misc{k, note = m}",
        "@misc{k, crossref={k}}\n" * 1000,
        "@article{" + "k" * 100_000 + ", title={x}}",
    ],
)  # fmt: skip
def test_hostile_files_are_read_in_bounded_time(hostile: str) -> None:
    for item in read(hostile):
        if isinstance(item, Problem):
            assert len(item.raw) <= 64 * 1024


def test_its_warnings_are_problems_not_output(capsys: pytest.CaptureFixture[str]) -> None:
    read("@article{a, title = {x\n@article{b, title={y}}")
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_what_stands_between_entries_is_kept_where_it_stood() -> None:
    text = (
        "% first\n\n@string{a = {A}}\n\n@string{b = {A B}}\n\n@book{k1,\n  title = {One}\n}\n\n"
        "@comment{two {braces}}\n\n@book{k2,\n  title = {Two}\n}\n\n% the end\n"
    )
    first, second = records(text)
    assert [(extra.name, extra.value) for extra in first.description.extra] == [
        ("@text", "% first"),
        ("@string", "a = {A}\nb = {A B}"),
    ]
    assert [(extra.name, extra.value) for extra in second.description.extra] == [
        ("@comment", "two {braces}"),
        ("@text after", "% the end"),
    ]
    for to in EXPORTERS:
        written = write(works([first, second]), to=to)
        starts = [line for line in written.split("\n") if line[:1] in ("@", "%")]
        assert [re.sub(r"@\w+(?=\{k\d)", "@", line) for line in starts] == [
            "% first", "@string{a = {A}}", "@string{b = {A B}}", "@{k1,",
            "@comment{two {braces}}", "@{k2,", "% the end",
        ]  # fmt: skip


def test_what_stands_in_a_file_without_entries_is_told() -> None:
    (problem,) = problems("\n% nothing\n@comment{here}\n")
    assert (problem.line, problem.partial, problem.raw) == (2, False, "% nothing\nhere")


@pytest.mark.parametrize(
    "kept",
    [
        Extra("bibtex", "@text", "@article{x,\n title={y}}"),
        Extra("bibtex", "@comment", "\n@article{x,\n title={y}}"),
        Extra("bibtex", "@comment", "} @article{x, title={y}}"),
        Extra("bibtex", "@preamble", '"} @article{x, title={y}} "'),
        Extra("bibtex", "@preamble", "{a} # {b}"),
        Extra("bibtex", "@string", "a = {b} }@article{x, title={y}}{"),
        Extra("bibtex", "@string", "a = {b\\"),
        Extra("bibtex", "@text after", "@misc"),
    ],
)
def test_no_kept_block_becomes_an_entry(kept: Extra) -> None:
    said = Description(type="book", title="T", extra=(kept,))
    for to in EXPORTERS:
        text = entry(said, to=to) + "\n" + entry(said, "other", to=to)
        assert [record.citation_key for record in records(text)] == ["key", "other"]
        assert [problem for problem in problems(text) if not problem.partial] == []
