from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman.errors import InputError
from refman.services.cited import cited_keys, read_manuscript
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


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (r"\\% \cite{no}" "\n" r"\\\% \cite{a}", ["a"]),
        (r"\cite{a}\\%\cite{b}", ["a"]),
        ("\\cite{a,% a comment, with commas\n b}", ["a", "b"]),
        ("\\cite % why\n {a}", ["a"]),
        ("\\cite\n\n{no}", []),
        ("\\begin{verbatim}\\cite{b}\\end{verbatim}\\cite{a}", ["a"]),
        ("\\begin{lstlisting}[language=TeX]\n\\cite{b}\n\\end{lstlisting} \\cite{a}", ["a"]),
        ("\\begin{comment}\n\\cite{b}\n\\end{comment}\\begin{itemize}\\cite{a}", ["a"]),
        (r"\iffalse \cite{b}\ifx\cite{c}\fi\fi \cite{a}", ["a"]),
        (r"\iffalse \cite{b}\else \cite{a}\fi", ["a"]),
        (r"\cite{a}\end{document}\cite{b}", ["a"]),
        ("\\cite{a}\\endinput \\cite{b}\n\\cite{c}", ["a", "b"]),
        (r"\newcommand{\mycite}[1]{\cite{#1}}\renewcommand\cite{x}", ["x"]),
        (r"\cites(see)[1]{a}[2]{b} \footcites{c,d}{e} \Parencites[][3]{f}{g}", list("abcdefg")),
        (r"\citep[see][p. [3]]{a} \citep[{[a]}][b]{c}", ["a", "c"]),
        (r"\volcite{2}[34]{a} \Pvolcite[see]{3}{b} \ftvolcite{1}{c}", ["a", "b", "c"]),
        (r"\shortcite<see>[p.~2]{a} \citeA{b} \citeNP{c}", ["a", "b", "c"]),
        (r"\citefield{a}{title} \citename{b}{author} \fullcite{c}", ["a", "b", "c"]),
        (r"\defcitealias{b}{B} \citetalias{a} \AtEveryCitekey{x} \newcites{y}{Y}", ["a"]),
        (r"\bibentry{a} \notecite{b} \mintinline{tex}|\cite{n}| \lstinline!\cite{m}!", ["a", "b"]),
        (r"\href{x}{\cite{a}} $\cite{b}$ {\footnote{\citeyearpar{c}}}", ["a", "b", "c"]),
        (r"\cite{DBLP:conf/x-1, Müller_2020}", ["DBLP:conf/x-1", "Müller_2020"]),
    ],
)
def test_tex_as_tex_reads_it(tmp_path: Path, text: str, keys: list[str]) -> None:
    assert cited(tmp_path, "paper.tex", text) == keys


def test_tex_includes_are_followed_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "part" / "deep").mkdir(parents=True)
    (tmp_path / "one.tex").write_text(r"\cite{b}\input{part/two}\input{paper}")
    (tmp_path / "part" / "two.tex").write_text(r"\cite{c} \subimport{deep/}{three} % \input{none}")
    (tmp_path / "part" / "deep" / "three.tex").write_text(r"\cite{d}")
    paper = tmp_path / "paper.tex"
    paper.write_text("\\cite{a}\\include{one}\\input one.tex \\input{lost}\\cite{e}\\nocite{*}")
    found = read_manuscript(paper)
    assert [each.key for each in found.cited] == ["a", "b", "c", "d", "e"]
    assert [path.name for path in found.files] == ["paper.tex", "one.tex", "two.tex", "three.tex"]
    assert found.missing == [f"{paper} includes lost, which is not there."]
    assert found.cites_all


def test_aux_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "one.aux").write_text("\\citation{b}\n\\@input{paper.aux}")
    assert cited(tmp_path, "paper.aux", "\\citation{a}\n\\@input{one.aux}\n\\citation{c}") == [
        "a", "b", "c",
    ]  # fmt: skip


def test_very_many_files_end(tmp_path: Path) -> None:
    for i in range(80):
        (tmp_path / f"f{i}.tex").write_text(f"\\cite{{k{i}}}\\input{{f{i + 1}}}\\input{{f0}}")
    keys = cited_keys(tmp_path / "f0.tex")
    assert keys[:3] == ["k0", "k1", "k2"]
    assert 50 <= len(keys) <= 60


def test_a_device_is_not_included(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("\\cite{a}\\input{/dev/zero}\\input{\x00}\\input{" + "x/" * 190 + "}")
    assert [each.key for each in read_manuscript(paper).cited] == ["a"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("---\ntitle: me @home\nnocite: |\n  @a, @b\nmail: x@y.z\n---\n@c", ["a", "b", "c"]),
        ("<!-- @no --> @a", ["a"]),
        ("````\n```\n@no\n```\n````\n@a", ["a"]),
        ("```{r}\nx@no\n```\n> ~~~\n> @no\n> ~~~\n\n@a", ["a"]),
        ("`@no\n@no` @a\n\n`@b\n\n@c`", ["a", "b", "c"]),
        (r"\@no, me@mail.org, <https://x.org/@no>, https://x.org/@no, [x](http://y/@no)", []),
        ("@doe99. @{doi:10.1/x?y} @Foo_bar.baz, @Foo_bar--baz",
         ["doe99", "doi:10.1/x?y", "Foo_bar.baz", "Foo_bar"]),
        ("see @fig:one and @eq:two", []),
        ("(@good) An example.\n\nAs (@good) shows, and (@a) too.", ["a"]),
        (r"@a and \citep[see][3]{b,c} `\cite{no}`", ["a", "b", "c"]),
        ("{cite}`a,b` and {cite:p}`c` `{cite}` and {footcite:t}`{see}d{p. 3}`",
         ["a", "b", "c", "d"]),
        ("@Müller2020 @王2020", ["Müller2020", "王2020"]),
    ],
)  # fmt: skip
def test_markdown_as_pandoc_reads_it(tmp_path: Path, text: str, keys: list[str]) -> None:
    assert cited(tmp_path, "paper.md", text) == keys


def test_quarto_includes(tmp_path: Path) -> None:
    (tmp_path / "_part.qmd").write_text("@b")
    assert cited(tmp_path, "paper.qmd", "@a {{< include _part.qmd >}} @c @sec-x") == ["a", "b", "c"]


def test_notebooks(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["As @a\n", 'says <cite data-cite="b">B</cite>.']},
        {"cell_type": "code", "source": ["@no"]},
        {"cell_type": "markdown", "source": "[@c]"},
    ]
    assert cited(tmp_path, "paper.ipynb", json.dumps({"cells": cells})) == ["a", "b", "c"]
    with pytest.raises(InputError, match="cannot be read"):
        cited(tmp_path, "paper.ipynb", "[" * 100_000)


def test_org(tmp_path: Path) -> None:
    (tmp_path / "part.org").write_text("[cite:@f]")
    text = """
Text [cite:@a] and [cite/t/c:see @b p. 3; and @c-1:2].
# [cite:@no]
=[cite:@no]= ~@no~
#+begin_src latex
[cite:@no]
#+end_src
cite:d,e citep:g [[citet:&h;&i pp. 3]] https://x.org/cite:no
[cite:see @j
and @k p. 4]
#+INCLUDE: "part.org"
"""
    assert cited(tmp_path, "paper.org", text) == [
        "a", "b", "c-1:2", "j", "k", "d", "e", "g", "h", "i", "f",
    ]  # fmt: skip


def test_restructured_text(tmp_path: Path) -> None:
    text = "See :cite:`a,b` and :cite:p:`{see}c{p. 3}` :footcite:t:`d`. ``:ref:`no```"
    assert cited(tmp_path, "paper.rst", text) == ["a", "b", "c", "d"]


def test_typst_as_typst_reads_it(tmp_path: Path) -> None:
    (tmp_path / "part.typ").write_text("@d")
    text = """
@a and @b. See @fig-map // @no
/* @no */ `@no` #figure(image("x.png")) <fig-map>
#cite(<c>, supplement: [p. 3]) mail me@x.org \\@no https://x.org/@no
#include "part.typ"
"""
    assert cited(tmp_path, "paper.typ", text) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("suffixes", "head", "piece"),
    [
        ("tex md", "", "\\cite["),
        ("tex", "\\cites", "{a}"),
        ("tex", "", "\\iffalse"),
        ("tex", "", "\\begin{verbatim}"),
        ("tex md", "\\cite{", "{"),
        ("tex", "\\cite", "%\n"),
        ("md typ org", "@", "a:"),
        ("md", "", "]("),
        ("md", "", "<!--"),
        ("md", "", "{cite}`"),
        ("md typ", "`", "``"),
        ("org", "", "[cite:"),
        ("org", "", "=a"),
        ("org", "", "[[cite:&"),
        ("rst", "", ":cite:`"),
        ("typ", "", "<"),
        ("typ", "", "/*"),
        ("aux bcf", "", "\\citation{<bcf:citekey"),
    ],
)
def test_time_grows_with_whatever_is_read(
    tmp_path: Path, suffixes: str, head: str, piece: str
) -> None:
    def read(size: int) -> None:
        for suffix in suffixes.split():
            cited(tmp_path, f"paper.{suffix}", head + piece * size)

    assert_grows_linearly(read, 1_500)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True), unique=True, max_size=6),
    st.sampled_from([
        ("tex", "\\cite{{{0}}} "), ("tex", "\\autocite[see][p.~3]{{{0}}}\n"),
        ("md", "[@{0}] "), ("qmd", "see @{0}, "), ("typ", "@{0} "), ("org", "[cite:@{0}] "),
        ("rst", ":cite:`{0}` "), ("aux", "\\citation{{{0}}}\n"),
    ]),
)  # fmt: skip
def test_every_key_is_found_once_and_in_order(
    tmp_path: Path, keys: list[str], form: tuple[str, str]
) -> None:
    suffix, cite = form
    text = "".join(cite.format(key) for key in [*keys, *keys])
    assert cited(tmp_path, f"paper.{suffix}", text) == keys
