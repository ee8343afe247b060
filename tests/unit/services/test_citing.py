from __future__ import annotations

import pytest

from refman.model import Date, Description, Name, Work
from refman.services.citing import CiteFormat, cite

MARKED = Work(
    id=1,
    citation_key="a",
    description=Description(
        type="article-journal",
        title="<i>In vivo</i> H<sub>2</sub>O & "
        '<span style="font-variant:small-caps;">doi</span> <span class="nocase">NaCl</span>',
        author=(Name(family="Doe", given="Jane"),),
        container_title="Water",
        issued=Date(2020),
    ),
)
MANY = Work(
    id=2,
    citation_key="b",
    description=Description(
        type="article-journal",
        title="Something",
        author=tuple(Name(family=f"Doe{letter}", given="Jane") for letter in "abcdefgh"),
        container_title="Water",
        issued=Date(2020),
    ),
)


def test_marks_are_no_text() -> None:
    [text] = cite([MARKED], "apa", CiteFormat.TEXT)
    assert "In vivo H2O & doi NaCl" in text
    [markup] = cite([MARKED], "apa", CiteFormat.HTML)
    assert (
        '<i>In vivo</i> H<sub>2</sub>O &amp; <span style="font-variant:small-caps;">doi</span> NaCl'
        in markup
    )
    [markdown] = cite([MARKED], "apa", CiteFormat.MARKDOWN)
    assert "*In vivo* H~2~O" in markdown


def test_text_is_escaped() -> None:
    hostile = Description(
        type="article-journal",
        title='a<b <script>x</script> & <span class="nocase">R&D</span>',
        author=(Name(literal="A & <B>"), Name(family="Roe", given="J.")),
        container_title="C & <D>",
        issued=Date(2020),
    )
    work = Work(id=1, citation_key="a", description=hostile)
    [markup] = cite([work], "apa", CiteFormat.HTML)
    assert "a&lt;b &lt;script&gt;x&lt;/script&gt; &amp; R&amp;D" in markup
    assert "A &amp; &lt;B&gt;, &amp; Roe" in markup
    assert "C &amp; &lt;D&gt;" in markup
    [text] = cite([work], "apa", CiteFormat.TEXT)
    assert "A & <B>, & Roe, J. (2020). a<b <script>x</script> & R&D. C & <D>" in text
    [markdown] = cite([work], "apa", CiteFormat.MARKDOWN)
    assert r"A & \<B>, & Roe, J. (2020). a\<b \<script>x\</script> & R&D." in markdown


@pytest.mark.parametrize(("style", "start"), [("ieee", "[1] J. Doe"), ("nature", "1. Doe, J.")])
def test_a_blank_follows_the_number(style: str, start: str) -> None:
    [text] = cite([MARKED], style, CiteFormat.TEXT)
    assert text.startswith(start)


def test_one_full_stop_follows_et_al() -> None:
    [text] = cite([MANY], "nature", CiteFormat.TEXT)
    assert "et al. Something" in text
    [markdown] = cite([MANY], "nature", CiteFormat.MARKDOWN)
    assert "*et al.* Something" in markdown


@pytest.mark.parametrize("style", ["apa", "chicago", "mla", "harvard", "ieee", "vancouver", "acm"])
def test_the_styles_that_are_named_are_there(style: str) -> None:
    [text] = cite([MARKED], style, CiteFormat.TEXT)
    assert "Doe" in text
