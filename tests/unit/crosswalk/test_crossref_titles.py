"""Titles and containers of Crossref records."""

from __future__ import annotations

from typing import Any

import pytest

from refman.crosswalk.crossref_titles import Containers, read_containers, read_title
from tests.growth import assert_grows_linearly


def title(*titles: str, **more: Any) -> str | None:
    return read_title({"title": list(titles), **more}, None, True).text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A &amp;amp; B", "A & B"),
        ("Loss of &lt;i&gt;tp53&lt;/i&gt;", "Loss of <i>tp53</i>"),
        ("ZrW\n            <sub>2</sub>\n            O\n            <sub>8</sub>", None),
        ("Long‐COVID", "Long‐COVID"),
        ("18\u00a0Years", "18 Years"),
        (
            '<mml:math xmlns:mml="m"><mml:msub><mml:mi>H</mml:mi><mml:mn>2</mml:mn></mml:msub>'
            "</mml:math> storage",
            "H2 storage",
        ),
        ("Sunset seasonables for present planting /", "Sunset seasonables for present planting"),
        ("M�ller cells", "M�ller cells"),
    ],
)
def test_markup(raw: str, clean: str | None) -> None:
    assert title(raw) == (clean or "ZrW<sub>2</sub>O<sub>8</sub>")


@pytest.mark.parametrize(
    ("main", "subtitle", "expected"),
    [
        ("Swine flu", "Epidemic or Artifact?", "Swine flu: Epidemic or Artifact?"),
        ("Getting closure?", "An editorial", "Getting closure? An editorial"),
        ("A multi-part work:", "I. Quasars", "A multi-part work: I. Quasars"),
        ("Global state of sunscreens", "Global state of sunscreens", "Global state of sunscreens"),
        ("What it is: a view", "A view", "What it is: a view"),
        ("Aloha blossoms", "(718982007-001)", "Aloha blossoms (718982007-001)"),
        ("Risk in men", "RISK AND MEN", "Risk in men"),
        ("Umbilical artery", "", "Umbilical artery"),
    ],
)
def test_subtitles(main: str, subtitle: str, expected: str) -> None:
    assert title(main, subtitle=[subtitle]) == expected


def test_a_subtitle_inside_the_title() -> None:
    raw = "Anemia in an Infant&lt;subtitle&gt;Treatment with Corticotropin&lt;/subtitle&gt;"
    assert title(raw) == "Anemia in an Infant: Treatment with Corticotropin"


def test_a_running_head_becomes_the_short_title() -> None:
    message = {
        "title": ["Mapping the global state of invasive alien species: patterns of invasion"],
        "subtitle": ["Mapping the global state of invasive alien species"],
    }
    found = read_title(message, None, True)
    assert found.short == "Mapping the global state of invasive alien species"
    assert found.text == message["title"][0]
    assert found.unused == {"subtitle"}


def test_a_title_in_two_languages_takes_its_own_subtitle() -> None:
    found = read_title(
        {"title": ["Krebs", "Cancer"], "subtitle": ["Am Beispiel", "By example"]}, None, True
    )
    assert found.text == "Krebs: Am Beispiel"
    assert found.unused == {"title", "subtitle"}


def test_capitals_are_brought_to_sentence_case_with_evidence() -> None:
    message = {
        "title": ["HUMAN TRAFFICKING IN MALAYSIA AND THE IOM"],
        "subtitle": ["A CASE STUDY"],
        "language": "en",
    }
    found = read_title(message, "Trafficking in Malaysia is studied; the IOM is old.", True)
    assert found.text == "Human trafficking in Malaysia and the IOM: A case study"
    assert found.verbatim == "HUMAN TRAFFICKING IN MALAYSIA AND THE IOM: A CASE STUDY"


@pytest.mark.parametrize("raw", [None, [], [None], [""], ["  "], {}, 3, [["x"]]])
def test_no_title(raw: Any) -> None:
    assert read_title({"title": raw}, None, True).text is None


def test_a_doi_is_no_title() -> None:
    found = read_title({"title": ["10.1007/BF00293751"], "DOI": "10.1007/bf00293751"}, None, True)
    assert found.text is None
    assert "title" in found.unused


def test_a_grant_has_the_title_of_its_project() -> None:
    message = {"project": [{"project-title": [{"title": "Measuring seas", "language": "en"}]}]}
    assert read_title(message, None, True).text == "Measuring seas"


def containers(kind: str, *titles: str) -> Containers:
    return read_containers({"container-title": list(titles)}, kind)


@pytest.mark.parametrize(
    ("book", "series"),
    [
        ("Visual Arts Work", "New Directions in Cultural Policy Research"),
        ("Next Generation DNA Led Technologies", "SpringerBriefs in Applied Sciences"),
        ("Computer Vision – ECCV 2016", "Lecture Notes in Computer Science"),
        ("Of body snatchers and cyberpunks", "Göttinger Schriften zur Englischen Philologie"),
        (
            "Proceedings of the First International Conference on Machinery",
            "Advances in Intelligent Systems Research",
        ),
        (
            "Proceedings of Balisage: The Markup Conference 2019",
            "Balisage Series on Markup Technologies",
        ),
    ],
)
def test_book_and_series_in_either_order(book: str, series: str) -> None:
    assert containers("chapter", book, series) == Containers(book, series)
    assert containers("paper-conference", series, book) == Containers(book, series)


def test_where_no_word_decides_it_is_a_guess() -> None:
    found = containers("chapter", "Acta Alpha", "Beta and Gamma")
    assert found == Containers("Beta and Gamma", "Acta Alpha", guessed=True)


def test_other_containers() -> None:
    assert containers("article-journal", "Nature") == Containers("Nature")
    assert containers("book", "Fire Studies") == Containers(None, "Fire Studies")
    assert containers("article-journal", "A Journal", "A J").container == "A Journal"
    assert containers("chapter", "Same", "Same") == Containers("Same")
    assert containers("chapter") == Containers()
    assert read_containers({"container-title": "Text"}, "chapter").container == "Text"


@pytest.mark.parametrize("piece", ["<", "&lt;", "<subtitle>", "A "])
def test_long_titles_take_linear_time(piece: str) -> None:
    def read(size: int) -> None:
        evil = piece * size
        read_title({"title": [evil], "subtitle": [evil]}, None, True)
        containers("chapter", evil, "series " * size)

    assert_grows_linearly(read, 3_000)
