"""Dates in words and numbers."""

from __future__ import annotations

import pytest

from refman.model import Date
from refman.text.dates import read_date


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2021", "2021"),
        ("2021-08-15", "2021-08-15"),
        ("2021-21", "2021-21"),
        ("2020/2021", "2020/2021"),
        ("1850~", "1850~"),
        ("2010/11/01", "2010-11-01"),
        ("2010/11/01/", "2010-11-01"),
        ("2010///", "2010"),
        ("2005//Spring", "2005-21"),
        ("2001/00/00/", "2001"),
        ("2019/09//undefined", "2019-09"),
        ("2023/01/23/21:42:58", "2023-01-23"),
        ("2018-03-21 18:19:45", "2018-03-21"),
        ("2021-08-15T00:00:00Z", "2021-08-15"),
        ("2020/04//Apr-Jun, 2020", "2020-04/2020-06"),
        ("20220219", "2022-02-19"),
        ("DEC 2019", "2019-12"),
        ("04/2013", "2013-04"),
        ("4.2013", "2013-04"),
        ("12-2013", "2013-12"),
        ("2020 Mar-Apr", "2020-03/2020-04"),
        ("15 August 2021", "2021-08-15"),
        ("August 15th, 2021", "2021-08-15"),
        ("30 Sept. 2010", "2010-09-30"),
        ("Agustus 2021", "2021-08"),
        ("16-20 June 2010", "2010-06-16/2010-06-20"),
        ("12 May-3 June 2011", "2011-05-12/2011-06-03"),
        ("Spring 2004", "2004-21"),
        ("ca. 1850", "1850~"),
        ("c1998", "1998~"),
        ("[2003]", "2003"),
        ("1998-99", "1998/1999"),
        ("2019-2020", "2019/2020"),
        ("2005/07/15-2005/07/18", "2005-07-15/2005-07-18"),
        ("15.08.2021", "2021-08-15"),
        ("08/15/2021", "2021-08-15"),
    ],
)
def test_reads_all_of_it(text: str, edtf: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.date.edtf == edtf
    assert found.date.year is not None
    assert found.whole


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2021-02-31", "2021-02"),
        ("2010/13/01", "2010"),
        ("04/05/2021", "2021"),
        ("13/2021", "2021"),
        ("2013/02/15/received", "2013-02-15"),
        ("Published 2015", "2015"),
    ],
)
def test_says_where_something_was_left_out(text: str, edtf: str) -> None:
    found = read_date(text)
    assert found is not None
    assert (found.date.edtf, found.whole) == (edtf, False)


@pytest.mark.parametrize("text", ["in press", "n.d.", "99", "YEAR/MONTH/DAY/", "2011-2010"])
def test_what_is_no_date_is_a_literal(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.date == Date(literal=text)


@pytest.mark.parametrize("text", ["", "  ", "////", "-"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_date(text) is None


def test_the_year_may_come_from_elsewhere() -> None:
    assert read_date("JAN 15", 2022) == (Date(2022, 1, 15), True)
    assert read_date("SEP", 2018) == (Date(2018, 9), True)
    found = read_date("SEP")
    assert found is not None
    assert found.date.literal == "SEP"


@pytest.mark.parametrize("piece", ["1 ", "ca. ", "2010/"])
def test_long_texts_are_not_looked_at(piece: str) -> None:
    found = read_date(piece * 100_000)
    assert found is not None
    assert found.date.year is None
