"""Formatted references, as Markdown, a web page and text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from refman import plugins
from refman.errors import UsageError
from refman.model import Date, Description, Name, Work
from refman.ports import ExportOptions, JournalForm

FORMS = ("markdown", "html", "text")
LATER = Work(
    id=1,
    citation_key='z"><script>',
    description=Description(
        type="article-journal",
        title="Zeta <script>alert(1)</script> & \x1b[31mso on\u202e",
        author=(Name(family="Zorn", given="A."),),
        container_title="Journal of International Relations",
        issued=Date(2021),
        DOI="10.1000/z",
    ),
)
EARLIER = Work(
    id=2,
    citation_key="a",
    description=Description(
        type="book", title="Alpha", author=(Name(family="Abel", given="B."),), issued=Date(1999)
    ),
)


def written(name: str, *works: Work, options: ExportOptions | None = None) -> str:
    pieces = plugins.exporter(name).write(works, options or ExportOptions())
    return "".join(piece for piece in pieces if isinstance(piece, str))


@pytest.mark.parametrize("name", FORMS)
def test_they_come_in_the_order_of_the_style(name: str) -> None:
    text = written(name, LATER, EARLIER)
    assert text.index("Abel") < text.index("Zorn")
    numbered = written(name, LATER, EARLIER, options=ExportOptions(style="ieee"))
    assert numbered.index("Zorn") < numbered.index("Abel")
    assert plugins.exporter(name).info.for_readers


def test_a_page_is_one() -> None:
    page: Any = html.document_fromstring(written("html", LATER, EARLIER))
    entries = page.xpath("//ul[@class='csl-bib-body']/li[@class='csl-entry']")
    assert [entry.get("id") for entry in entries] == ["a", 'z"><script>']
    assert page.xpath("//script") == []
    assert "Zeta <script>alert(1)</script> & [31mso on" in entries[1].text_content()
    assert page.xpath("//a/@href") == ["https://doi.org/10.1000/z"]
    assert html.document_fromstring(written("html")).xpath("//li") == []


def test_options() -> None:
    german = ExportOptions(style="apa", locale="de-DE")
    assert "Journal of International Relations" in written("text", LATER, options=german)
    assert '<html lang="de">' in written("html", options=german)
    short = ExportOptions(style="nature")
    assert "J. Int. Relat." in written("text", LATER, options=short)
    full = ExportOptions(style="nature", journals=JournalForm.FULL)
    assert "Journal of International Relations" in written("text", LATER, options=full)
    omit = ExportOptions(omit=frozenset(("DOI",)))
    assert "doi.org" not in written("text", LATER, options=omit)
    with pytest.raises(UsageError, match="no style"):
        written("text", LATER, options=ExportOptions(style="no such style"))


@pytest.mark.parametrize(
    ("locale", "days", "shown"),
    [
        ("en-US", (Date(2021, 5, 25), Date(2021, 5, 28)), "May 25–28, 2021"),
        ("en-US", (Date(2019, 7, 30), Date(2019, 8, 2)), "July 30–August 2, 2019"),
        ("en-US", (Date(2019, 12, 30), Date(2020, 1, 2)), "December 30, 2019–January 2, 2020"),
        ("en-GB", (Date(2021, 5, 25), Date(2021, 5, 28)), "25–28 May 2021"),
    ],
)
def test_days_of_a_meeting(locale: str, days: tuple[Date, Date], shown: str) -> None:
    first, last = days
    work = Work(
        id=1,
        citation_key="k",
        description=Description(
            type="paper-conference",
            title="A",
            event_title="Meeting",
            event_date=replace(first, end=last),
            issued=Date(first.year),
        ),
    )
    text = written("text", work, options=ExportOptions(style="apa", locale=locale))
    assert f"Meeting, {shown}" in text


@pytest.mark.parametrize(("name", "empty"), [("markdown", ""), ("text", "")])
def test_no_works_make_nothing(name: str, empty: str) -> None:
    assert written(name) == empty
