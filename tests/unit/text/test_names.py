from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Name
from refman.text.latex import clean
from refman.text.latex_math import is_balanced
from refman.text.names import (
    OTHERS,
    format_bibtex_name,
    format_bibtex_names,
    parse_bibtex_names,
    parse_name,
)
from tests.growth import assert_grows_linearly


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dwi, Rizkika", Name("Dwi", "Rizkika")),
        ("Rizkika Dwi", Name("Dwi", "Rizkika")),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", non_dropping_particle="van")),
        ("van der Berg, A., Jr.", Name("Berg", "A.", "Jr.", non_dropping_particle="van der")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", "Jr.")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("King, Martin Luther III", Name("King", "Martin Luther", "III")),
        ("Van Dyke, Dick", Name("Van Dyke", "Dick")),
        ("d'Alembert, Jean", Name("d'Alembert", "Jean")),
        ("Sukarno", Name(literal="Sukarno")),
        ("Florenly,", Name(literal="Florenly")),
        ("World Health Organization", Name(literal="World Health Organization")),
        ("Department of Justice, Canada", Name(literal="Department of Justice, Canada")),
        ("a, b, c, d", Name(literal="a, b, c, d")),
        ("", Name(literal="")),
    ],
)
def test_parse_name(text: str, name: Name) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Donald E. Knuth and Leslie Lamport", (Name("Knuth", "Donald E."),
                                                Name("Lamport", "Leslie"))),
        ("Knuth, Donald~E. AND Lamport, Leslie", (Name("Knuth", "Donald E."),
                                                  Name("Lamport", "Leslie"))),
        (r"Gonz{\'a}lez, Jr., Jos{\'e}", (Name("González", "José", "Jr."),)),
        ("Martin Luther King, Jr.", (Name("King", "Martin Luther", "Jr."),)),
        ("de la Cruz, Ana, Jr.", (Name("Cruz", "Ana", "Jr.", non_dropping_particle="de la"),)),
        (r"de la Vall{\'e}e Poussin, Charles Louis",
         (Name("Vallée Poussin", "Charles Louis", non_dropping_particle="de la"),)),
        (r"{\'E}tienne de {\'e}cole Foo", (Name("Foo", "Étienne",
                                                non_dropping_particle="de école"),)),
        ("Brandão e Silva, Ana", (Name("Brandão e Silva", "Ana"),)),
        ("{World Health Organization} and {Barnes and Noble}",
         (Name(literal="World Health Organization"), Name(literal="Barnes and Noble"))),
        ("{van Gogh}, Vincent", (Name("van Gogh", "Vincent"),)),
        ("Smith, J.; {A; B}; Doe, A.",
         (Name("Smith", "J."), Name(literal="A; B"), Name("Doe", "A."))),
        ("Smith, J. \\& Doe, A.", (Name("Smith", "J."), Name("Doe", "A."))),
        ("Smith & Wesson", (Name("Wesson", "Smith &"),)),
        ("American Rights at Work", (Name("Work", "American Rights at"),)),
        ("Foo, Bar and others", (Name("Foo", "Bar"), OTHERS)),
        ("Foo, Bar and et al.", (Name("Foo", "Bar"), OTHERS)),
        ("Plato", (Name(literal="Plato"),)),
        ("a, b, c, d", (Name(literal="a, b, c, d"),)),
        ("Hand, A and and Foot, B", (Name("Hand", "A"), Name("Foot", "B"))),
        ("A.\\ B. Smith", (Name("Smith", "A. B."),)),
        ("Sandor and Anderson, Andy", (Name(literal="Sandor"), Name("Anderson", "Andy"))),
        ("family=Berg, given=Anna, prefix=van den, useprefix=true",
         (Name("Berg", "Anna", non_dropping_particle="van den"),)),
        ("  ", ()),
    ],
)  # fmt: skip
def test_parse_bibtex_names(text: str, names: tuple[Name, ...]) -> None:
    assert parse_bibtex_names(text) == names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (Name("Berg", "Anna", "Jr.", non_dropping_particle="van den"), "van den Berg, Jr., Anna"),
        (Name("van Gogh", "Vincent"), "{van Gogh}, Vincent"),
        (Name("Humboldt", "Alexander", dropping_particle="von"), "von Humboldt, Alexander"),
        (Name("Smith", "Tom and Jerry"), "Smith, {Tom and Jerry}"),
        (Name("Smith", "Martin Jr."), "Smith, {Martin Jr.}"),
        (Name(literal="Sukarno"), "{Sukarno}"),
        (Name(literal="Marks & Spencer"), r"{Marks \& Spencer}"),
        (Name("O'Neill", "Tip"), "O'Neill, Tip"),
        (Name("Beck", non_dropping_particle="van"), "van Beck"),
        (Name(), ""),
    ],
)
def test_format_bibtex_name(name: Name, text: str) -> None:
    assert format_bibtex_name(name) == text


def test_others_come_last_and_unbraced() -> None:
    names = (Name("Foo", "Bar"), OTHERS)
    assert format_bibtex_names(names) == "Foo, Bar and others"
    assert format_bibtex_names((OTHERS, Name("Foo", "Bar"))) == "{others} and Foo, Bar"


def test_names_in_ascii() -> None:
    assert format_bibtex_name(Name("Müller", "Zoë"), unicode=False) == r"M{\"u}ller, Zo{\"e}"


_PARTS = st.one_of(
    st.text(max_size=10),
    st.lists(
        st.sampled_from(
            ["van", "de", "Jr.", "and", "others", "Smith", "J.", " ", "{", "}", "\\", ",", "~", "é",
             "<i>", "</i>", "%", '"', "="]
        ),
        max_size=6,
    ).map("".join),
)  # fmt: skip
_MAYBE = st.none() | _PARTS


@settings(max_examples=300, deadline=None)
@given(_MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, st.booleans())
def test_any_name_is_one_name_in_a_file(
    family: str | None,
    given_name: str | None,
    suffix: str | None,
    particle: str | None,
    literal: str | None,
    unicode: bool,
) -> None:
    name = Name(family, given_name, suffix, None, particle, literal)
    text = format_bibtex_names([name], unicode=unicode)
    assert is_balanced(text)
    names = parse_bibtex_names(text)
    assert len(names) <= 1
    again = format_bibtex_names(names, unicode=unicode)
    assert parse_bibtex_names(again) == names
    parse_name(text)


@settings(max_examples=200, deadline=None)
@given(_PARTS.map(clean).filter(bool), _PARTS.map(clean).filter(bool))
def test_family_and_given_read_back(family: str, given_name: str) -> None:
    name = Name(family, given_name)
    (back,) = parse_bibtex_names(format_bibtex_name(name))
    assert (back.full_family, back.given) == (family, given_name) or back.literal is not None


@pytest.mark.parametrize("piece", ["a and ", "{", ",", "~"])
def test_hostile_lists_take_linear_time(piece: str) -> None:
    times = count()

    def read(size: int) -> None:
        # Names that were read once are remembered.
        text = f"{piece * size} {next(times)}"
        parse_bibtex_names(text)
        parse_name(text)

    assert_grows_linearly(read, 5_000)
