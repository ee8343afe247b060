from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.text import tables
from refman.text.reading import TextInput
from refman.text.tables import TableRow
from tests.growth import assert_grows_linearly


def _read(text: str | bytes, column: str | None = None) -> tuple[tables.Layout, list[TableRow]]:
    data = text.encode() if isinstance(text, str) else text
    layout = tables.recognise(TextInput(io.BytesIO(data), "in").head_text, column)
    return layout, list(tables.read(TextInput(io.BytesIO(data), "in").lines(), layout))


def _dois(text: str | bytes, column: str | None = None) -> list[str | None]:
    layout, rows = _read(text, column)
    assert layout.column is not None
    return [tables.doi_in(row.cells[layout.column])[0] for row in rows]


@pytest.mark.parametrize(
    ("cell", "doi"),
    [
        ("10.1000/x", "10.1000/x"),
        (" https://doi.org/10.1000%2FX. ", "10.1000/X"),
        ("10.1007%252Fs00586-011-2029-6", "10.1007/s00586-011-2029-6"),
        ("DOI: 10.1000/X", "10.1000/X"),
        ("Dwi (2021). Title. Journal 4(2). https://doi.org/10.1000/x.", "10.1000/x"),
        ("10.1000/x # the first", "10.1000/x"),
        ("https://doi.org/10127", None),
        ("n/a", None),
        ("", None),
    ],
)
def test_a_doi_in_a_cell(cell: str, doi: str | None) -> None:
    assert tables.doi_in(cell) == (doi, None)


def test_several_dois_and_an_endless_cell_are_remarked_on() -> None:
    assert tables.doi_in("see 10.1000/a and 10.1000/b") == (
        "10.1000/a",
        "the first of 2 DOIs in it",
    )
    doi, remark = tables.doi_in("10.1000/" + "x" * 5000)
    assert doi is None
    assert remark == "a cell of 5,008 characters is no DOI"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "name", ["doi", "DOI", "Digital Object Identifier", "DOI Link", "article_doi"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_column_is_known_by_its_header(
    delimiter: str, name: str, encoding: str, end: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(["id", "title", name])
    writer.writerow(["1", f"Größe{delimiter} and so on", "10.1000/x"])
    writer.writerow(["2", 'a "word"', ""])
    layout, rows = _read(text.getvalue().encode(encoding))
    assert layout.columns == ("id", "title", name)
    assert layout.column == 2
    assert [row.cells for row in rows] == [
        ("1", f"Größe{delimiter} and so on", "10.1000/x"),
        ("2", 'a "word"', ""),
    ]
    assert [row.line for row in rows] == [2, 3]


def test_a_column_is_known_by_what_it_holds() -> None:
    layout, rows = _read("name,link\nA,https://doi.org/10.1000/a\nB,none\nC,doi:10.1000/c\n")
    assert (layout.column, layout.has_header, len(rows)) == (1, True, 3)
    layout, rows = _read("A;10.1000/a\nB;10.1000/b\n")
    assert (layout.column, layout.has_header, len(rows)) == (1, False, 2)
    assert layout.columns == ("column_1", "column_2")
    # A column that is called so, but holds something else.
    layout, rows = _read("has doi,link\nyes,10.1000/a\nno,10.1000/b\n")
    assert layout.column == 1
    layout, rows = _read("doi,DOI of the book\n10.1000/a,\n10.1000/b,10.1000/c\n")
    assert layout.column == 0


def test_a_plain_list() -> None:
    layout, rows = _read("# a comment\n10.1000/a\n\n  doi:10.1000/b \nrubbish, and more\n")
    assert layout.delimiter is None
    assert [(row.line, row.cells) for row in rows] == [
        (2, ("10.1000/a",)), (4, ("doi:10.1000/b",)), (5, ("rubbish, and more",)),
    ]  # fmt: skip
    assert _dois("DOI\n10.1001/jama.251.19.2504,2509\n") == ["10.1001/jama.251.19.2504,2509"]
    assert _dois("10.1001/jama.251.19.2504,2509\n") == ["10.1001/jama.251.19.2504,2509"]
    assert _dois("Dwi, R. (2021), Title, doi:10.1000/x.\n") == ["10.1000/x"]
    assert _dois("") == []


def test_line_breaks_in_quotes_and_a_separator_line() -> None:
    layout, rows = _read('sep=;\na;doi\n"1\n2";10.1000/a\n\n3;10.1000/b\n')
    assert layout.delimiter == ";"
    assert [(row.line, row.cells) for row in rows] == [
        (3, ("1\n2", "10.1000/a")), (6, ("3", "10.1000/b")),
    ]  # fmt: skip


def test_remarks_above_a_table_are_no_rows() -> None:
    layout, rows = _read("# exported today, by us\n\n#,DOI\n1,10.1000/a\n# 2,10.1000/b\n")
    assert layout.columns == ("#", "DOI")
    assert [(row.line, row.cells) for row in rows] == [
        (4, ("1", "10.1000/a")), (5, ("# 2", "10.1000/b")),
    ]  # fmt: skip
    assert _dois("#10.1000/a\n10.1000/b\n") == ["10.1000/b"]


def test_a_column_can_be_named() -> None:
    text = "a,b,doi\n10.1000/a,10.1000/b,10.1000/c\n"
    assert _dois(text, "B") == ["10.1000/b"]
    assert _dois(text, "1") == ["10.1000/a"]
    assert _dois("x,10.1000/a\ny,10.1000/b\n", "2") == ["10.1000/a", "10.1000/b"]
    for wrong in ("title", "4", "0", "-1", "9" * 5000, "²"):
        with pytest.raises(UsageError, match="There is no column"):
            _read(text, wrong)


def test_a_quote_that_is_not_closed_costs_its_own_row() -> None:
    text = "id,doi\n1,10.1000/a\n" + '2,"10.1000/b\n' + "3,10.1000/c\n" * 3000
    _, rows = _read(text)
    assert len(rows) == 3002
    assert rows[1].line == 3
    assert rows[1].cells == ("2", "10.1000/b")
    assert rows[1].problem == "line 3: a quote that is not closed"
    assert all(row.problem is None for row in rows[2:])
    # At the end, too, where nothing comes after it that could tell.
    _, rows = _read('id,doi\n1,"10.1000/a\n2,10.1000/b\n')
    assert [(row.cells, row.problem is None) for row in rows] == [
        (("1", "10.1000/a"), False), (("2", "10.1000/b"), True),
    ]  # fmt: skip


def test_a_huge_row_is_a_row() -> None:
    _, rows = _read("id,doi\n1," + "x" * 2_000_000 + "\n2,10.1000/b\n")
    assert [row.line for row in rows] == [2, 3]
    assert rows[0].problem == "line 2: a row of over 1,048,576 characters"
    assert len(rows[0].cells[0]) <= 200
    _, rows = _read("id,doi\n1" + "," * 5000 + "\n2,10.1000/b\n")
    assert rows[0].problem == "line 2: a row of 5,001 cells"
    _, rows = _read("doi\n" + "x" * 2_000_000 + "\n10.1000/b\n")
    assert rows[0].problem == "line 2: a row of over 1,048,576 characters"


@pytest.mark.parametrize("line", ['a"b,"c\n', '"""\n', '"\n', '","\n', "10.1." * 800 + "\n"])
def test_hostile_lines_are_read_in_linear_time(line: str) -> None:
    def read(size: int) -> None:
        layout = tables.Layout(",", ("a",), 0, has_header=False)
        for row in tables.read([line] * size, layout):
            tables.doi_in(row.cells[0])

    assert_grows_linearly(read, 2_000 if len(line) < 100 else 20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12),
                 min_size=3, max_size=3),
        max_size=8,
    ),
    st.sampled_from(",;\t"),
)  # fmt: skip
def test_what_csv_writes_comes_back(body: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["doi", "b", "c"])
    writer.writerows(body)
    layout = tables.Layout(delimiter, ("doi", "b", "c"), 0, has_header=True)
    rows = list(tables.read(io.StringIO(text.getvalue()), layout))
    assert [list(row.cells) for row in rows] == [row for row in body if any(row)]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='ab10./x",;\t\n#=', max_size=120))
def test_any_text_is_a_table_of_some_kind(text: str) -> None:
    layout, rows = _read(text)
    lines = text.count("\n") + 1
    assert all(1 <= row.line <= lines for row in rows)
    assert layout.columns
