from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Name
from refman.text.reference_names import read_names, read_shown_names, take_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Berg, A. B., & Ito, C.", ["Berg, A. B.", "Ito, C."]),
        ("Berg, A. B. and Ito, C.", ["Berg, A. B.", "Ito, C."]),
        ("Berg AB, van der Ito C", ["Berg, AB", "van der Ito, C"]),
        ("A. B. Berg, C.-D. Ito, and E. de Boer", ["Berg, A. B.", "Ito, C.-D.", "de Boer, E."]),
        ("Berg, A. B.; Ito, C.", ["Berg, A. B.", "Ito, C."]),
        ("King, M. L., Jr., & Smith, J.", ["King, M. L., Jr.", "Smith, J."]),
        ("Diaz LA Jr, Solit DB", ["Diaz, LA, Jr", "Solit, DB"]),
        ("S. de F. Couto, E. Helbig", ["Couto, S. de F.", "Helbig, E."]),
        ("O'Connell E, D'Arcy F", ["O'Connell, E", "D'Arcy, F"]),
        ("Barbakadze Sh, Ivanov Yu", ["Barbakadze, Sh", "Ivanov, Yu"]),
    ],
)
def test_lists_with_initials(text: str, names: list[str]) -> None:
    read = read_names(text)
    assert read is not None
    assert [name.inverted for name in read.names] == names
    assert not read.truncated


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Kadir, Herdawatie Abdul, and Mohd Rizal Arshad",
            ["Kadir, Herdawatie Abdul", "Arshad, Mohd Rizal"],
        ),
        (
            "De Graan, Pierre N. E., Marina de Wit, and Willem Gispen",
            ["De Graan, Pierre N. E.", "de Wit, Marina", "Gispen, Willem"],
        ),
        ("SILVERMAN, JENNIFER", ["SILVERMAN, JENNIFER"]),
        ("Wang, Hong-Jun, Li, Min", ["Wang, Hong-Jun", "Li, Min"]),
    ],
)
def test_lists_with_names_written_out(text: str, names: list[str]) -> None:
    read = read_names(text, full=True)
    assert read is not None
    assert [name.inverted for name in read.names] == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the effect of rice",
        "In 2010, it was so",
        "Berg, A., and the others were not, so",
        "12, 34",
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert read_names(text, full=True) is None


def test_a_list_that_was_cut() -> None:
    for text in ("Berg A, Ito C, et al.", "Berg, A., Ito, C., … Zorn, D.", "Berg A, Ito C…"):
        read = read_names(text)
        assert read is not None, text
        assert read.truncated
        assert read.names[-1] == Name(literal="others")
        assert [name.family for name in read.names[:-1]] == ["Berg", "Ito"]


def test_names_are_taken_off_a_text() -> None:
    for text, rest in (
        ("Berg AB, Ito C. A title. Gut.", ". A title. Gut."),
        ("A. Berg and C. Ito, Physics Letters", ", Physics Letters"),
        ("A. Berg, C. Ito, J. Chem. Phys.", ", J. Chem. Phys."),
        ("Berg, A.; Ito, C. Gut", " Gut"),
    ):
        taken = take_names(text)
        assert taken is not None, text
        assert [name.family for name in taken.names] == ["Berg", "Ito"]
        assert text[taken.end :] == rest
    assert take_names("A comparison of rice. Gut") is None


def test_names_as_portals_show_them() -> None:
    read = read_shown_names("Maria Rossi, Anna B. de Vries")
    assert read is not None
    assert [name.inverted for name in read.names] == ["Rossi, Maria", "de Vries, Anna B."]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_names(text, full=True)
    taken = take_names(text)
    assert taken is None or 0 < taken.end <= len(text)
