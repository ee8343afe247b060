"""Source lines as journals write them."""

from __future__ import annotations

import pytest

from refman.importers.garuda.source_line import looks_like_source, read_source_line
from refman.model import Date


@pytest.mark.parametrize(
    ("line", "volume", "issue", "issued", "issue_title"),
    [
        (
            "J Vol 16, No 4 (2025): Oktober-Desember 2025",
            "16",
            "4",
            "2025",
            "Oktober-Desember 2025",
        ),
        ("J Vol 9, No 1 (2020): March", "9", "1", "2020-03", "March"),
        ("J Vol. 1 No. 01 (2022): Juni, 2022", "1", "01", "2022-06", "Juni, 2022"),
        ("J Vol. 1 No. 1 (2022): Juni 2021", "1", "1", "2022", "Juni 2021"),
        ("J Vol. 6 No. 4 (2023): E-J", "6", "4", "2023", "E-J"),
        ("J Volume 4, Nomor 2 Agustus 2021", "4", "2", "2021-08", None),
        ("J Volume 15 Nomor 2, Oktober 2014", "15", "2", "2014-10", None),
        ("J Vol. 2, No. 1", "2", "1", None, None),
        ("J (2019)", None, None, "2019", None),
        ("J (Special Issue) - January", None, "Special Issue", None, "January"),
        ("J Vol. 3 No. 1-2 (2019/2020)", "3", "1-2", "2019/2020", None),
        ("J Vol. 3 No. 1 – 2 (2019-20)", "3", "1-2", "2019/2020", None),
        ("J Vol. XI No. II (2020)", "XI", "II", "2020", None),
        ("J Vol 4(2) (2020): X", "4", "2", "2020", "X"),
        ("J Edisi 5 Tahun 2018", None, "5", "2018", None),
        ("J Vol 5, No 1: Januari - Juni 2018", "5", "1", "2018", "Januari - Juni 2018"),
        ("J Vol. 12 No. 1 Juni (2018)", "12", "1", "2018-06", None),
        ("J Vol. 12 No. 1 Januari - Juni (2018)", "12", "1", "2018", None),
        ("J Vol 7, No 2, 2019", "7", "2", "2019", None),
        ("J Vol 2 No 1 (2015): Prosiding No. 3", "2", "1", "2015", "Prosiding No. 3"),
        ("J No. 3 (2011): Edisi Maret 2011", None, "3", "2011-03", "Edisi Maret 2011"),
        ("J, Nopember 2012", None, None, "2012-11", None),
        ("J Vol 1 No 1 (2020): J", "1", "1", "2020", None),
        ("J: A Review Vol 1 No 1 (2020): J - A Review (JAR)", "1", "1", "2020", None),
    ],
)
def test_source_lines(
    line: str, volume: str | None, issue: str | None, issued: str | None, issue_title: str | None
) -> None:
    read = read_source_line(line)
    assert read.container_title in ("J", "J: A Review")
    assert (read.volume, read.issue) == (volume, issue)
    assert (read.issued.edtf if read.issued else None) == issued
    assert read.issue_title == issue_title
    assert "issued" not in read.guessed or issue_title


def test_a_year_in_the_issues_title_is_a_guess() -> None:
    read = read_source_line("J Vol 1, No 2: WISUDA OKTOBER 2014")
    assert read.issued == Date(2014, 10)
    assert read.guessed == {"issued"}
    assert read.issue_title == "WISUDA OKTOBER 2014"


def test_what_finds_no_place_is_kept() -> None:
    line = "J Vol 1 Part Two No 3 (2020)"
    assert read_source_line(line).rest == line
    assert read_source_line("J Vol 1 No 3 (2020)").rest is None


def test_a_name_alone_and_nothing() -> None:
    assert (
        read_source_line("Jurnal Ilmu Sosial (JIS)").container_title == "Jurnal Ilmu Sosial (JIS)"
    )
    assert read_source_line("").container_title is None
    assert read_source_line("Vol 1 No 2 (2020)").container_title is None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("J Vol 1", True),
        ("J (2019)", True),
        ("Jurnal Hukum", False),
        ("The effect of sodium in 2019", False),
        ("Novel coronavirus", False),
    ],
)
def test_looks_like_source(line: str, source: bool) -> None:
    assert looks_like_source(line) is source
