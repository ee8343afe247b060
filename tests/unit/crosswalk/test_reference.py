from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.text_references import FIELDS, styled_cases, verdict
from refman.crosswalk.reference import FORMAT, REFERENCE, read_reference
from refman.model import Date, Description, Extra
from tests.growth import assert_grows_linearly

DATA = Path(__file__).parents[2] / "data"


def said(line: str) -> dict[str, object]:
    """What a line says, names by their inverted form."""
    description = read_reference(line).description
    return {
        "author": [name.inverted for name in description.author],
        "year": description.year,
        "title": description.title,
        "container": description.container_title,
        "volume": description.volume,
        "issue": description.issue,
        "page": description.page,
    }


TITLE = "A study of rice and of its diseases"
STYLES = {
    "APA": "Berg, A. B., & van der Ito, C. (2019). A study of rice and of its diseases. Journal of "
    "Crop Science, 12(3), 45–50. https://doi.org/10.1000/jcs.2019.3",
    "Chicago": "Berg, A. B., and C. van der Ito. 2019. “A Study of Rice and of Its Diseases.” "
    "Journal of Crop Science 12 (3): 45–50.",
    "Chicago, notes": "Berg, A. B., and C. van der Ito. “A Study of Rice and of Its Diseases.” "
    "Journal of Crop Science 12, no. 3 (2019): 45–50.",
    "MLA 7": "Berg, A. B., and C. van der Ito. “A Study of Rice and of Its Diseases.” Journal of "
    "Crop Science 12.3 (2019): 45–50.",
    "MLA 9": "Berg, A. B., and C. van der Ito. “A Study of Rice and of Its Diseases.” Journal of "
    "Crop Science, vol. 12, no. 3, Mar. 2019, pp. 45–50.",
    "Harvard": "Berg, A.B. and van der Ito, C. (2019) ‘A study of rice and of its diseases’, "
    "Journal of Crop Science, 12(3), pp. 45–50.",
    "IEEE": "[1] A. B. Berg and C. van der Ito, “A study of rice and of its diseases,” Journal of "
    "Crop Science, vol. 12, no. 3, pp. 45–50, Mar. 2019, doi: 10.1000/jcs.2019.3.",
    "Vancouver": "1. Berg AB, van der Ito C. A study of rice and of its diseases. Journal of Crop "
    "Science. 2019 Mar;12(3):45–50.",
    "AMA": "1. Berg AB, van der Ito C. A study of rice and of its diseases. Journal of Crop "
    "Science. 2019;12(3):45-50. doi:10.1000/jcs.2019.3",
    "BMC": "Berg AB, van der Ito C: A study of rice and of its diseases. Journal of Crop Science "
    "2019, 12(3):45-50.",
    "Nature": "1. Berg, A. B. & van der Ito, C. A study of rice and of its diseases. Journal of "
    "Crop Science 12(3), 45–50 (2019).",
    "ACS": "(1) Berg, A. B.; van der Ito, C. A Study of Rice and of Its Diseases. Journal of Crop "
    "Science 2019, 12 (3), 45–50.",
    "Springer": "Berg AB, van der Ito C (2019) A study of rice and of its diseases. Journal of "
    "Crop Science 12(3):45–50",
    "Elsevier, Harvard": "Berg, A.B., van der Ito, C., 2019. A study of rice and of its diseases. "
    "Journal of Crop Science 12(3), 45–50.",
    "ASA": "Berg, A. B., and C. van der Ito. 2019. “A Study of Rice and of Its Diseases.” Journal "
    "of Crop Science 12(3):45–50.",
    "plain.bst": "A. B. Berg and C. van der Ito. A study of rice and of its diseases. Journal of "
    "Crop Science, 12(3):45–50, 2019.",
    "fields": "Berg, A. B., van der Ito, C.. A study of rice and of its diseases. Journal of Crop "
    "Science. 2019. 12. 3. 45-50",
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_says_the_same(style: str) -> None:
    found = said(STYLES[style])
    assert str(found.pop("title")).casefold() == TITLE.casefold()
    names = [str(name).replace(".", "").replace(" ", "") for name in found.pop("author")]  # type: ignore[attr-defined]
    assert names == ["Berg,AB", "vanderIto,C"]
    assert found == {
        "year": 2019,
        "container": "Journal of Crop Science",
        "volume": "12",
        "issue": "3",
        "page": "45-50",
    }


@pytest.mark.parametrize(
    ("line", "container", "volume", "page"),
    [
        (
            "1 A.A. Berg and T.E. Ito, Protection of Metals 36, 397 (2000).",
            "Protection of Metals",
            "36",
            "397",
        ),
        (
            "[1] A.A. Berg, T.E. Ito, Protection of Metals 36 (2000) 397.",
            "Protection of Metals",
            "36",
            "397",
        ),
        (
            "(1) Berg, A. A.; Ito, T. E. Protection of Metals 2000, 36, 397–399.",
            "Protection of Metals",
            "36",
            "397-399",
        ),
        (
            "1 A. A. Berg and T. E. Ito, J. Chem. Phys., 2000, 36, 397.",
            "J. Chem. Phys.",
            "36",
            "397",
        ),
    ],
    ids=["AIP", "Elsevier", "ACS", "RSC"],
)
def test_styles_without_titles(line: str, container: str, volume: str, page: str) -> None:
    found = said(line)
    assert [str(name).partition(",")[0] for name in found["author"]] == ["Berg", "Ito"]  # type: ignore[attr-defined]
    assert found["title"] is None
    assert (found["container"], found["volume"], found["page"]) == (container, volume, page)
    assert found["year"] == 2000


@pytest.mark.parametrize(
    ("line", "title", "container"),
    [
        ("Berg, A. (1990). Is it so? Nature, 12(3), 4–5.", "Is it so?", "Nature"),
        (
            "Berg, A. (1990). The first of E. coli. Part two. J. Chem. Phys., 12(3), 4–5.",
            "The first of E. coli. Part two",
            "J. Chem. Phys.",
        ),
        (
            "Berg A. Walking and standing. Clin. Biomech. (Bristol, Avon) 13:434-440, 1998.",
            "Walking and standing",
            "Clin. Biomech. (Bristol, Avon)",
        ),
        (
            "Chilean Insect Parasites for New Zealand. (1933). Nature, 131(3304), 283–284.",
            "Chilean Insect Parasites for New Zealand",
            "Nature",
        ),
        (
            "“Government Concentrates.” 1993. Chemical News 71 (12) (March 22): 14.",
            "Government Concentrates",
            "Chemical News",
        ),
    ],
)
def test_where_a_title_ends(line: str, title: str, container: str) -> None:
    found = said(line)
    assert found["title"] == title
    assert found["container"] == container


LECUN = ["LeCun, Y", "Bengio, Y", "Hinton, G"]


@pytest.mark.parametrize(
    "line",
    [
        "LeCun, Y., Bengio, Y., & Hinton, G. (2015). Deep learning. nature, 521(7553), 436-444.",
        "LeCun, Y., Bengio, Y. and Hinton, G., 2015. Deep learning. nature, 521(7553), pp.436-444.",
        "LeCun Y, Bengio Y, Hinton G. Deep learning. nature. 2015 May 28;521(7553):436-444.",
        'LeCun, Y., Y. Bengio, and G. Hinton. "Deep learning." nature 521.7553 (2015): 436-444.',
        'LeCun, Y., Y. Bengio, and G. Hinton. "Deep learning." nature 521, no. 7553 (2015): '
        "436-444.",
    ],
    ids=["APA", "Harvard", "Vancouver", "MLA", "Chicago"],
)
def test_references_as_google_scholar_makes_them(line: str) -> None:
    found = said(line)
    assert [str(name).rstrip(".") for name in found.pop("author")] == LECUN  # type: ignore[attr-defined]
    assert found == {
        "year": 2015,
        "title": "Deep learning",
        "container": "nature",
        "volume": "521",
        "issue": "7553",
        "page": "436-444",
    }


@pytest.mark.parametrize(
    ("line", "author", "title", "place", "publisher"),
    [
        (
            "Sugiyono. 2017. Metode Penelitian Kualitatif, dan R&D. Bandung: Alfabeta.",
            "Sugiyono",
            "Metode Penelitian Kualitatif, dan R&D",
            "Bandung",
            "Alfabeta",
        ),
        (
            "Creswell, J. W. (2014). Research design (4th ed.). Thousand Oaks, CA: Sage.",
            "Creswell",
            "Research design",
            "Thousand Oaks, CA",
            "Sage",
        ),
        (
            "Kuhn, Thomas S. The Structure of Revolutions. 4th ed. Chicago: A Press, 2012.",
            "Kuhn",
            "The Structure of Revolutions",
            "Chicago",
            "A Press",
        ),
        (
            "World Health Organization. Report on road safety 2018. Geneva: WHO; 2018.",
            "World Health Organization",
            "Report on road safety 2018",
            "Geneva",
            "WHO",
        ),
    ],
)
def test_whole_books(line: str, author: str, title: str, place: str, publisher: str) -> None:
    found = read_reference(line).description
    assert [name.full_family for name in found.author] == [author]
    assert (found.type, found.title) == ("book", title)
    assert (found.publisher_place, found.publisher) == (place, publisher)


def test_papers_in_proceedings() -> None:
    line = (
        '[2] A. Krizhevsky and G. E. Hinton, "Classification with deep networks," in Proc. Adv. '
        "Neural Inf. Process. Syst., 2012, pp. 1097–1105."
    )
    found = read_reference(line).description
    assert found.container_title == "Proc. Adv. Neural Inf. Process. Syst."
    assert (found.year, found.page) == (2012, "1097-1105")


def test_volume_and_number_in_indonesian() -> None:
    line = (
        "Santoso, Budi dan Rahayu, Siti. 2021. Deteksi Penyakit Daun Padi. Jurnal Teknologi "
        "Informasi. Vol. 8, No. 2, hlm. 101-110."
    )
    assert said(line) == {
        "author": ["Santoso, Budi", "Rahayu, Siti"],
        "year": 2021,
        "title": "Deteksi Penyakit Daun Padi",
        "container": "Jurnal Teknologi Informasi",
        "volume": "8",
        "issue": "2",
        "page": "101-110",
    }


def test_an_organisation_is_an_author() -> None:
    line = "World Health Organization. (2019). Report on road safety. Health Reports, 12(3), 4–5."
    found = read_reference(line).description
    assert [name.literal or name.family for name in found.author] == ["World Health Organization"]
    assert found.title == "Report on road safety"


def test_chapters_name_their_book() -> None:
    line = (
        "Saieg P (2013) Energy in buildings. In: Starke L, Berg A (eds) State of the World. "
        "Island Press, Washington, pp 184–189"
    )
    found = read_reference(line).description
    assert found.type == "chapter"
    assert found.title == "Energy in buildings"
    assert found.container_title == "State of the World"
    assert found.page == "184-189"
    assert [name.family for name in found.editor] == ["Starke", "Berg"]
    assert [name.family for name in found.author] == ["Saieg"]


def test_identifiers_are_taken() -> None:
    line = (
        "Berg A. Title of it. Gut. 2019;1(2):3-4. doi: 10.1000/a(b)c. Epub 2018 Nov 1. Review. "
        "PubMed PMID: 31810920; PubMed Central PMCID: PMC7061455."
    )
    found = read_reference(line).description
    assert (found.DOI, found.PMID, found.PMCID) == ("10.1000/a(b)c", "31810920", "PMC7061455")
    assert found.title == "Title of it"
    assert found.page == "3-4"


def test_an_address_and_when_it_was_looked_at() -> None:
    line = (
        "Berg, A. (2019). Report on rice. Crop Reviews, 1(2), 3–4. Retrieved October 3, 2019, from "
        "https://example.org/a_(b)"
    )
    found = read_reference(line).description
    assert found.URL == "https://example.org/a_(b)"
    assert found.accessed == Date(2019, 10, 3)
    assert found.container_title == "Crop Reviews"


def test_lists_that_were_cut_say_so() -> None:
    for line in (
        "Berg A, Ito C, et al. A title here. Gut. 2019;1(2):3-4.",
        "Berg, A., Ito, C., … Zorn, D. (2019). A title here. Gut, 1(2), 3–4.",
        "Berg, Anna et al. “A Title Here.” Gut 1.2 (2019): 3–4.",
    ):
        names = read_reference(line).description.author
        assert names[-1].literal == "others", line
        assert names[0].family == "Berg"


def test_the_line_is_kept_and_guesses_are_marked() -> None:
    line = STYLES["APA"]
    read = read_reference(line)
    assert read.description.extra == (Extra(FORMAT, REFERENCE, line),)
    assert {"title", "author", "container_title", "page"} <= read.guessed
    assert not {"DOI", "issued", "volume", "issue"} & read.guessed


@pytest.mark.parametrize(
    "line",
    [
        "",
        "References",
        "In 2010, Smith and Jones found that the thing was good.",
        "def reference(line: str) -> None:",
        "2024-01-01 10:00:00 INFO started worker 12",
    ],
)
def test_what_is_no_reference_says_nothing(line: str) -> None:
    description = read_reference(line).description
    assert not description.title
    assert not description.author


def test_misread_names_make_no_title() -> None:
    line = "Els?er, H.; Czerny, M.; Haasen, P. Die Naturwissenschaften 1959, 46, 659–660."
    assert read_reference(line).description.title is None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_line_is_read(line: str) -> None:
    read = read_reference(line)
    assert read.guessed <= set(Description.__dataclass_fields__)


_PIECES = st.sampled_from(
    ["Berg, A.", "Ito C", " (2019). ", "2019", "12(3)", ", 45–50", "“", "”", ". ", "In: ", "eds",
     "&", "et al.", "doi: 10.1/a", "https://a.b/c", "Nature", "J. ", "; ", "pp. ", "(", ")", "…"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=30))
def test_any_pieces_of_references_are_read(pieces: list[str]) -> None:
    read_reference("".join(pieces))


@pytest.mark.parametrize(
    "piece",
    ["A", "A. ", "Ab, ", "van ", ". ", "(", "“", "‘a ", "10.1234/", "Aa. ", "2019;", "(2019). ",
     "doi: ", ", vol. 1", "Berg, A., and ", "O'", "A-", "12(3), ", "x, Y. (eds.) ", "IVXLCDM"]
)  # fmt: skip
def test_nothing_repeated_takes_long(piece: str) -> None:
    assert_grows_linearly(lambda size: read_reference("Berg, A. (2019). " + piece * size), 2000)


def test_what_is_stated_is_right() -> None:
    """Of what is stated of Crossref's references, at least 97 in 100 fields are right."""
    packed = DATA / "refs" / "styled-references.jsonl.gz"
    with gzip.open(packed, "rt", encoding="utf-8") as lines:
        assert json.loads(next(lines))["ref_string"]
    counts = dict.fromkeys(FIELDS, (0, 0))
    for case in styled_cases(packed):
        if case.style.endswith("-noise"):
            continue
        description = read_reference(case.text).description
        for field in FIELDS:
            judged = verdict(field, description, case)
            right, stated = counts[field]
            if judged in ("right", "wrong"):
                counts[field] = (right + (judged == "right"), stated + 1)
    assert sum(stated for _, stated in counts.values()) > 500
    for field, (right, stated) in counts.items():
        assert right >= 0.97 * stated, (field, right, stated)


def test_patterns_have_no_unbounded_nests() -> None:
    """No pattern repeats without bound what repeats without bound itself."""
    nested = re.compile(r"\([^()]*[+*][^()]*\)[+*]")
    root = Path(__file__).parents[3] / "refman"
    for path in [*root.glob("crosswalk/reference*.py"), root / "text" / "reference_names.py"]:
        assert nested.search(path.read_text()) is None, path.name
