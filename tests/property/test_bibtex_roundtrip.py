"""What is written as BibTeX or biblatex reads back as the same, and is then the same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Extra, Name, Record, Work, without
from refman.model.vocabulary import CSL_TYPES
from refman.ports import Problem, TextEncoding
from refman.text.latex import clean
from tests import strategies
from tests.bibtex_files import DATA, EXPORTERS, read, records, works, write

_PIECES = st.lists(
    st.sampled_from(
        ["\\", "{", "}", "$", "%", "&", "#", "_", "~", "^", "--", "'", "``", "<i>", "</i>", "<sup>",
         "</sup>", "word", "IOM", "The", " ", "é", "–", "”", "\u00a0", "α", "$\\frac{1}{2}$", "10",
         "中", "\n@article{", '"', ",", "=", "\x00", "\x1b", " and ", "others", ";"]
    ),
    min_size=1, max_size=10,
).map("".join)  # fmt: skip
_TEXTS = _PIECES.map(clean).filter(bool)
_TITLES = st.lists(
    st.sampled_from(
        [
            "The",
            "New",
            "Theory",
            "of",
            "Large",
            "mRNA",
            "IOM",
            "Indonesian",
            "methods",
            "D",
            "in",
            "<i>Homo</i>",
            '<span class="nocase">Large Groups</span>',
            "Learning:",
            "study",
            "(A)",
            '<span class="nocase">Bayes</span>',
        ]
    ),
    min_size=2,
    max_size=9,
).map(" ".join)
_WORDS = st.text("abcdeéßłŻ-'", min_size=2, max_size=8).map(str.capitalize)
_NAMES = st.one_of(
    st.builds(Name, _WORDS, _WORDS, st.sampled_from([None, "Jr.", "III"]),
              non_dropping_particle=st.sampled_from([None, "van", "de la"])),
    st.builds(Name, literal=_TEXTS),
)  # fmt: skip
_YEARS = st.integers(1000, 2100)
_DATES = st.one_of(
    st.builds(Date, _YEARS),
    st.builds(Date, _YEARS, st.integers(1, 12)),
    st.builds(Date, _YEARS, st.integers(1, 12), st.integers(1, 28)),
    st.builds(Date, _YEARS, season=st.integers(1, 4), circa=st.booleans()),
    st.builds(lambda a, b: Date(a, end=Date(b)), _YEARS, _YEARS),
    st.builds(
        lambda y, m, d: Date(y, m, d, end=Date(y + 1, m, d)), _YEARS, st.integers(1, 12),
        st.integers(1, 28),
    ),
)  # fmt: skip
_VERBATIM = st.text("abcXYZ019./:?&=%#_~-+", min_size=1, max_size=20).map("https://x.y/".__add__)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ("container_title", "container_title_short", "collection_title", "edition", "publisher",
         "publisher_place", "note", "abstract", "annote", "title_short", "version", "genre",
         "event_title", "event_place", "status", "chapter_number"),
        _TEXTS,
    ),
    "title": _TEXTS,
    "author": st.lists(_NAMES, min_size=1, max_size=3).map(tuple),
    "editor": st.lists(_NAMES, min_size=1, max_size=3).map(tuple),
    "translator": st.lists(_NAMES, min_size=1, max_size=2).map(tuple),
    "issued": _DATES,
    "accessed": _DATES,
    **dict.fromkeys(
        ("license", "source", "archive", "medium", "volume_title", "call_number", "authority",
         "number_of_pages", "number_of_volumes", "part_number"),
        _TEXTS,
    ),
    **dict.fromkeys(
        ("composer", "compiler", "director", "container_author", "collection_editor"),
        st.lists(_NAMES, min_size=1, max_size=2).map(tuple),
    ),
    **dict.fromkeys(("published_online", "event_date", "submitted"), _DATES),
    "volume": st.sampled_from(["1", "12-13", "IV", "7B"]),
    "issue": st.sampled_from(["1", "2-3", "Suppl. 1"]),
    "page": st.sampled_from(["1-9", "e12", "123-130, 140", "S1-S9", "-5", "0-3"]),
    "number": st.sampled_from(["TR-7", "e123"]),
    "collection_number": st.sampled_from(["12", "3"]),
    "DOI": st.sampled_from(["10.1000/AbC", "10.1002/(SICI)1097(1998)17:15<1661::AID>3.0.CO;2"]),
    "ISBN": st.just(("9783161484100", "0198526636")),
    "ISSN": st.sampled_from([("0028-0836",), ("0028-0836", "1476-4687"), ("12345",)]),
    "URL": _VERBATIM,
    "PMID": st.just("123"),
    "PMCID": st.just("PMC123"),
    "arXiv": st.sampled_from(["2101.00001", "hep-th/9901001"]),
    "keyword": st.lists(_TEXTS, min_size=1, max_size=3, unique=True).map(tuple),
    "language": st.sampled_from(["en", "de", "id"]),
    "extra": st.lists(
        st.builds(Extra, st.just("bibtex"), st.sampled_from(["file", "Owner", "x-y"]),
                  st.sampled_from(["C:\\a_b%20", "a {b} c", "50% & $x$"])),
        min_size=1, max_size=2, unique_by=lambda extra: extra.name,
    ).map(tuple),
}  # fmt: skip


@st.composite
def _descriptions(draw: st.DrawFn) -> Description:
    kind = draw(st.sampled_from(sorted(CSL_TYPES)))
    chosen = draw(st.lists(st.sampled_from(sorted(_FIELDS)), max_size=9, unique=True))
    values = {name: draw(_FIELDS[name]) for name in chosen}
    return Description(type=kind, **values)


def _work(description: Description) -> Work:
    return Work(id=1, citation_key="k1", description=description)


BOTH = pytest.mark.parametrize("to", EXPORTERS)


@BOTH
@settings(max_examples=100, deadline=None)
@given(_descriptions(), st.sampled_from(TextEncoding))
def test_what_is_written_reads_back(
    to: str, description: Description, encoding: TextEncoding
) -> None:
    if encoding is TextEncoding.ASCII:
        description = without(description, {"extra"})  # which is kept as it is, so not encoded
    text = write([_work(description)], encoding, to)
    (back,) = read(text, recase=False)
    assert isinstance(back, Record)
    assert back.citation_key == "k1"
    assert back.description == description
    assert write([_work(back.description)], encoding, to) == text


_PEOPLE = st.one_of(
    _NAMES,
    st.builds(
        Name,
        _TEXTS,
        st.none() | _TEXTS,
        st.none() | st.sampled_from(["Jr.", "III", "x"]),
        dropping_particle=st.none() | st.sampled_from(["de", "Xyz", "von der"]),
        ORCID=st.none() | st.just("0000-0002-1825-0097"),
        affiliation=st.lists(_TEXTS, max_size=2).map(tuple),
    ),
)


@settings(max_examples=75, deadline=None)
@given(
    st.lists(_PEOPLE, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["author", "editor", "translator", "compiler", "composer"]),
    st.sampled_from(["book", "article-journal", "thesis"]),
    st.sampled_from(TextEncoding),
)
@example((Name("Berg", "and"), Name("Aa", "Aa")), "author", "book", TextEncoding.UNICODE)
def test_people_in_biblatex(
    people: tuple[Name, ...], variable: str, kind: str, encoding: TextEncoding
) -> None:
    fields: dict[str, Any] = {"type": kind, "title": "T", variable: people}
    said = Description(**fields)
    (back,) = records(write([_work(said)], encoding, "biblatex"))
    assert getattr(back.description, variable) == people


@BOTH
@settings(max_examples=75, deadline=None)
@given(_TITLES, st.sampled_from([None, "en", "de"]))
@example("of IOM IOM IOM IOM", None)
def test_titles_settle(to: str, title: str, language: str | None) -> None:
    description = Description(type="document", title=title, language=language)
    first = write([_work(description)], to=to)
    (back,) = records(first, recase=False)
    second = write([_work(back.description)], to=to)
    assert second == first
    assert records(second, recase=False)[0].description == back.description


@BOTH
@settings(max_examples=75, deadline=None)
@given(strategies.descriptions(10), st.sampled_from(TextEncoding))
def test_anything_at_all_gives_a_file_that_reads(
    to: str, description: Description, encoding: TextEncoding
) -> None:
    texts = []
    for _ in range(3):
        text = write([_work(description)], encoding, to)
        (back,) = read(text)
        assert isinstance(back, Record)
        description = back.description
        texts.append(text)
    assert texts[1] == texts[2]
    assert encoding is TextEncoding.UNICODE or text.isascii()


@BOTH
def test_real_files_read_back(to: str) -> None:
    for path in sorted(DATA.glob("*.bib")):
        first = records(path.read_bytes())
        text = write(works(first), to=to)
        again = records(text)
        assert write(works(again), to=to) == text
        for before, after in zip(first, again, strict=True):
            assert _extras(after) == _extras(before)
            assert after.description.title == before.description.title
            assert after.description.author == before.description.author
            assert after.description.issued == before.description.issued


_SCRAPS = st.lists(
    st.sampled_from(
        [
            "@article{k1,\n title = {T}, year = 2001}",
            '@book{k2, title = "T" # a}\n',
            "@misc{k3, crossref={k1}, xdata={x}}",
            "@xdata{x, publisher={P}}",
            "@set{s, entryset={k1}}",
            "@comment{x {y} z}",
            '@preamble{"\\newcommand{\\a}[1]{}"}',
            "@preamble{oops}",
            '@string{a = "A"}',
            "a = {b}",
            "mail@example.org",
            *("@comment{", "@string{", "@misc", "@", "%", "{", "}", '"', "(", ")", "=", "#"),
            *("\n", " ", ",", "\\", "word", "é", "\x00"),
        ]
    ),
    max_size=14,
).map("".join)


@BOTH
@settings(max_examples=150, deadline=None)
@given(_SCRAPS, st.sampled_from(TextEncoding))
def test_an_export_of_any_text_is_a_fixed_point(
    to: str, scraps: str, encoding: TextEncoding
) -> None:
    first = write(works(records(scraps, recase=False)), encoding, to)
    found = read(first, recase=False)
    assert [item for item in found if isinstance(item, Problem) and not item.partial] == []
    assert write(works(records(first, recase=False)), encoding, to) == first


FORCED = {"extra", "relations"}
"""What a record of Crossref's may not come back with: its own counts, and kinds of relations."""


@BOTH
@pytest.mark.parametrize("encoding", TextEncoding)
def test_real_records_read_back(to: str, encoding: TextEncoding) -> None:
    raw = (DATA.parent / "crossref" / "works.jsonl").read_bytes()
    for line in raw.splitlines():
        said = _in_lines(without(description_from_message(json.loads(line)).description, FORCED))
        if to == "bibtex":
            said = replace(said, author=_as_bibtex(said.author), editor=_as_bibtex(said.editor))
        (back,) = records(write([_work(said)], encoding, to), recase=False)
        assert back.description == said


def _in_lines(said: Description) -> Description:
    """Its abstract with single line ends: a blank line is one."""
    return replace(said, abstract=said.abstract and re.sub("\n+", "\n", said.abstract))


def _as_bibtex(people: tuple[Name, ...]) -> tuple[Name, ...]:
    """Without ORCID iDs and affiliations, and no family name where there is no other."""
    return tuple(
        Name(literal=name.family)
        if name.family and not name.given
        else replace(name, ORCID=None, affiliation=())
        for name in people
    )


def _extras(record: Record) -> list[Extra]:
    """What was kept, but for what is written in another way, or not at all."""
    return [
        extra
        for extra in record.description.extra
        if extra.name.lower() not in ("crossref", "xdata", "@text")
    ]
