"""MARCXML as catalogues give it."""

from __future__ import annotations

import io

import pytest

from refman.importers.marcxml import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly

BOOK = "00000nam a2200000 a 4500"


def field(tag: str, text: str, indicators: str = "  ") -> str:
    """`a Title $b more` as a data field."""
    parts = [part for part in text.split("$") if part]
    inside = "".join(f'<subfield code="{p[0]}">{p[2:].strip()}</subfield>' for p in parts)
    return (
        f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">{inside}</datafield>'
    )


def record(*fields: str, leader: str = BOOK) -> str:
    return f"<record><leader>{leader}</leader>{''.join(fields)}</record>"


def read(*records: str) -> list[Record | Problem]:
    text = (
        '<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
        + "\n".join(records)
        + "</collection>"
    )
    return list(importer.read(TextInput(io.BytesIO(text.encode()), "x.xml"), ImportOptions()))


def one(*fields: str, leader: str = BOOK) -> Description:
    (found,) = read(record(*fields, leader=leader))
    assert isinstance(found, Record), found
    return found.description


def test_a_book() -> None:
    found = one(
        '<controlfield tag="001">441828</controlfield>',
        '<controlfield tag="008">120119s2012    lu d    sb    000 0 eng d</controlfield>',
        field("020", "a 9789279215070 (pbk.)"),
        field("020", "a 0801486394"),
        field("082", "a 230 $a 943"),
        field("245", "a Active ageing : $b a portrait / $c Eurostat.", "10"),
        field("250", "a 2012 ed."),
        field("260", "a Luxembourg : $b Publications Office, $c c2012."),
        field("300", "a XV, 141 p. : $b statistics"),
        field("490", "a Statistical books ; $v 7"),
        field("500", "a First note."),
        field("500", "a Second note."),
        field("520", "a Said."),
        field("650", "a older people $x statistics."),
        field("700", "a Depenheuer, Otto $e Hrsg.", "1 "),
        field("856", "u http://a.example/x.pdf", "40"),
        field("856", "u http://a.example/toc.pdf", "42"),
        field("035", "a (OCoLC)1"),
    )
    assert found == Description(
        type="book",
        title="Active ageing: a portrait",
        editor=(Name("Depenheuer", "Otto"),),
        collection_title="Statistical books",
        collection_number="7",
        issued=Date(2012),
        number_of_pages="141",
        edition="2012 ed",
        publisher="Publications Office",
        publisher_place="Luxembourg",
        ISBN=("9789279215070", "0801486394"),
        URL="http://a.example/x.pdf",
        abstract="Said.",
        keyword=("older people", "statistics"),
        language="eng",
        note="First note.\nSecond note.",
        call_number="230 943",
        extra=(
            Extra("marcxml", "001", "441828"),
            Extra("marcxml", "300", "__ $a XV, 141 p. : $b statistics"),
            Extra("marcxml", "856", "42 $u http://a.example/toc.pdf"),
            Extra("marcxml", "020", "__ $a 9789279215070 (pbk.)"),
            Extra("marcxml", "245", "10 $a Active ageing : $b a portrait / $c Eurostat."),
            Extra("marcxml", "035", "__ $a (OCoLC)1"),
        ),
    )


def test_people_by_their_roles() -> None:
    title = field("245", "a T")
    found = one(
        title,
        field("100", "a Erhart, Hannelore, $d 1927-2013 $e Verfasser $4 aut", "1 "),
        field("700", "a Roe, Jane. $4 trl", "1 "),
        field("700", "a Poe, Edgar A.", "1 "),
        field("710", "a Elsevier $4 pbl", "2 "),
        field("710", "a United Nations. $b Secretariat.", "1 "),
    )
    assert found.author == (Name("Erhart", "Hannelore"), Name("Poe", "Edgar A."))
    assert found.translator == (Name("Roe", "Jane"),)
    assert found.contributor == (Name(literal="United Nations. Secretariat"),)
    assert [extra.value for extra in found.extra] == [
        "2_ $a Elsevier $4 pbl",
        "1_ $a Erhart, Hannelore, $d 1927-2013 $e Verfasser $4 aut",
    ]
    (book,) = read(record(title, field("700", "a Roe, Jane", "1 ")))
    assert isinstance(book, Record)
    assert book.description.editor == (Name("Roe", "Jane"),)
    assert "editor" in book.guessed


@pytest.mark.parametrize(
    ("leader", "fields", "kind"),
    [
        (BOOK, (), "book"),
        ("00000cem a2200000", (), "map"),
        ("00000njm a2200000", (), "song"),
        ("00000nas a2200000", (), "periodical"),
        (BOOK, (field("502", "a Thesis"),), "thesis"),
        ("00000naa a2200000", (field("773", "t The Book $z 9789279215070"),), "chapter"),
        ("00000nab a2200000", (field("773", "t J $x 0168-6496"),), "article-journal"),
    ],
)
def test_types(leader: str, fields: tuple[str, ...], kind: str) -> None:
    assert one(field("245", "a T"), *fields, leader=leader).type == kind


def test_an_article_in_its_host() -> None:
    found = one(
        field("245", "a T"),
        field("773", "t J of X. $g Vol. 24, no. 9 (Sept. 1993), p. 235-248 $x 0168-6496"),
        leader="00000nab a2200000",
    )
    assert (found.container_title, found.volume, found.issue, found.page) == (
        "J of X", "24", "9", "235-248",
    )  # fmt: skip
    assert (found.ISSN, found.issued) == (("0168-6496",), Date(1993))


def test_the_publication_among_several_statements() -> None:
    found = one(
        field("245", "a T $n Band 2. $p Later"),
        field("264", "a Printed $b P $c 1999", " 3"),
        field("264", "a Göttingen $b V &amp; R $c [2023]", "31"),
        field("024", "a 10.1007/978-3 $2 doi", "7 "),
    )
    assert (found.title, found.publisher, found.publisher_place) == (
        "T. Band 2: Later", "V & R", "Göttingen",
    )  # fmt: skip
    assert (found.issued, found.DOI) == (Date(2023), "10.1007/978-3")


def test_a_thesis() -> None:
    found = one(field("245", "a T"), field("502", "b PhD $c University of X $d 1999"), leader=BOOK)
    assert (found.type, found.genre, found.publisher, found.issued) == (
        "thesis", "PhD", "University of X", Date(1999),
    )  # fmt: skip


def test_unimarc() -> None:
    found = one(
        field("010", "a 2-07-036822-X"),
        field("101", "a fre"),
        field("200", "a L'étranger $e roman $f Albert Camus"),
        field("210", "a Paris $c Gallimard $d 1957"),
        field("215", "a 186 p."),
        field("225", "a Folio $v 2"),
        field("606", "a Roman $x 20e siècle"),
        field("700", "a Camus $b Albert $4 070"),
        field("702", "a Roe $b Jane $4 730"),
    )
    assert (found.title, found.author, found.translator) == (
        "L'étranger: roman", (Name("Camus", "Albert"),), (Name("Roe", "Jane"),),
    )  # fmt: skip
    assert (found.publisher, found.issued, found.language) == ("Gallimard", Date(1957), "fre")
    assert (found.ISBN, found.number_of_pages) == (("207036822X",), "186")
    assert (found.collection_title, found.collection_number) == ("Folio", "2")
    assert found.keyword == ("Roman", "20e siècle")


def test_records_in_an_answer_are_counted_once() -> None:
    inside = record(field("245", "a T"))
    found = read(
        f"<record><recordSchema>marcxml</recordSchema><recordData>{inside}</recordData></record>"
    )
    assert len(found) == 1
    assert isinstance(found[0], Record)


def test_problems() -> None:
    found = read(
        record(), "<record><leader></record>", record(field("245", "a T")),
        record(field("021A", "a @Title")),
    )  # fmt: skip
    assert [(one.line, one.reason[:20]) for one in found if isinstance(one, Problem)] == [
        (2, "a record that says n"), (3, "not well-formed: ope"), (5, "a record in PICA, no"),
    ]  # fmt: skip


_LONG = (("245", "a"), ("260", "c"), ("300", "a"), ("700", "a"), ("773", "g"))


def test_no_punctuation_takes_long() -> None:
    for piece in ("/", "[", " :", "1-"):

        def read_it(size: int, piece: str = piece) -> None:
            text = f"{piece * size}a"
            read(
                record(
                    field("245", f"a {text}"), field("260", f"c {text}"), field("773", f"g {text}")
                )
            )

        assert_grows_linearly(read_it, 2000)


def test_it_is_recognised_by_what_it_holds() -> None:
    assert importer.recognise(Sample("x", record(field("245", "a T")))) >= 0.9
    assert importer.recognise(Sample("x.xml", "<xml><records><record/></records></xml>")) == 0


def test_a_field_with_a_broken_tag_does_not_cost_the_record() -> None:
    found = one(field("", "a Odd"), field("245", "a Whole"))
    assert found.title == "Whole"
    assert found.extra == (Extra("marcxml", "", "__ $a Odd"),)


@pytest.mark.parametrize(
    ("leader", "title"), [(BOOK, "245"), ("00000nab a2200000", "245"), (BOOK, "200")]
)
def test_no_subfield_is_lost(leader: str, title: str) -> None:
    codes = "abcdfghijklmnopqrstuvwxyz"
    made = ("039", "040", "042", "044", "336", "337", "338", "883", "884")
    for tag in (f"{number:03}" for number in range(10, 900)):
        if tag in made:
            continue
        all_of_them = field(tag, "".join(f"${code} Alone{code}" for code in codes))
        found = one(field(title, "a T"), all_of_them, field(tag, "a Again"), leader=leader)
        said = repr(found)
        assert [code for code in codes if f"Alone{code}" not in said] == [], tag
        assert "Again" in said, tag


def test_many_people_take_time_in_proportion() -> None:
    def people(count: int) -> None:
        read(record(*(field("700", f"a N{number}, X") for number in range(count))))

    assert_grows_linearly(people, 500)


@pytest.mark.parametrize(
    "extent",
    [
        "xii, 200 hlm. ; 23 cm",
        "200 halaman",
        "200 págs.",
        "200 p. : il.",
        "XII, 200 S.",
        "200 blz.",
    ],
)
def test_pages_are_counted_in_several_languages(extent: str) -> None:
    assert one(field("245", "a T"), field("300", f"a {extent}")).number_of_pages == "200"


def test_a_thesis_told_in_one_line() -> None:
    found = one(field("245", "a T"), field("502", "a Thesis (Ph. D.)--Yale University, 1999."))
    assert (found.type, found.genre, found.publisher, found.issued) == (
        "thesis", "Ph. D.", "Yale University", Date(1999),
    )  # fmt: skip


def test_the_author_of_another_work_is_none_of_this_one() -> None:
    found = one(
        field("245", "a Plays"),
        field("100", "a Roe, Jane", "1 "),
        field("700", "a Shakespeare, William $t Hamlet.", "12"),
    )
    assert found.author == (Name("Roe", "Jane"),)
    assert [extra.value for extra in found.extra] == ["12 $a Shakespeare, William $t Hamlet."]
