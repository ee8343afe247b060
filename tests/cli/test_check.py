"""`refman check`, on a library and on plain files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Refman
from tests.crossref_server import CrossrefServer, corpus, no_limits

FILE = """\
@string{j = "Journal of Birds"}
@article{smith2020,
  author = {Smith, John and Doe, Jane},
  title = {ON THE MIGRATION OF BIRDS IN THE NORTH SEA},
  journal = j, year = 2020, volume = 3,
  pages = {20--10},
  issn = {1234-5678},
}
@article{Smith2020, author={Adji, Iwan}, title={Mosses}, journal={Mosses}, year=1998}
@article{copy, author={Smith, J. and Doe, J.}, year=2020, volume=3, pages={20--10},
  title={On the Migration of Birds in the North Sea}, journal={J. Birds}}
@article{bad, author={Adji}, title = {x
@book{knuth, title={The {\\TeX}book}, author={Knuth, Donald E.}, year=1984, publisher={AW}}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "paper.bib"
    path.write_text(FILE)
    return path


def test_a_file_needs_no_library(refman: Refman, bib: Path) -> None:
    result = refman("check", str(bib))
    assert result.status == 1
    assert [line.removeprefix(f"{bib}:") for line in result.out.splitlines()] == [
        "4:3: info: smith2020: the title is all in capitals; "
        "write 'On the migration of birds in the north sea' [capitals]",
        "6:3: warning: smith2020: the pages 20-10 go backwards [pages]",
        "7:3: error: smith2020: the ISSN 1234-5678 has a wrong check digit or length; "
        "compare it with the work's own page [malformed]",
        "9:1: error: Smith2020: the key Smith2020 is there already, in line 2; "
        "give one of the two another key [key]",
        "10:1: warning: copy: it is the same work as smith2020, in line 2; "
        "leave out one of them [duplicate]",
        "10:69: warning: copy: the pages 20-10 go backwards [pages]",
        *[line for line in result.out.replace(f"{bib}:", "").splitlines() if "unreadable" in line],
    ]
    assert "unreadable" in result.out
    assert result.err == f"{bib}: 4 references, 7 findings.\n"


def test_only_what_a_manuscript_cites(refman: Refman, bib: Path, tmp_path: Path) -> None:
    aux = tmp_path / "paper.aux"
    aux.write_text("\\citation{knuth}\n\\citation{nobody,knuth}\n")
    result = refman("check", str(bib), "--cited-in", str(aux), "--json")
    codes = {row["code"]: row for row in result.json}
    aux.write_text("\\citation{knutt}\n")
    assert "did you mean knuth?" in refman("check", str(bib), "--cited-in", str(aux)).out
    assert codes.keys() == {"undefined", "unreadable"}
    assert codes["undefined"]["message"] == f"nobody is cited, and is not in {bib}"
    assert codes["undefined"]["file"] == str(aux)


def test_status_by_severity(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "one.bib"
    path.write_text("@book{a, title={T}, author={Adji, Iwan}, year=2020}")
    assert refman("check", str(path), "--fail-on", "error").status == 0
    assert refman("check", str(path), "--fail-on", "warning").status == 1
    assert refman("check", str(path), "--fail-on", "never").status == 0
    path.write_text("@book{a, title={T}, author={Adji, Iwan}, year=2020, publisher={P}}")
    result = refman("check", str(path))
    assert (result.status, result.out) == (0, "")
    assert result.err == f"{path}: 1 reference, nothing to complain of.\n"


def test_for_code_hosts(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "a, b.bib"
    path.write_text("@book{a, title={T}, author={Adji, Iwan}, year=2020}")
    annotations = refman("check", str(path), "--format", "github").out
    assert annotations.startswith("::warning file=")
    assert "a%2C b.bib,line=1,col=1,title=missing::a: a work of type book" in annotations
    log = json.loads(refman("check", str(path), "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    [result] = run["results"]
    assert (result["ruleId"], result["level"]) == ("missing", "warning")
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 1}
    assert place["artifactLocation"]["uri"].endswith("/a%2C%20b.bib")
    [rule] = run["tool"]["driver"]["rules"]
    assert rule["id"] == "missing"
    assert "missing" in rule["shortDescription"]["text"]


def test_places_in_other_formats(refman: Refman, tmp_path: Path) -> None:
    ris = tmp_path / "one.ris"
    ris.write_text(
        "TY  - JOUR\nTI  - A paper\nAU  - Adji, I.\nJO  - Mosses\nSN  - 1234-5678\n"
        "PY  - 2991\nER  - \n"
    )
    assert [(row["line"], row["code"]) for row in refman("check", str(ris), "--json").json] == [
        (5, "malformed"),
        (6, "year"),
    ]
    csl = tmp_path / "one.json"
    csl.write_text(
        '[{"id": "a", "type": "webpage", "title": "RETRACTED: Birds", "URL": "https://e.org"},\n'
        ' {"id": "b", "type": "webpage", "URL": "https://e.org/b", "title": "Mosses",\n'
        '  "DOI": "10.1000/a b", "language": "English please"}]'
    )
    found = refman("check", str(csl), "--json").json
    assert [(row["citation_key"], row["line"], row["code"]) for row in found] == [
        ("a", 1, "retraction"),
        ("b", 3, "malformed"),
        ("b", 3, "language"),
    ]
    assert [row["column"] for row in found] == [34, 4, 26]


def test_what_is_usual_is_not_complained_of(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "usual.bib"
    twice = "".join(
        f"@book{{k{n}, title={{Birds {n}}}, author={{Adji{n}, Iwan}}, year=in-press, "
        f"publisher={{P}}, note={{x}}, note={{y}}, language={{norsk}}}}\n"
        for n in range(5)
    ).replace("=in-press", "={in press}")
    path.write_text(twice + "@misc{o, title={T}, author={{TUG 2005 conference}}, year=2005}\n")
    [finding] = refman("check", str(path), "--json").json
    assert finding["code"] == "unreadable"
    assert "(and 4 more like it)" in finding["message"]


def test_what_could_not_be_verified_is_not_wrong(
    refman: Refman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dois.bib"
    path.write_text(
        f"@misc{{right, doi={{{corpus.PLAIN}}}}}\n"
        f"@misc{{wrong, doi={{{corpus.PLAIN}}}, title={{Of birds}}, author={{Adji, Iwan}}}}\n"
        "@misc{none, title={No DOI}}\n"
        "@misc{unknown, doi={10.5555/unknown}}\n"
    )
    offline = {row["code"] for row in refman("check", str(path), "--verify", "--json").json}
    assert offline >= {"unverified"}
    assert not offline & {"foreign", "unknown"}
    monkeypatch.delenv("REFMAN_OFFLINE")
    with CrossrefServer(corpus.works(), limits=no_limits()) as server:
        monkeypatch.setenv("REFMAN_CROSSREF_URL", server.url)
        rows = refman("check", str(path), "--verify", "--json").json
    told = {(row["citation_key"], row["code"], row["severity"]) for row in rows}
    assert ("wrong", "foreign", "error") in told
    assert ("unknown", "unknown", "error") in told
    assert ("none", "unverified", "info") in told
    assert not {code for key, code, _ in told if key == "right"} & {"foreign", "unverified"}


@pytest.mark.usefixtures("library")
def test_a_query_that_finds_nothing_is_not_praised(refman: Refman) -> None:
    result = refman("check", "author:nobody")
    assert (result.status, result.err) == (1, "Nothing matches.\n")
    assert refman("check", "key:dwi2021").err == "Nothing to complain of.\n"


@pytest.mark.usefixtures("library")
def test_what_is_safe_is_mended(refman: Refman) -> None:
    refman("edit", "dwi2021", "--set", "title=THE EFFECTIVENESS OF MIGRATION IN THE NORTH")
    found = refman("check", "key:dwi2021")
    assert "can be mended with --fix" in found.err
    assert refman("check", "key:dwi2021", "--fix").err == (
        "Mended 1 field; `refman undo` takes it back.\n"
    )
    title = refman("show", "dwi2021", "--json").json["title"]
    assert title == "The effectiveness of migration in the north"
    assert refman("check", "key:dwi2021", "--fix").err == "Nothing can be mended safely.\n"
    refman("undo")
    assert refman("show", "dwi2021", "--json").json["title"].isupper()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["paper.bib", "nothing.bib"], "There is no file nothing.bib."),
        (["nothing.bib"], "There is no file nothing.bib."),
        (["sub/papr.ris.gz"], "There is no file sub/papr.ris.gz."),
        (["paper.bib", "--fix"], "--fix mends works of a library, not files."),
        (["birds", "--verify"], "Name the file to check."),
        (["birds", "--format", "sarif"], "Name the file to check."),
    ],
)
@pytest.mark.usefixtures("bib")
def test_wrong_use(
    refman: Refman, arguments: list[str], complaint: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    result = refman("check", *arguments)
    assert result.status == 2
    assert result.complaint == complaint
