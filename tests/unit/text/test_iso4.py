"""Abbreviating titles of journals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refman.text.iso4 import TitleWords, abbreviate, built_in, is_abbreviated
from tests.growth import assert_grows_linearly


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Journal of the American Chemical Society", "J. Am. Chem. Soc."),
        ("Physical Review Letters", "Phys. Rev. Lett."),
        ("New England Journal of Medicine", "N. Engl. J. Med."),
        ("The Astrophysical Journal", "Astrophys. J."),
        ("Astronomy & Astrophysics", "Astron. Astrophys."),
        ("IEEE Transactions on Pattern Analysis and Machine Intelligence",
         "IEEE Trans. Pattern Anal. Mach. Intell."),
        ("Mediasi: Journal of International Relations", "Mediasi: J. Int. Relat."),
        ("Jurnal Ilmu Sosial dan Ilmu Politik", "J. Ilmu Sos. Ilmu Polit."),
        ("Zeitschrift für Physik", "Z. Phys."),
        ("Journal of Polymer Science Part A", "J. Polym. Sci. A"),
        ("Acta Physica Polonica B", "Acta Phys. Pol. B"),
        ("JOURNAL OF MEDICINE", "J. Med."),
        # A word alone is not abbreviated, nor with its article or preposition.
        ("Nature", "Nature"),
        ("The Lancet", "Lancet"),
        ("Energies", "Energies"),
        ("In Practice", "In Practice"),
        ("PLoS ONE", "PLoS ONE"),
        # What is abbreviated already stays.
        ("Dtsch. Med. Wochenschr.", "Dtsch. Med. Wochenschr."),
        # `real` is `r.` in Spanish and nothing in English.
        ("Real-World Economics Review", "Real-World Econ. Rev."),
    ],
)  # fmt: skip
def test_titles(title: str, short: str) -> None:
    assert abbreviate(title, built_in()) == short


def test_a_list_of_ones_own() -> None:
    words = TitleWords.of(
        [
            "WORD;ABBREVIATIONS;LANGUAGE CODES",
            "journal;j.;fre, eng",
            "internation-;int.;eng",
            "-berg;-b.;ger",
            "science;n.a.;eng",
            "New England;N. Engl.;eng",
            "Königsberger Studien;K. St.;ger, eng",
            "médical;méd.;fre, eng",
            "prison;pris.;eng",
            "a line of one field",
        ],
        ";",
    )
    assert len(words) == 8
    assert abbreviate("International Science Journal", words) == "Int. Science J."
    assert abbreviate("Medical Journals", words) == "Med. J."
    assert abbreviate("Revue Médicale", words) == "Revue Méd."
    assert abbreviate("Königsberger Studien Journal", words) == "K. St. J."
    assert abbreviate("Heidelberg Forschungen", words) == "Heidelb. Forschungen"
    assert abbreviate("New England Journal", words) == "N. Engl. J."


def test_what_is_abbreviated() -> None:
    assert is_abbreviated("J. Chem. Phys.")
    assert not is_abbreviated("Journal of St. John")
    assert not is_abbreviated("")


@given(st.text(max_size=200))
def test_any_text_gives_a_text(title: str) -> None:
    short = abbreviate(title, built_in())
    assert len(short) <= len(title)


@pytest.mark.parametrize("part", ["Journal of ", "l'", "-", "a.", "é", "'", "ab-", "New New "])
def test_time_is_bounded(part: str) -> None:
    assert_grows_linearly(lambda size: abbreviate(part * size, built_in()), 2_000)
