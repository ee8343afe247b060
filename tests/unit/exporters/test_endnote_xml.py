"""EndNote XML as other programs want it."""

from __future__ import annotations

from lxml import etree

from refman.crosswalk.endnote_fields import ELEMENTS
from refman.exporters.endnote_xml import exporter
from refman.model import Date, Description, Extra, Name, Relation, Update, Work
from refman.ports import ExportOptions, Loss, TextEncoding


def written(
    description: Description, options: ExportOptions | None = None
) -> tuple[etree._Element, list[Loss]]:
    """The record, and what was lost."""
    work = Work(id=1, citation_key="roe2020", description=description)
    pieces = list(exporter.write([work], options or ExportOptions()))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    (record,) = root.findall("records/record")
    return record, [piece for piece in pieces if isinstance(piece, Loss)]


def texts(record: etree._Element, path: str) -> list[str]:
    return ["".join(map(str, one.itertext())) for one in record.findall(path)]


ARTICLE = Description(
    type="article-journal",
    title="On <i>E. coli</i> & CO<sub>2</sub>",
    author=(Name("Roe", "Jane"), Name(literal="World Bank"), Name(literal="Univ. of X, Y")),
    container_title="J of X",
    container_title_short="JX",
    issued=Date(2020, 5),
    volume="8",
    issue="3",
    page="1-9",
    number="e12",
    ISSN=("0168-6496", "1574-6941"),
    DOI="10.1000/x",
    PMID="123",
    PMCID="PMC456",
    URL="https://example.org/?a=1&b=2",
    abstract="One.\n\nTwo < three.",
    keyword=("a", "b"),
    note="n1\nn2",
    updates=(Update("retraction", "10.1000/r", Date(2021)),),
    relations=(Relation("is-preprint-of", "10.1000/p"),),
    extra=(Extra("endnote-xml", "coden", "ABC"), Extra("ris", "C8", "theirs")),
)


def test_an_article() -> None:
    record, losses = written(ARTICLE)
    assert losses == []
    kind = record.find("ref-type")
    assert kind is not None
    assert (kind.text, kind.get("name")) == ("17", "Journal Article")
    assert texts(record, "contributors/authors/author") == [
        "Roe, Jane", "World Bank,", "Univ. of X,, Y",
    ]  # fmt: skip
    assert texts(record, "titles/secondary-title") == ["J of X"]
    assert texts(record, "periodical/full-title") == ["J of X"]
    assert texts(record, "periodical/abbr-1") == ["JX"]
    assert texts(record, "number") == texts(record, "issue") == ["3"]
    assert texts(record, "dates/year") == ["2020"]
    assert texts(record, "dates/pub-dates/date") == ["2020-05"]
    assert texts(record, "isbn") == ["0168-6496\r1574-6941"]
    assert texts(record, "custom7") == ["e12"]
    assert texts(record, "accession-num") == ["123"]
    assert texts(record, "remote-database-provider") == ["NLM"]
    assert texts(record, "custom2") == ["PMC456"]
    assert texts(record, "urls/web-urls/url") == ["https://example.org/?a=1&b=2"]
    assert texts(record, "abstract") == ["One.\r\rTwo < three."]
    assert texts(record, "notes") == [
        "n1\rn2\rretraction: 10.1000/r 2021\ris-preprint-of: doi:10.1000/p"
    ]
    assert texts(record, "label") == ["roe2020"]
    assert texts(record, "coden") == ["ABC"]


def test_elements_stand_in_the_order_of_the_type_definition() -> None:
    record, _ = written(ARTICLE)
    names = [str(one.tag) for one in record]
    assert names == sorted(names, key=ELEMENTS.index)


def test_marks_are_styled_runs() -> None:
    record, _ = written(ARTICLE)
    runs = [(one.get("face"), one.text) for one in record.findall("titles/title/style")]
    assert runs == [
        ("normal", "On "), ("italic", "E. coli"), ("normal", " & CO"), ("subscript", "2"),
    ]  # fmt: skip
    plain, _ = written(Description(type="book", title="Plain"))
    assert plain.find("titles/title/style") is None


def test_what_is_lost_is_told() -> None:
    _, losses = written(
        Description(
            type="broadcast",
            title='<span class="nocase">iPod</span>',
            author=(Name("Roe", "Jane", ORCID="0000-0002-1825-0097"),),
            license="CC",
        )
    )
    assert {loss.field for loss in losses} == {"type", "title", "author", "license"}
    assert all(loss.citation_key == "roe2020" and loss.reason for loss in losses)


def test_editors_of_books_are_where_zotero_looks_for_them() -> None:
    book, _ = written(Description(type="book", editor=(Name("Roe", "Jane"),), collection_title="S"))
    assert texts(book, "contributors/tertiary-authors/author") == ["Roe, Jane"]
    assert texts(book, "titles/secondary-title") == ["S"]
    chapter, _ = written(Description(type="chapter", editor=(Name("Roe", "Jane"),)))
    assert texts(chapter, "contributors/secondary-authors/author") == ["Roe, Jane"]


def test_proceedings_without_a_conference_stand_for_it() -> None:
    record, _ = written(Description(type="paper-conference", container_title="Proc. X"))
    assert texts(record, "titles/secondary-title") == texts(record, "custom3") == ["Proc. X"]


def test_a_label_that_was_kept_leaves_the_key_another_place() -> None:
    record, losses = written(
        Description(type="book", title="T", extra=(Extra("endnote-xml", "label", "29937971"),))
    )
    assert texts(record, "label") == ["29937971"]
    assert texts(record, "foreign-keys/key") == ["roe2020"]
    assert losses == []


def test_in_ascii_other_letters_are_references() -> None:
    work = Work(id=1, citation_key="a", description=Description(type="book", title="Élan 東"))
    options = ExportOptions(encoding=TextEncoding.ASCII)
    text = "".join(str(piece) for piece in exporter.write([work], options))
    assert text.isascii()
    assert "&#201;lan &#26481;" in text


def test_no_value_of_extra_breaks_the_file() -> None:
    names = (
        "ref-type", "alt-title", "abbr-2", "year", "pub-dates", "copyright-dates", "pdf-urls",
        "subsidiary-authors", "foreign-keys", "custom4", "strange/part", "label",
    )  # fmt: skip
    extra = tuple(Extra("endnote-xml", name, "17 x\x00\x1b\x0b y\ufffe & < z") for name in names)
    record, _ = written(Description(type="article-journal", title="T", extra=extra))
    assert texts(record, "titles/title") == ["T"]
