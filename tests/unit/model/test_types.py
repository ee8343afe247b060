"""Names, descriptions and the vocabulary."""

from __future__ import annotations

import pytest

from refman.model import (
    DATE_FIELDS,
    FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Name,
    Update,
    stated,
)
from refman.model.vocabulary import is_csl_type, similar_types


def test_every_field_is_of_one_kind() -> None:
    kinds = [TEXT_FIELDS, DATE_FIELDS, NAME_FIELDS, LIST_FIELDS, {"updates", "relations", "extra"}]
    assert sum(map(len, kinds)) == len(FIELDS) == len(set(FIELDS))
    assert set().union(*kinds) == set(FIELDS)
    assert {"title", "DOI", "volume"} <= TEXT_FIELDS
    assert {"ISSN", "ISBN", "keyword"} == LIST_FIELDS


def test_only_what_is_stated_is_told() -> None:
    assert list(stated(Description())) == []
    description = Description(title="A", author=(Name("B"),), issued=Date(2021))
    assert [field for field, _ in stated(description)] == ["title", "author", "issued"]
    assert description.year == 2021
    assert Description().year is None
    assert Description(issued=Date(literal="soon")).year is None


@pytest.mark.parametrize(
    ("name", "display", "inverted", "family"),
    [
        (Name("Dwi", "Rizkika"), "Rizkika Dwi", "Dwi, Rizkika", "Dwi"),
        (
            Name("Beethoven", "Ludwig", non_dropping_particle="van"),
            "Ludwig van Beethoven",
            "van Beethoven, Ludwig",
            "van Beethoven",
        ),
        (
            Name("Humboldt", "Alexander", dropping_particle="von"),
            "Alexander von Humboldt",
            "Humboldt, Alexander von",
            "Humboldt",
        ),
        (
            Name("King", "Martin Luther", suffix="Jr."),
            "Martin Luther King Jr.",
            "King, Martin Luther, Jr.",
            "King",
        ),
        (Name(literal="World Bank"), "World Bank", "World Bank", "World Bank"),
        (Name("Suharto"), "Suharto", "Suharto", "Suharto"),
        (Name(given="Plato"), "Plato", "Plato, Plato", "Plato"),
        (Name(), "", "", ""),
    ],
)
def test_names(name: Name, display: str, inverted: str, family: str) -> None:
    assert name.display == display
    assert name.inverted == inverted
    assert name.full_family == family


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal", "partial_retraction"])
def test_what_takes_a_work_back(kind: str) -> None:
    correction, notice = Update("correction"), Update(kind, DOI="10.1000/r")
    assert Description(updates=(correction, notice)).retraction is notice
    assert Description(updates=(correction,)).retraction is None


def test_types() -> None:
    assert is_csl_type("article-journal")
    assert not is_csl_type("journal-article")
    assert "article-journal" in similar_types("journal-article")
    assert similar_types("motion-picture") == ["motion_picture"]
    assert similar_types("xyzzy") == []
