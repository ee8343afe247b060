"""Plain references and pasted results."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman import plugins
from refman.importers.text import importer
from refman.model import Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.corpus import corpus
from tests.growth import assert_grows_linearly

DATA = Path(__file__).parents[2] / "data" / "text"

REFERENCES = [
    "Grayson, S., & Elias, P. M. (1982). Isolation and lipid biochemical characterization of "
    "stratum corneum membrane complexes: implications for the cutaneous permeability barrier. "
    "Journal of Investigative Dermatology, 78(2), 128–135.",
    "Capilouto, E. (1991). Improving the oral health of at-risk children. Journal of Health Care "
    "for the Poor and Underserved, 2(1), 132–145. https://doi.org/10.1353/hpu.2010.0441",
    "Bullens, P. H. J., Hannink, G., Verdonschot, N., & Buma, P. (2010). No effect of dynamic "
    "loading on bone graft healing in femoral segmental defect reconstructions in the goat. "
    "Injury, 41(12), 1284–1291.",
    "Hedner, J. (1996). Vascular function in OSA. Sleep, 19(suppl_10), S213–S217.",
]
VOLUMES = ["78", "2", "41", "19"]


def read(text: str, name: str = "x.txt") -> list[Record | Problem]:
    return list(importer.read(TextInput(io.BytesIO(text.encode()), name), ImportOptions()))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str) -> list[Problem]:
    return [item for item in read(text) if isinstance(item, Problem)]


def sure(text: str) -> float:
    return importer.recognise(Sample("-", text))


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert plugins.importer("text") is importer


WAYS = {
    "one a line": "\n".join(REFERENCES),
    "empty lines between": "\n\n".join(textwrap.fill(line, 70) for line in REFERENCES),
    "numbers": "\n".join(f"{at}. {line}" for at, line in enumerate(REFERENCES, 1)),
    "numbers in brackets, cut": "\n".join(
        textwrap.fill(f"[{at}] {line}", 60) for at, line in enumerate(REFERENCES, 1)
    ),
    "bullets": "\n".join(f"• {line}" for line in REFERENCES),
    "hanging indents": "\n".join(
        textwrap.fill(line, 70, subsequent_indent="    ") for line in REFERENCES
    ),
    "first lines set in": "\n".join(
        textwrap.fill(line, 70, initial_indent="    ") for line in REFERENCES
    ),
    "cut, with nothing between": "\n".join(textwrap.fill(line, 70) for line in REFERENCES),
    "under a heading": "REFERENCES\n\n" + "\n".join(REFERENCES) + "\n\nPage 3 of 10\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_lists_are_cut_into_references(way: str) -> None:
    text = WAYS[way]
    items = read(text)
    assert [item.description.volume for item in items if isinstance(item, Record)] == VOLUMES
    assert len(items) == len(REFERENCES)
    assert sure(text) > 0.2


def test_each_record_says_where_it_stands() -> None:
    text = "References\n\n" + "\n\n".join(textwrap.fill(line, 70) for line in REFERENCES)
    lines = text.split("\n")
    for record in records(text):
        assert record.origin.location is not None
        number = int(record.origin.location.rpartition(":")[2])
        assert record.description.author[0].family is not None
        assert lines[number - 1].startswith(record.description.author[0].family)


def test_divided_words_are_whole_again() -> None:
    text = (
        "1. Classen M, Demling L. Endoskopische Sphinkterotomie der Pa-\n"
        "   pilla Vateri. Dtsch Med Wochenschr. 1974;99:\n   496-7.\n"
        "2. Kawai K, Akasaka Y. Endoscopic sphincterotomy. Gastrointest Endosc. 1974;20:148-51.\n"
    )
    first, second = records(text)
    assert first.description.title == "Endoskopische Sphinkterotomie der Papilla Vateri"
    assert first.description.page == "496-7"
    assert second.description.container_title == "Gastrointest Endosc"


def test_the_line_is_kept() -> None:
    (record,) = records(REFERENCES[0])
    (kept,) = record.description.extra
    assert (kept.format, kept.name) == ("text", "reference")
    assert kept.value == REFERENCES[0]


def test_a_reference_of_which_little_is_read_goes_by_its_line() -> None:
    line = "Berg A, Ito C, Zorn D, something between, Gut of 2019;68(3):12-15"
    items = read(line)
    (record,) = [item for item in items if isinstance(item, Record)]
    assert record.description.title == line
    assert record.guessed >= {"title"}
    assert [item.partial for item in items if isinstance(item, Problem)] == [True]


def test_furniture_says_nothing() -> None:
    for text in ("References", "DAFTAR PUSTAKA", "Cited by 12", "Page 3 of 10", "17", "* * *"):
        assert read(text) == [], text


def test_prose_is_a_problem_and_no_record() -> None:
    text = (
        "In 2010, Smith and Jones found that the thing was good. This was later disputed.\n\n"
        "We have been told that it is so since 1999, which is why this paper was written.\n"
    )
    assert records(text) == []
    assert [problem.line for problem in problems(text)] == [1, 3]
    assert sure(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-01 10:00:00 INFO started\n2024-01-01 10:00:01 ERROR failed at 12\n",
        "import os\n\n\ndef main() -> None:\n    for name in os.listdir():\n        print(name)\n",
        "@article{a, title = {A}, year = 2019}\n",
        "TY  - JOUR\nTI  - A\nER  - \n",
        '{"title": "A study", "year": 2019}',
        "<html><body><p>Berg, A. (2019). Title. Gut, 1(2), 3–4.</p></body></html>",
        "10.1000/abc\n10.1000/def\n",
        "Title,Authors,Year\nA study of rice,Berg A,2019\n",
        "Dear all,\nplease find attached the minutes of 12 May 2019.\nBest wishes\nAnna Berg\n",
        "# Changes\n\n## 1.2.0 (2019-05-12)\n\n- Fixed a bug in the importer.\n- Added tests.\n",
    ],
)
def test_other_texts_are_not_recognised(text: str) -> None:
    assert sure(text) == 0


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_pages_are_recognised(path: Path) -> None:
    text = path.read_text()
    assert plugins.recognise(Sample("-", text)).info.name == "text"
    assert problems(text) == []


def described(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for record in records((DATA / f"{name}.txt").read_text()):
        said = record.description
        found.append(
            {
                "title": said.title,
                "names": [person.inverted for person in said.author],
                "where": said.container_title,
                "year": said.year,
                "place": (said.volume, said.issue, said.page),
                "DOI": said.DOI,
            }
        )
    return found


def test_google_scholar() -> None:
    attention, deep, structure, hasibuan, dwi = described("scholar")
    assert attention["title"] == "Attention is all you need"
    assert attention["names"] == ["Vaswani, A", "Shazeer, N", "Parmar, N", "others"]
    assert attention["where"] is None  # it is cut off
    assert (deep["where"], deep["year"]) == ("Nature", 2015)
    assert (structure["names"], structure["year"]) == (["Kuhn, TS"], 2012)
    assert (hasibuan["title"], hasibuan["year"]) == ("Manajemen sumber daya manusia", 2005)
    assert dwi["where"] == "Mediasi: Journal of International Relations"


def test_a_persons_page_at_google_scholar() -> None:
    deep, gradient, note = described("scholar-profile")
    assert deep["place"] == ("521", "7553", "436-444")
    assert gradient["where"] == "Proceedings of the IEEE"
    assert (note["title"], note["year"]) == ("A note without a place", 2001)


def test_scopus() -> None:
    hegde, deep = described("scopus-export")
    assert hegde["names"] == ["Hegde, J.", "Rokseth, B."]
    assert hegde["place"] == ("122", None, "104492")
    assert deep == {
        "title": "Deep learning",
        "names": ["LeCun, Y.", "Bengio, Y.", "Hinton, G."],
        "where": "Nature",
        "year": 2015,
        "place": ("521", "7553", "436-444"),
        "DOI": "10.1038/nature14539",
    }
    shown, graphene = described("scopus-page")
    assert shown == deep | {"DOI": None}
    assert graphene["names"] == ["Rossi, M.", "de Vries, A.B."]


def test_pubmed() -> None:
    zhou, wild = described("pubmed-page")
    assert zhou["place"] == ("573", "7772", "83-86")
    assert wild["title"] == "Importance of tumour mutation burden testing"
    barras, elephants, dessel = described("pubmed-summary")
    assert barras["place"] == ("573", "7772", "15")
    assert elephants["names"] == []
    assert dessel["place"] == ("10", "1", "5251")
    assert len(dessel["names"]) == 6  # type: ignore[arg-type]


def test_doaj_and_sinta() -> None:
    graphene, padi = described("doaj")
    assert graphene["names"] == ["Rossi, Maria", "de Vries, Anna B."]
    assert padi["DOI"] == "10.1000/jip.v5i1.77"
    daun, _ = described("sinta-scholar")
    assert daun["names"] == ["Santoso, B", "Rahayu, S"]
    assert (daun["where"], daun["place"]) == ("Jurnal Teknologi Informasi", ("8", "2", "101-110"))
    survey, _ = described("sinta-scopus")
    assert (survey["where"], survey["year"]) == ("International Journal of Computing", 2022)


def test_every_result_of_pubmed_is_read() -> None:
    path = corpus("portals", "pubmed-summary-a.txt")
    text = path.read_text()
    wanted = " ".join(text.split()).count("PubMed PMID:")
    found = records(text)
    assert len(found) == wanted
    assert problems(text) == []
    assert sum(record.description.title is not None for record in found) >= 0.99 * wanted


def test_a_title_in_capitals_is_recased() -> None:
    line = (
        "BERG, A. (2019). THE EFFECTS OF WATER ON THE GROWTH OF RICE IN THE DRY SEASON. "
        "Journal of Crop Science, 12(3), 45–50."
    )
    (record,) = records(line)
    assert record.description.title == (
        "The effects of water on the growth of rice in the dry season"
    )
    assert dict(record.verbatim)["title"].isupper()
    assert "title" in record.guessed


_LINES = st.sampled_from(
    [
        *REFERENCES,
        "",
        "    ",
        "[1] ",
        "Cited by 3",
        "\t12\t2019",
        "A Berg - Gut, 2019 - gut.org",
        "Authors : A Berg",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_LINES, max_size=12))
def test_any_lines_are_read(lines: list[str]) -> None:
    text = "\n".join(lines)
    importer.recognise(Sample("-", text))
    for item in read(text):
        assert isinstance(item, Problem) or item.origin.location is not None


@pytest.mark.parametrize("piece", ["Berg, A. ", "[1] (2019). \n", "A Berg, C Ito - "])
def test_long_lines_and_many_lines_take_no_longer(piece: str) -> None:
    assert_grows_linearly(lambda size: read(piece * size), 250)
