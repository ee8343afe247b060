"""Selecting the wanted records of one file: which they are, and that they come as they were."""

from __future__ import annotations

import gzip
import json
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.sources import crossref_files
from refman.sources.crossref_files import Found, Place, key_of, places, records, without_others
from refman.sources.crossref_select import SelectInto, Wanted, select
from tests.growth import assert_grows_linearly

WORKS = Path(__file__).parents[3] / "tests" / "data" / "crossref" / "works.jsonl"
LINES = WORKS.read_bytes().splitlines()
MESSAGES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
DOIS = [message["DOI"] for message in MESSAGES]
ISSNS = sorted({issn for message in MESSAGES for issn in message.get("ISSN", ())})
PREFIXES = sorted({doi.partition("/")[0] for doi in DOIS})


def write(path: Path, *values: object) -> Path:
    lines = [v if isinstance(v, bytes) else json.dumps(v).encode() for v in values]
    data = b"\n".join(lines) + b"\n"
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def selected(path: Path, **wanted: list[str]) -> list[str]:
    return [json.loads(line)["DOI"] for line in select(path, Wanted.of(**wanted)).records]


def test_lines_come_as_they_were_and_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "0.jsonl.gz", *LINES)
    found = select(path, Wanted.of([DOIS[3].upper(), DOIS[70], "10.5555/none"]))
    assert found.records == (LINES[3], LINES[70])
    summary = found.summary
    assert (summary.name, summary.records, summary.kept) == ("0.jsonl.gz", len(LINES), 2)
    assert summary.dois == {DOIS[3].lower(): 4, DOIS[70].lower(): 71}
    assert summary.size == path.stat().st_size
    assert summary.unpacked == sum(len(line) + 1 for line in LINES)
    assert (summary.unreadable, summary.pieces) == (0, [])
    assert summary.seconds > 0


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.sampled_from(DOIS), max_size=4),
    st.sets(st.sampled_from(ISSNS), max_size=3),
    st.sets(st.sampled_from(PREFIXES), max_size=2),
)
def test_it_is_what_parsing_everything_gives(
    dois: set[str], issns: set[str], prefixes: set[str]
) -> None:
    expected = tuple(
        line
        for line, message in zip(LINES, MESSAGES, strict=True)
        if message["DOI"] in dois
        or issns & set(message.get("ISSN", ()))
        or message["DOI"].partition("/")[0] in prefixes
    )
    wanted = Wanted.of(dois, issns, prefixes)
    assert select(WORKS, wanted).records == (expected if dois or issns or prefixes else ())
    assert pickle.loads(pickle.dumps(wanted)) == wanted


def test_what_other_works_are_named_for_does_not_count(tmp_path: Path) -> None:
    others = {
        "reference": [
            {"key": "1", "DOI": "10.1111/b", "unstructured": 'in [1], "x", ]} ],"DOI":"10.1/x'},
            {"key": "2", "ISSN": "1234-5679", "DOI": "10.2222/c"},
        ],
        "funder": [{"DOI": "10.13039/501100000780", "name": "EC", "award": ["1", "2"]}],
        "update-to": [{"DOI": "10.1111/b", "type": "erratum"}],
    }
    path = write(
        tmp_path / "x.jsonl", {"DOI": "10.5555/a", **others}, {**others, "DOI": "10.5555/z"}
    )
    for wanted in (
        {"dois": ["10.1111/b"]}, {"issns": ["1234-5679"]}, {"prefixes": ["10.13039", "10.1111"]},
    ):  # fmt: skip
        assert selected(path, **wanted) == []
    assert selected(path, dois=["10.5555/A"]) == ["10.5555/a"]
    assert selected(path, prefixes=["10.5555"]) == ["10.5555/a", "10.5555/z"]
    assert selected(path, prefixes=["10.555"]) == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b'{"DOI" : "10.5555/a"}', {"prefixes": ["10.5555"]}),
        (b'{"DOI":"10.5555\\/a"}', {"prefixes": ["10.5555"]}),
        (b'{"DOI":"10\\u002e5555/a"}', {"prefixes": ["10.5555"]}),
        (b'{"DOI":"10.5555\\/a"}', {"dois": ["10.5555/A"]}),
        (b'{"DOI":"10.5555/a","ISSN":"2049-363x"}', {"issns": ["2049-363X"]}),
        (b'{"DOI":"10.5555/a","ISSN": [ "0028-0836" , "2049363X"]}', {"issns": ["2049-363X"]}),
    ],
)
def test_spellings(tmp_path: Path, line: bytes, wanted: dict[str, list[str]]) -> None:
    assert selected(write(tmp_path / "x.jsonl", line), **wanted) == ["10.5555/a"]


def test_every_form_gives_lines(tmp_path: Path) -> None:
    works = MESSAGES[:5]
    forms = {
        "items.json": json.dumps({"items": works}, indent=1),
        "list.json": json.dumps(works),
        "message.jsonl": json.dumps({"message": {"items": works}}),
        "wrapped.jsonl": "\r\n".join(json.dumps({"message": work}) for work in works),
    }
    for name, text in forms.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        lines = select(path, Wanted.of([DOIS[1], DOIS[4]])).records
        assert [json.loads(line) for line in lines] == [MESSAGES[1], MESSAGES[4]], name
        assert not any(b"\n" in line for line in lines)
        assert select(path, Wanted.of(["10.5555/none"])).records == ()


def test_a_doi_that_is_cut_by_the_end_of_a_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"items": MESSAGES[:3]}), encoding="utf-8")
    for chunk in (7, 64, 1000):
        monkeypatch.setattr(crossref_files, "_CHUNK", chunk)
        assert selected(path, dois=[DOIS[2]]) == [DOIS[2]]


def test_unreadable_pieces_are_told_with_their_lines(tmp_path: Path) -> None:
    broken = b'{"DOI":"10.5555/broken", }'
    cut = LINES[0][:500]
    path = write(tmp_path / "x.jsonl", LINES[0], cut, b"", broken, b"[1]", LINES[1])
    found = select(path, Wanted.of(["10.5555/broken", DOIS[1]]))
    assert found.records == (LINES[1],)
    assert found.summary.pieces == [
        (2, "a line that is not JSON"), (4, "a line that is not JSON"),
    ]  # fmt: skip
    assert found.summary.dois == {DOIS[1].lower(): 6}
    packed = gzip.compress(b"\n".join(LINES))
    half = tmp_path / "half.jsonl.gz"
    half.write_bytes(packed[: len(packed) // 2])
    found = select(half, Wanted.of([DOIS[0], DOIS[-1]]))
    assert found.records == (LINES[0],)
    ((line, reason),) = found.summary.pieces
    assert 1 < line <= len(LINES)
    assert "ends too soon" in reason
    missing = select(tmp_path / "none.jsonl", Wanted.of([DOIS[0]]))
    assert missing.summary.unreadable == 1


def test_much_damage_is_counted_and_not_all_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", *[b"{broken"] * 1000)
    summary = select(path, Wanted.of(["10.5555/a"])).summary
    assert summary.unreadable == 1000
    assert len(summary.pieces) == 100


def test_parts_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = write(tmp_path / "0.jsonl.gz", *LINES)
    made = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        summary = SelectInto(Wanted.of([DOIS[1]]), folder, packed=True)(path)
        (part,) = folder.iterdir()
        assert part.stat().st_size == summary.part
        made.append(part.read_bytes())
        time.sleep(0.01)
    assert made[0] == made[1]
    assert gzip.decompress(made[0]) == LINES[1] + b"\n"
    nothing = SelectInto(Wanted.of(["10.5555/none"]), tmp_path / "a", packed=True)(path)
    assert nothing.part == 0
    assert list((tmp_path / "a").iterdir()) == []


# Where records are, without parsing


def test_places_are_those_that_parsing_gives() -> None:
    found = [f for f in records(WORKS, None) if isinstance(f, Found)]
    parsed = [(key_of(f.message), f.position) for f in found]
    assert [(p.key, p.position) for p in places(WORKS, ()) if isinstance(p, Place)] == parsed
    wanted = {DOIS[5].lower()}
    there = [p for p in places(WORKS, wanted) if isinstance(p, Place) and p.key in wanted]
    assert [p.found.message for p in there if p.found] == [MESSAGES[5]]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["DOI", "unstructured", "key"]),
            st.text(alphabet='ab[]{},":\\ x', max_size=12),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_lists_of_others_are_left_out_and_nothing_else(
    references: list[dict[str, str]], first: bool
) -> None:
    own = {"DOI": "10.5555/own"}
    work = {"reference": references, **own} if first else {**own, "reference": references}
    for separators in ((",", ":"), (", ", ": ")):
        rest = without_others(json.dumps(work, separators=separators).encode())
        assert b"10.5555/own" in rest


@pytest.mark.parametrize(
    "piece", [b'"reference":[', b"]", b'],"', b'"reference":[]]', b'"DOI":"', b'"ISSN":[', b"\\"]
)
def test_hostile_lines_take_no_longer_than_their_length(tmp_path: Path, piece: bytes) -> None:
    def look(size: int) -> None:
        line = b'{"DOI":"10.5555/a",' + piece * (size // len(piece)) + b"}"
        path = write(tmp_path / f"{size}.jsonl", line)
        select(path, Wanted.of(["10.5555/a"], ["1234-5679"], ["10.5555"]))
        list(places(path, ()))

    assert_grows_linearly(look, 500_000)
