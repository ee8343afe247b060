"""Reports as files: rows for programs, a page for people."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.cli.reports import write_report
from refman.errors import UsageError
from refman.services.tally import Summary

COLUMNS = ("row", "given", "status", "changed")
SUMMARY = Summary(
    outcomes={"found": 995, "not_found": 4, "failed": 1},
    works=990,
    sources={"crossref": 900, "datacite": 90},
    types={"book": 990},
    years={1450: 1, 1990: 400, 2025: 589},
    publishers={"<script>": 3},
    fields={"title": 990, "volume": 3, "ISBN": 0},
    retracted=2,
)


def _rows(count: int) -> Iterator[dict[str, object]]:
    for number in range(1, count + 1):
        yield {"row": number, "given": "=1 \x1b[31m<b>", "status": "found", "changed": {"a": [1]}}


def test_rows_for_programs_are_rows_only(tmp_path: Path) -> None:
    write_report(tmp_path / "r.csv", COLUMNS, _rows(2), SUMMARY)
    with (tmp_path / "r.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [
            list(COLUMNS),
            ["1", "'=1 [31m<b>", "found", '{"a": [1]}'],
            ["2", "'=1 [31m<b>", "found", '{"a": [1]}'],
        ]
    write_report(tmp_path / "r.json", COLUMNS, _rows(2), SUMMARY)
    told = json.loads((tmp_path / "r.json").read_text())
    assert [row["row"] for row in told] == [1, 2]
    assert "\x1b" not in (tmp_path / "r.json").read_text()
    write_report(tmp_path / "r.json", COLUMNS, [])
    assert json.loads((tmp_path / "r.json").read_text()) == []
    with pytest.raises(UsageError):
        write_report(tmp_path / "r.doc", COLUMNS, [])


def test_a_page_with_sums(tmp_path: Path) -> None:
    write_report(tmp_path / "r.html", COLUMNS, _rows(450), SUMMARY)
    text = (tmp_path / "r.html").read_text()
    assert text.count("<section") == text.count("</section>") == 3
    assert text.count('<td class="s-found">found</td>') == 450
    assert "<td>1450</td><td>1</td>" in text
    assert "before 1946: 1" in text
    assert "995 · 99 %" in text
    assert "1 · under 1 %" in text
    assert "990 · 100 %" in text
    assert "2 of the works are retracted" in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\x1b" not in text
    assert not re.search(r"(?:src|href)=|https?:|url\(", text)
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" style', text)]
    assert all(0 <= height <= 120 for height in heights)


def test_a_page_of_no_rows_and_without_sums(tmp_path: Path) -> None:
    write_report(tmp_path / "r.html", COLUMNS, [], Summary(outcomes={}))
    text = (tmp_path / "r.html").read_text()
    assert "<th scope=col>given</th>" in text
    assert "Outcome of 0 rows" in text
    write_report(tmp_path / "r.html", COLUMNS, _rows(1))
    assert "<svg" not in (tmp_path / "r.html").read_text()
