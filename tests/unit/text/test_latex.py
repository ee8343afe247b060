from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.text.latex import clean, decode, decode_title, encode, encode_title
from refman.text.latex_math import is_balanced
from tests.growth import assert_grows_linearly

MODEL_CASE = (
    "The effectiveness of the International Organization for Migration (IOM) in addressing human "
    "trafficking against Indonesian migrant workers in Malaysia post-COVID-19"
)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("plain text", "plain text"),
        ("two   blanks\nand a line", "two blanks and a line"),
        (r"Gonz{\'a}lez Mu\~noz \v{C}ech {\v C}ech", "González Muñoz Čech Čech"),
        (r"\'{\i} \'\i{} na{\"\i}ve {\'{e}} \c{c}a", "í í naïve é ça"),
        (r"S\o ren {\O}re Stra\ss e \AA ngstr\"om {\l}", "Søren Øre Straße Ångström ł"),
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        ("``quotes'' and `one'", "“quotes” and `one'"),
        ("1--2 --- x", "1–2 — x"),
        (r"\(x^2\) and a break \\(here)", "<i>x</i><sup>2</sup> and a break (here)"),
        (r"Bra{\c{s}}ov Bra{\textcommabelow{s}}ov", "Braşov Brașov"),
        (r"a{\char45}b {\textminus}1 x{\ensuremath{'}}", "a‐b −1 x′"),
        (r"R\thinspace D of \ConTeXt", "R\u2009D of ConTeXt"),
        (r"50\% of \textit{x}~y", "50% of <i>x</i>\u00a0y"),
        (r"{\em In vivo} \textbf{b} \textsc{Sc}", "<i>In vivo</i> <b>b</b> "
         '<span style="font-variant:small-caps;">Sc</span>'),
        (r"H$_2$O, CO$_{2}$, 10$^{-3}$, 5$^\circ$C", "H<sub>2</sub>O, CO<sub>2</sub>, "
         "10<sup>-3</sup>, 5°C"),
        (r"$\alpha$-helix of $n$", "α-helix of <i>n</i>"),
        (r"\textsuperscript{th} \textsubscript{2}", "<sup>th</sup> <sub>2</sub>"),
        (r"A \& B \# \_ \{x\} \$5", "A & B # _ {x} $5"),
        (r"\LaTeX{} and \ldots", "LaTeX and …"),
        (r"see \url{https://x.y/~z%20a_b}", "see https://x.y/~z%20a_b"),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"\cyrb\pounds{}\texteuro", "б£€"),
    ],
)  # fmt: skip
def test_decode(latex: str, text: str) -> None:
    assert decode(latex) == text


@pytest.mark.parametrize(
    "latex",
    [
        r"C:\new\data",
        "50% of A, a%20b",
        r"\foo{bar} \baz[p. 2]{x}",
        r"$\frac{1}{2}$ and $\sqrt{x}$",
        "costs $5 and $10",
        "an {unclosed brace",
        "a lone } brace",
        "ends in \\",
        r"\textbf{never closed",
    ],
)
def test_what_is_not_understood_stays(latex: str) -> None:
    assert decode(latex) == latex


def test_paragraphs_are_kept_where_asked_for() -> None:
    latex = "One\nline.\n\n  Another\\par A third."
    assert decode(latex, paragraphs=True) == "One line.\nAnother\nA third."
    assert decode(latex) == "One line. Another A third."
    text = decode(latex, paragraphs=True)
    assert decode(encode(text), paragraphs=True) == text


def test_control_characters_are_stripped() -> None:
    assert decode("a\x00b\x1b[31mc\x9f\ufdd0") == "ab[31mc"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("A study of {DNA} in {Indonesia}", "A study of DNA in Indonesia"),
        ("{In vivo} uptake of {B}ayesian rats", "In vivo uptake of Bayesian rats"),
        ("{{The Whole Title}}", "The Whole Title"),
        ("{T}he first letter", "The first letter"),
        # In Title Case the exporter would leave a proper noun alone, so its braces stay.
        (
            "A New Theory of {Bayesian} Learning in {Large Groups}",
            'A New Theory of <span class="nocase">Bayesian</span> Learning in '
            '<span class="nocase">Large Groups</span>',
        ),
        ("Lower {case} braces say nothing", "Lower case braces say nothing"),
        (r"The {$O(n \log n)$} bound", r"The $O(n \log n)$ bound"),
        (r"{\'E}cole {\'e}l{\'e}mentaire", "École élémentaire"),
    ],
)
def test_braces_in_titles(latex: str, text: str) -> None:
    assert decode_title(latex) == text
    assert decode_title(encode_title(text)) == text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        (
            MODEL_CASE,
            "The effectiveness of the {International} {Organization} for {Migration} ({IOM}) in "
            "addressing human trafficking against {Indonesian} migrant workers in {Malaysia} "
            "post-{COVID}-19",
        ),
        ("Deep Residual Learning for Image Recognition", None),
        ("The Role of mRNA in COVID-19 Vaccine Design Today",
         "The Role of {mRNA} in {COVID}-19 Vaccine Design Today"),
        ("Vitamin D and Bone Health Among Older People",
         "Vitamin {D} and Bone Health Among Older People"),
        ("Migration in Indonesia", "Migration in {Indonesia}"),
        ("Trust: A review", None),
        ("ALL OF IT IN CAPITALS", None),
        ("<i>Homo sapiens</i> in Asia", r"\textit{Homo sapiens} in {Asia}"),
        ('On <span class="nocase">Large Groups</span>', "On {Large} {Groups}"),
        ('A New Theory of Learning in <span class="nocase">Large Groups</span>',
         "A New Theory of Learning in {Large Groups}"),
        ('A New Theory of <span class="nocase"><i>x</i> Learning</span> in Groups',
         r"A New Theory of {{\textit{x} Learning}} in Groups"),
        (r"The $O(n \log n)$ bound", r"The {$O(n \log n)$} bound"),
    ],
)  # fmt: skip
def test_capitals_are_protected_where_needed(text: str, latex: str | None) -> None:
    assert encode_title(text) == (latex or text)


def test_another_language_keeps_all_its_capitals() -> None:
    title = "Die Wirkung der Arbeit auf Menschen"
    assert encode_title(title, language="de") == "Die {Wirkung} der {Arbeit} auf {Menschen}"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% of A & B_1 #2 ~x ^y {z}", r"50\% of A \& B\_1 \#2 \textasciitilde{}x "
         r"\textasciicircum{}y \{z\}"),
        ("C:\\new", r"C:\textbackslash{}new"),
        ("lone } and {", r"lone \textbraceright{} and \textbraceleft{}"),
        ("$5 and $10", r"\$5 and \$10"),
        (r"half: $\frac{1}{2}$", r"half: $\frac{1}{2}$"),
        (r"$\input{/etc/passwd}$", r"\$\textbackslash{}input\{/etc/passwd\}\$"),
        ("a -- b", "a -{}- b"),
        (r"see \cite{knuth84}.", r"see \cite{knuth84}."),
        ("<i>x</i> < y, <b>z", r"\textit{x} < y, <b>z"),
    ],
)  # fmt: skip
def test_encode(text: str, latex: str) -> None:
    assert encode(text) == latex
    assert decode(latex) == text


def test_encode_in_ascii() -> None:
    assert encode("Nguyễn Åse ß – “x”", unicode=False) == (r"Nguy{\~{\^e}}n {\AA}se {\ss} -- ``x''")
    assert encode("α ≤ 中", unicode=False) == (
        r"{\ensuremath{\alpha}} {\ensuremath{\leq}} {\symbol{20013}}"
    )


_PIECES = st.lists(
    st.sampled_from(
        [
            "\\", "{", "}", "$", "%", "&", "#", "_", "~", "^", "-", "--", "`", "'", "``", "<i>",
            "</i>", "<sup>", "</sup>", "</span>", '<span style="font-variant:small-caps;">', "a",
            "B", "IOM", "The", " ", "é", "–", "”", "“", "’", "\u00a0", "α", "x^2", "\\frac{1}{2}",
            "\\'", "\\textbf", "10", "中", "@", "\\cite{x}", "İ", "ﬁ", "ß", "\n", '"', ",", "\\ ",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=30), _PIECES)


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.booleans())
def test_encoded_text_reads_back(text: str, unicode: bool) -> None:
    text = clean(text)
    latex = encode(text, unicode=unicode)
    assert is_balanced(latex)
    assert unicode or latex.isascii()
    assert decode(latex) == text


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.booleans())
def test_encoded_titles_read_back(text: str, unicode: bool) -> None:
    text = clean(text)
    latex = encode_title(text, unicode=unicode)
    assert is_balanced(latex)
    back = decode_title(latex)
    assert decode_title(encode_title(back, unicode=unicode)) == back
    bare = back.replace('<span class="nocase">', "")
    if "<span" not in text:
        assert bare.replace("</span>", "") == text.replace("</span>", "")


@pytest.mark.parametrize(
    ("piece", "end"),
    [
        ("{", ""),
        ("}", ""),
        ("\\'", ""),
        ("$", ""),
        ("\\foo{", ""),
        ("\\foo[", ""),
        ("$\\rm", ""),
        ("<i>", ""),
        ("\\textbf{", "}"),
        ("-", ""),
        ("\\cite{", ""),
        ("$a", ""),
    ],
)
def test_hostile_text_takes_linear_time(piece: str, end: str) -> None:
    def read(size: int) -> None:
        encode_title(decode_title(piece * size + end * size), unicode=False)

    assert_grows_linearly(read, 2_001)
