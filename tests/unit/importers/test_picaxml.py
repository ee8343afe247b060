"""PICA XML, as K10plus and GVK give it."""

from __future__ import annotations

import io

from refman.importers.picaxml import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput


def field(tag: str, *subfields: str) -> str:
    """`a Title` and so on as a data field."""
    inside = "".join(f'<subfield code="{one[0]}">{one[2:]}</subfield>' for one in subfields)
    return f'<datafield tag="{tag}">{inside}</datafield>'


def read(*fields: str) -> list[Record | Problem]:
    text = (
        '<zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/"><zs:records><zs:record>'
        '<zs:recordData>\n<record xmlns="info:srw/schema/5/picaXML-v1.0">'
        f"{''.join(fields)}</record></zs:recordData></zs:record></zs:records>"
        "</zs:searchRetrieveResponse>"
    )
    return list(importer.read(TextInput(io.BytesIO(text.encode()), "x.xml"), ImportOptions()))


def one(*fields: str) -> Description:
    (found,) = read(*fields)
    assert isinstance(found, Record), found
    assert found.origin.location == "x.xml:2"
    return found.description


def test_a_book() -> None:
    assert one(
        field("002@", "0 Aau"),
        field("003@", "0 785759913"),
        field("004A", "A 9783943267914", "f spiralgeh."),
        field("010@", "a ger", "a eng"),
        field("011@", "a 2014"),
        field("021A", "a Die @Regeln", "d für alle", "h hrsg."),
        field("028A", "d Anita", "a Berg", "c van den"),
        field("028C", "d Jane", "a Roe", "4 trl"),
        field("029A", "a Institut"),
        field("032@", "a 7. Aufl."),
        field("033A", "p Schopfheim", "n Maas &amp; Peither"),
        field("034D", "a 310 S."),
        field("036E", "a Kleine @Reihe", "l 7"),
        field("041A", "a Arzneimittel"),
        field("201B", "0 a copy"),
    ) == Description(
        type="book",
        title="Die Regeln: für alle",
        author=(
            Name("Berg", "Anita", non_dropping_particle="van den"),
            Name(literal="Institut"),
        ),
        translator=(Name("Roe", "Jane"),),
        collection_title="Kleine Reihe",
        collection_number="7",
        issued=Date(2014),
        number_of_pages="310",
        edition="7. Aufl.",
        publisher="Maas & Peither",
        publisher_place="Schopfheim",
        ISBN=("9783943267914",),
        keyword=("Arzneimittel",),
        language="ger; eng",
        extra=(
            Extra("picaxml", "003@", "$0 785759913"),
            Extra("picaxml", "004A", "$A 9783943267914 $f spiralgeh."),
            Extra("picaxml", "021A", "$a Die @Regeln $d für alle $h hrsg."),
        ),
    )


def test_an_article_and_a_thesis() -> None:
    article = one(
        field("002@", "0 Osu"),
        field("021A", "a T"),
        field("031A", "d 12", "e 3", "h 45-67"),
        field("039B", "t @Journal"),
        field("004V", "0 10.1000/x"),
    )
    assert (article.type, article.container_title) == ("article-journal", "Journal")
    assert (article.volume, article.issue, article.page) == ("12", "3", "45-67")
    assert article.DOI == "10.1000/x"
    thesis = one(field("002@", "0 Aau"), field("021A", "a T"), field("037C", "a Bonn, Diss."))
    assert (thesis.type, thesis.note) == ("thesis", "Bonn, Diss.")


def test_marc_is_told() -> None:
    (found,) = read(field("245", "a T"))
    assert isinstance(found, Problem)
    assert found.reason == "a record in MARC, not in PICA"


def test_it_is_recognised_by_what_it_holds() -> None:
    assert importer.recognise(Sample("x", f"<record>{field('021A', 'a T')}</record>")) >= 0.9
    assert importer.recognise(Sample("x.xml", f"<record>{field('245', 'a T')}</record>")) == 0


def test_no_subfield_is_lost() -> None:
    codes = "abcdefghijklmnopqrstuvwxyzACDEFGHIJKLMNOPQRSTUVWXYZ"
    tags = "003@ 004A 004V 005A 010@ 011@ 017C 021A 027A 028A 028C 029A 029F 030F 031A 032@ 033A"
    for tag in f"{tags} 034D 034I 036C 036E 036F 037A 037C 039B 041A 044K 045F 047I".split():
        whole = field(tag, *(f"{code} Alone{code}" for code in codes))
        said = repr(one(field("021A", "a T"), whole, field(tag, "a Again")))
        assert [code for code in codes if f"Alone{code}" not in said] == [], tag
        assert "Again" in said, tag
