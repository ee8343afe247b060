from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from refman.errors import InputError, UsageError
from refman.model import Date, Description, Name, Work, stated
from refman.services.citing import CiteFormat, cite, cite_in_text, style_names

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


@pytest.mark.parametrize(
    "style",
    ["apa", "chicago", "chicago-notes", "mla", "harvard", "ieee", "vancouver", "acm", "nature",
     "ama", "acs", "science", "elsevier-harvard", "springer", "turabian", "asa", "aps", "lncs"],
)  # fmt: skip
def test_the_styles_that_are_named_are_there(style: str) -> None:
    [text] = cite([MARKED], style, CiteFormat.TEXT)
    assert "Doe" in text


_DOI = "https://doi.org/10.21111/mediasi.v4i2.10036"
_TITLE = (
    "The effectiveness of the International Organization for Migration (IOM) in addressing human "
    "trafficking against Indonesian migrant workers in Malaysia post-COVID-19"
)
_CAPITALS = (
    "The Effectiveness of the International Organization for Migration (IOM) in Addressing Human "
    "Trafficking against Indonesian Migrant Workers in Malaysia Post-COVID-19"
)
ARTICLE = Work(
    id=3,
    citation_key="dwi2021",
    description=Description(
        type="article-journal",
        title=_TITLE,
        author=(Name(family="Dwi", given="Rizkika"), Name(family="Sari", given="Anisa Putri")),
        container_title="Mediasi: Journal of International Relations",
        issued=Date(2021, 8),
        volume="4",
        issue="2",
        page="123-130",
        DOI="10.21111/mediasi.v4i2.10036",
    ),
)
CHAPTER = Work(
    id=4,
    citation_key="miller1983",
    description=Description(
        type="chapter",
        title='Why "peers" matter?',
        author=(Name(family="Miller", given="Norman"),),
        editor=(Name(family="Epstein", given="Joyce L."), Name(family="Karweit", given="Nancy")),
        container_title="Friends in school",
        publisher="Academic Press",
        publisher_place="New York",
        issued=Date(1983),
        page="201-217",
    ),
)
EDITED = Work(
    id=5,
    citation_key="epstein1983",
    description=Description(
        type="book",
        title="Friends in school",
        editor=(Name(family="Epstein", given="Joyce L."), Name(family="Karweit", given="Nancy")),
        publisher="Academic Press",
        publisher_place="New York",
        issued=Date(1983),
        edition="2",
    ),
)
THESIS = Work(
    id=6,
    citation_key="sari2020",
    description=Description(
        type="thesis",
        title="Wachs und der Körper in der Medizin",
        author=(Name(family="Sari", given="Anisa-Maria"),),
        genre="PhD thesis",
        publisher="Universitas Darussalam Gontor",
        issued=Date(2020),
    ),
)
UNDATED = Work(
    id=7,
    citation_key="dwi",
    description=Description(
        type="webpage",
        title="Undated",
        author=(Name(family="Dwi", given="Rizkika"),),
        DOI="10.1000/x",
    ),
)


@pytest.mark.parametrize(
    ("style", "work", "reference"),
    [
        ("apa", ARTICLE, f"Dwi, R., & Sari, A. P. (2021). {_TITLE}. Mediasi: Journal of "
         f"International Relations, 4(2), 123–130. {_DOI}"),
        ("chicago", ARTICLE, f"Dwi, Rizkika, and Anisa Putri Sari. 2021. “{_CAPITALS}.” Mediasi: "
         f"Journal of International Relations 4 (2): 123–30. {_DOI}."),
        ("chicago-notes", ARTICLE, f"Dwi, Rizkika, and Anisa Putri Sari. “{_CAPITALS}.” Mediasi: "
         f"Journal of International Relations 4, no. 2 (2021): 123–30. {_DOI}."),
        ("mla", ARTICLE, f"Dwi, Rizkika, and Anisa Putri Sari. “{_CAPITALS}.” Mediasi: Journal of "
         f"International Relations, vol. 4, no. 2, Aug. 2021, pp. 123–30, {_DOI}."),
        ("harvard", ARTICLE, f"Dwi, R. and Sari, A.P. (2021) ‘{_TITLE}’, Mediasi: Journal of "
         f"International Relations, 4(2), pp. 123–130. Available at: {_DOI}."),
        ("ieee", ARTICLE, f"[1] R. Dwi and A. P. Sari, “{_TITLE},” Mediasi: J. Int. Relat., "
         "vol. 4, no. 2, pp. 123–130, Aug. 2021, doi: 10.21111/mediasi.v4i2.10036."),
        ("vancouver", ARTICLE, f"1. Dwi R, Sari AP. {_TITLE}. Mediasi: J Int Relat. 2021 Aug;4(2):"
         "123–30. doi:10.21111/mediasi.v4i2.10036"),
        ("nature", ARTICLE, f"1. Dwi, R. & Sari, A. P. {_TITLE}. Mediasi: J. Int. Relat. 4, "
         "123–130 (2021)."),
        ("ama", ARTICLE, f"1. Dwi R, Sari AP. {_TITLE}. Mediasi: J Int Relat. 2021;4(2):123-130. "
         "doi:10.21111/mediasi.v4i2.10036"),
        ("acs", ARTICLE, f"(1) Dwi, R.; Sari, A. P. {_CAPITALS}. Mediasi: J. Int. Relat. 2021, "
         f"4 (2), 123–130. {_DOI}."),
        ("science", ARTICLE, f"1. R. Dwi, A. P. Sari, {_TITLE}. Mediasi: J. Int. Relat. 4, "
         "123–130 (2021)."),
        ("elsevier-harvard", ARTICLE, f"Dwi, R., Sari, A.P., 2021. {_TITLE}. Mediasi: J. Int. "
         f"Relat. 4, 123–130. {_DOI}"),
        ("springer", ARTICLE, f"Dwi R, Sari AP (2021) {_TITLE}. Mediasi: J Int Relat 4:123–130. "
         f"{_DOI}"),
        ("apa", CHAPTER, "Miller, N. (1983). Why “peers” matter? In J. L. Epstein & N. Karweit "
         "(Eds.), Friends in school (pp. 201–217). Academic Press."),
        ("chicago", CHAPTER, "Miller, Norman. 1983. “Why ‘Peers’ Matter?” In Friends in School, "
         "edited by Joyce L. Epstein and Nancy Karweit. Academic Press."),
        ("mla", CHAPTER, "Miller, Norman. “Why ‘Peers’ Matter?” Friends in School, edited by "
         "Joyce L. Epstein and Nancy Karweit, Academic Press, 1983, pp. 201–17."),
        ("harvard", CHAPTER, "Miller, N. (1983) ‘Why “peers” matter?’, in J.L. Epstein and N. "
         "Karweit (eds) Friends in school. New York: Academic Press, pp. 201–217."),
        ("vancouver", CHAPTER, "1. Miller N. Why “peers” matter? In: Epstein JL, Karweit N, "
         "editors. Friends in school. New York: Academic Press; 1983. p. 201–17."),
        ("acs", CHAPTER, "(1) Miller, N. Why “Peers” Matter? In Friends in school; Epstein, J. L., "
         "Karweit, N., Eds.; Academic Press: New York, 1983; pp 201–217."),
        ("apa", EDITED, "Epstein, J. L., & Karweit, N. (Eds.). (1983). Friends in school (2nd "
         "ed.). Academic Press."),
        ("chicago", EDITED, "Epstein, Joyce L., and Nancy Karweit, eds. 1983. Friends in School. "
         "2nd ed. Academic Press."),
        ("mla", EDITED, "Epstein, Joyce L., and Nancy Karweit, editors. Friends in School. 2nd "
         "ed., Academic Press, 1983."),
        ("harvard", EDITED, "Epstein, J.L. and Karweit, N. (eds) (1983) Friends in school. 2nd "
         "edn. New York: Academic Press."),
        ("ieee", EDITED, "[1] J. L. Epstein and N. Karweit, Eds., Friends in school, 2nd ed. New "
         "York: Academic Press, 1983."),
        ("vancouver", EDITED, "1. Epstein JL, Karweit N, editors. Friends in school. 2nd ed. New "
         "York: Academic Press; 1983."),
        ("apa", THESIS, "Sari, A.-M. (2020). Wachs und der Körper in der Medizin [PhD thesis]. "
         "Universitas Darussalam Gontor."),
        ("chicago", THESIS, "Sari, Anisa-Maria. 2020. “Wachs und der Körper in der Medizin.” PhD "
         "thesis, Universitas Darussalam Gontor."),
        ("apa", UNDATED, "Dwi, R. (n.d.). Undated. https://doi.org/10.1000/x"),
        ("chicago", UNDATED, "Dwi, Rizkika. n.d. “Undated.” https://doi.org/10.1000/x."),
    ],
)  # fmt: skip
def test_references_are_what_the_style_guides_show(style: str, work: Work, reference: str) -> None:
    assert cite([work], style, CiteFormat.TEXT) == [reference]


def test_a_style_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.csl"
    own.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info/>'
        '<citation><layout><text variable="title"/></layout></citation><bibliography>'
        '<layout suffix="."><names variable="author"/><text variable="title" prefix=": "/>'
        "</layout></bibliography></style>"
    )
    assert cite([EDITED], str(own), CiteFormat.TEXT) == ["Friends in school."]
    follows = tmp_path / "follows.csl"
    follows.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><link '
        'href="http://www.zotero.org/styles/apa" rel="independent-parent"/></info></style>'
    )
    assert cite([EDITED], str(follows), CiteFormat.TEXT) == cite([EDITED], "apa", CiteFormat.TEXT)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no XML", "cannot be read"),
        ("<html/>", "is no style of the Citation Style Language"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"><info/></style>', "neither how to cite"),
        ('<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><style>&b;</style>', "is no style"),
    ],
)
def test_a_file_that_is_no_style(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.csl"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        cite([EDITED], str(path), CiteFormat.TEXT)
    with pytest.raises(UsageError, match="There is no style"):
        cite([EDITED], str(tmp_path / "none.csl"), CiteFormat.TEXT)


def test_a_name_that_is_nearly_one() -> None:
    with pytest.raises(UsageError) as caught:
        cite([EDITED], "chigago-notes", CiteFormat.TEXT)
    assert "chicago-notes" in str(caught.value.hint)
    for name in ("", "../../etc/passwd", "apa.csl\x00", "a" * 5000):
        with pytest.raises((UsageError, InputError)):
            cite([EDITED], name, CiteFormat.TEXT)


def test_the_language_of_terms() -> None:
    for locale in ("id-ID", "id", "ID_id"):
        [text] = cite([EDITED], "chicago", CiteFormat.TEXT, locale)
        assert "dan Nancy Karweit" in text
    with pytest.raises(UsageError, match="no locale 'tlh'"):
        cite([EDITED], "chicago", CiteFormat.TEXT, "tlh")


def test_citations_in_a_text() -> None:
    works = [ARTICLE, EDITED]
    assert cite_in_text(works, "apa", CiteFormat.TEXT) == [
        "(Dwi & Sari, 2021)",
        "(Epstein & Karweit, 1983)",
    ]
    assert cite_in_text(works, "ieee", CiteFormat.TEXT) == ["[1]", "[2]"]


def test_works_that_would_be_cited_alike_are_told_apart() -> None:
    one = replace(ARTICLE, description=replaced(ARTICLE, title="Beta"))
    other = replace(ARTICLE, description=replaced(ARTICLE, title="Alpha"))
    texts = cite([one, other], "apa", CiteFormat.TEXT)
    assert [text[:34] for text in texts] == [
        "Dwi, R., & Sari, A. P. (2021a). Al",
        "Dwi, R., & Sari, A. P. (2021b). Be",
    ]
    assert cite_in_text([one, other], "apa", CiteFormat.TEXT) == [
        "(Dwi & Sari, 2021b)",
        "(Dwi & Sari, 2021a)",
    ]


def test_names_as_people_have_them() -> None:
    people = (
        Name(family="Beethoven", non_dropping_particle="van", given="Ludwig"),
        Name(family="King", given="Martin Luther", suffix="Jr."),
        Name(family="毛", given="泽东"),
        Name(literal="World Health Organization"),
        Name(family="Suharto"),
        Name(family="Smith", given="JP"),
    )
    work = replace(EDITED, description=replaced(EDITED, editor=(), author=people))
    [text] = cite([work], "apa", CiteFormat.TEXT)
    assert text.startswith(
        "van Beethoven, L., King, M. L., Jr., 毛, 泽东, World Health Organization, Suharto, & "
        "Smith, J. P. (1983)."
    )


def test_markdown_of_any_text() -> None:
    work = replace(
        ARTICLE,
        description=replaced(ARTICLE, title="a_b *c* [d](e) `f` <g>", DOI="10.1000/a_b(c)*d"),
    )
    [text] = cite([work], "apa", CiteFormat.MARKDOWN)
    assert r"a\_b \*c\* \[d\](e) \`f\` \<g>" in text
    assert text.endswith("<https://doi.org/10.1000/a_b(c)*d>")
    [markup] = cite([work], "apa", CiteFormat.HTML)
    assert markup.endswith(
        '<a href="https://doi.org/10.1000/a_b(c)*d">https://doi.org/10.1000/a_b(c)*d</a>'
    )


def test_a_work_of_which_a_style_shows_nothing() -> None:
    bare = Work(id=1, citation_key="k", description=Description(DOI="10.1000/x"))
    [text] = cite([bare], "springer", CiteFormat.TEXT)
    assert text
    assert cite([], "apa", CiteFormat.TEXT) == []


def test_the_names_of_styles() -> None:
    assert len(style_names()) > 5000
    assert "chicago-author-date" in style_names(["Chicago", "author"])
    assert style_names(["no such style"]) == []


def replaced(work: Work, **changes: object) -> Description:
    return Description(**{**dict(stated(work.description)), **changes})
