from __future__ import annotations

from pathlib import Path

import pytest

from refman.errors import InputError
from refman.services.cited import cited_keys
from tests.growth import assert_grows_linearly


def cited(folder: Path, name: str, text: str) -> list[str]:
    path = folder / name
    path.write_text(text)
    return cited_keys(path)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (r"\cite{a} \citep[see][p.~3]{b, c} \textcite{a}", ["a", "b", "c"]),
        (r"\Citet{a} \Cite{b} \Textcite{c} \citeauthor*{d}", ["a", "b", "c", "d"]),
        (r"\autocites[1]{a}[2]{b} \textcites(see)(x){c}[][4]{d}{e}", ["a", "b", "c", "d", "e"]),
        ("\\cite\n  [p. 3] {a}", ["a"]),
        (r"\textcite{a}{b}", ["a"]),
        (r"\nocite{*} \nocite{a}", ["a"]),
        (r"100\% \cite{a} % \cite{b}", ["a"]),
        (r"\verb|\cite{a}| \verb*+\cite{b}+ \cite{c}", ["c"]),
        (r"\citestyle{apa} \setcitestyle{numbers} \citetext{as said} \cite{a}", ["a"]),
    ],
)
def test_tex(tmp_path: Path, text: str, keys: list[str]) -> None:
    assert cited(tmp_path, "paper.tex", text) == keys


def test_aux_and_bcf(tmp_path: Path) -> None:
    aux = "\\relax\n\\citation{a,b}\n\\abx@aux@cite{0}{c}\n\\citation{*}\n"
    assert cited(tmp_path, "paper.aux", aux) == ["a", "b", "c"]
    bcf = '<bcf:section number="0"><bcf:citekey order="1">a</bcf:citekey></bcf:section>'
    assert cited(tmp_path, "paper.bcf", bcf) == ["a"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Text [@a, p. 3; -@b] and @c says. Mail me@example.com.", ["a", "b", "c"]),
        ("@{a} @b.", ["a", "b"]),
        ("`@a` and ``[@b]`` but @c", ["c"]),
        ("```r\nx@a\n @b\n```\n@c\n~~~\n@d\n~~~\n@e", ["c", "e"]),
        (r"see \@ref(fig:x) and @a", ["a"]),
    ],
)
def test_markdown(tmp_path: Path, text: str, keys: list[str]) -> None:
    assert cited(tmp_path, "paper.md", text) == keys


def test_what_quarto_numbers_is_no_citation(tmp_path: Path) -> None:
    assert cited(tmp_path, "paper.qmd", "@fig-map and @tbl-rates as @smith2020 says") == [
        "smith2020"
    ]


def test_typst(tmp_path: Path) -> None:
    assert cited(tmp_path, "paper.typ", '#cite(<a>) and @b, #cite(label("c"))') == ["a", "b", "c"]


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="of no kind"):
        cited(tmp_path, "paper.txt", "")


@pytest.mark.parametrize(("head", "piece"), [(r"\cites", "[x]"), ("", "\\verb|"), ("", "`")])
def test_time_grows_with_the_text(tmp_path: Path, head: str, piece: str) -> None:
    def read(size: int) -> None:
        cited(tmp_path, "paper.tex", head + piece * size)
        cited(tmp_path, "paper.md", head + piece * size)

    assert_grows_linearly(read, 5_000)
