"""The guard against wrong DOIs, on cases and on spoilt real records."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.guard_references import right_references, wrong_references
from benchmarks.mismatch_guard import (
    DEFAULT,
    REFERENCES,
    different,
    load,
    load_references,
    measure,
    same,
)
from refman.model import Date, Description, Name
from refman.rules.match import agrees

THEIRS = Description(
    type="article-journal",
    title="Migrant workers in Malaysia: the role of international organisations",
    author=(Name(family="Dwi", given="Rizkika"), Name(family="Lestari", given="Ayu")),
    issued=Date(2021, 8),
    container_title="Journal of Migration",
    volume="4",
    issue="2",
    page="15-30",
    DOI="10.1000/x",
)


def theirs(**fields: Any) -> Description:
    return replace(THEIRS, **fields)


ours = theirs
INDONESIAN = "Pekerja migran di Malaysia: peran organisasi internasional"

AGREEING = {
    "nothing but the DOI": Description(DOI="10.1000/x"),
    "capitals": ours(title=(THEIRS.title or "").upper()),
    "no subtitle": ours(title="Migrant workers in Malaysia"),
    "cut": ours(title="Migrant workers in Malaysia: the role of internat…"),
    "retracted": ours(title=f"RETRACTED ARTICLE: {THEIRS.title}"),
    "marks": ours(title=f"<i>Migrant</i> workers{(THEIRS.title or '')[15:]}"),
    "names not split": ours(author=(Name(literal="Rizkika Dwi"), Name(literal="Ayu Lestari"))),
    "names swapped": ours(author=(Name(family="Rizkika", given="Dwi"),)),
    "initials": ours(author=(Name(family="Dwi", given="R."),)),
    "no authors": ours(author=()),
    "an organisation": ours(author=(Name(literal="International Organization for Migration"),)),
    "the year online": ours(issued=Date(2020)),
    "two years off": ours(issued=Date(2019), page=None, volume=None),
    "no title": ours(title=None),
    "title only": Description(title=THEIRS.title),
    "translated": ours(title=INDONESIAN, page=None),
    "translated, same pages": ours(title=INDONESIAN, container_title="Jurnal Migrasi"),
    "bad authors": ours(author=(Name(family="Dosen", given="Tim"),)),
}
WRONG = {
    "another paper": Description(
        title="Soil fungi of boreal forests", author=(Name(family="Tanaka"),), issued=Date(2005)
    ),
    "another paper of the same authors": ours(title="Trafficking of children", page="31-44"),
    "another paper in the same issue": ours(
        title="Remittances and growth", author=(Name(family="Sari", given="N."),), page="31-44"
    ),
    "another translated paper": ours(
        title="Perdagangan anak dan hukum di Indonesia", issued=Date(2020), volume="3", page=None
    ),
    "the erratum": ours(title=f"Erratum: {THEIRS.title}"),
    "other authors and year": ours(
        author=(Name(family="Tanaka", given="K."),), issued=Date(1999), page=None
    ),
    "nothing but other authors": Description(author=(Name(family="Tanaka", given="K."),)),
    "nothing but another year": Description(issued=Date(1999)),
}


@pytest.mark.parametrize("ours", AGREEING.values(), ids=AGREEING)
def test_the_same_work_is_recognised(ours: Description) -> None:
    agreement = agrees(ours, THEIRS)
    assert agreement.ok, agreement.reason
    assert agreement.reason == ""


@pytest.mark.parametrize("ours", WRONG.values(), ids=WRONG)
def test_another_work_is_refused(ours: Description) -> None:
    assert not agrees(ours, THEIRS).ok


def test_the_reason_names_both_sides() -> None:
    agreement = agrees(WRONG["another paper"], THEIRS)
    assert agreement.reason == (
        "the DOI's record is “Migrant workers in Malaysia: the role of international "
        "organisations” by Dwi and Lestari (2021), but the entry is “Soil fungi of boreal "
        "forests” by Tanaka (2005)"
    )


def test_parts_of_one_series_are_told_apart() -> None:
    one, two = ours(title="On rain. Part I", page=None), theirs(title="On rain. Part II")
    assert not agrees(one, two).ok


def test_a_title_in_two_languages_agrees_with_either() -> None:
    bilingual = ours(title=f"{INDONESIAN} / {THEIRS.title}")
    assert agrees(bilingual, THEIRS).ok
    assert agrees(ours(title=INDONESIAN), theirs(original_title=INDONESIAN)).ok


class TestBooks:
    BOOK = Description(type="book", title="A handbook of migration", issued=Date(2021))
    CHAPTER = Description(
        type="chapter",
        title="Law and borders in the archipelago",
        author=(Name(family="Dwi", given="R."),),
        container_title="A Handbook of Migration",
        issued=Date(2021),
    )

    def test_a_chapter_s_entry_with_the_book_s_doi(self) -> None:
        agreement = agrees(self.CHAPTER, self.BOOK)
        assert not agreement.ok
        assert agreement.reason == (
            "the DOI is that of the whole, “A handbook of migration”, and the entry a part, "
            "“Law and borders in the archipelago”"
        )

    def test_a_book_s_entry_with_a_chapter_s_doi(self) -> None:
        agreement = agrees(self.BOOK, self.CHAPTER)
        assert not agreement.ok
        assert "the DOI is that of a part" in agreement.reason

    def test_a_chapter_with_its_number(self) -> None:
        numbered = replace(self.CHAPTER, title="Chapter 3. Law and Borders in the Archipelago")
        assert agrees(numbered, self.CHAPTER).ok

    def test_editors_in_place_of_authors(self) -> None:
        editors = (Name(family="Lestari", given="A."),)
        assert agrees(replace(self.BOOK, author=editors), replace(self.BOOK, editor=editors)).ok


def test_a_title_that_many_works_bear_is_not_enough() -> None:
    one = Description(title="Editorial", author=(Name(family="Dwi"),), issued=Date(2021))
    assert agrees(one, one).ok
    assert not agrees(one, replace(one, issued=Date(2011))).ok
    assert not agrees(one, replace(one, author=(Name(family="Tanaka"),))).ok


def test_two_short_news_on_one_page() -> None:
    mine = ours(title="Gene therapy for the loss of hearing")
    assert not agrees(mine, theirs(title="Metformin benefits the brain of a rat")).ok


def test_a_cut_title_with_figures_in_it_is_no_reference() -> None:
    full = theirs(title="Census of 2010 in 3 regions and 25 districts of Malaysia: what it missed")
    assert agrees(Description(title="Census of 2010 in 3 regions and 25 districts"), full).ok


def test_a_reply_and_what_it_replies_to() -> None:
    reply = ours(title=f"{THEIRS.title}—Reply")
    assert not agrees(reply, THEIRS).ok
    assert not agrees(THEIRS, reply).ok
    assert agrees(ours(title="Migrant workers in Malaysia: the role"), reply).ok


def test_a_comment_on_a_comment_is_not_that_comment() -> None:
    comment = ours(title=f"Comment on: {THEIRS.title}", page=None)
    assert not agrees(ours(title=f"Erratum: {comment.title}", page=None), comment).ok


def test_a_chapter_that_begins_with_its_book_s_title() -> None:
    book = Description(type="book", title="Human Ecology", issued=Date(2021))
    chapter = Description(
        type="chapter", title="Human ecology as a science", container_title="Human Ecology"
    )
    assert not agrees(chapter, book).ok
    assert not agrees(book, chapter).ok


def test_mojibake_on_either_side_makes_no_difference() -> None:
    broken = ours(title="Die RÃ¶ntgendiagnostik der WirbelsÃ¤ule", author=(Name(family="MÃ¼ller"),))
    clean = theirs(title="Die Röntgendiagnostik der Wirbelsäule", author=(Name(family="Müller"),))
    assert agrees(broken, clean).ok
    assert agrees(clean, broken).ok


@pytest.fixture(scope="module")
def counts() -> list[Counter[tuple[str, bool, bool]]]:
    """How right and wrong pairs were judged: records first, reference strings after."""
    rng = random.Random(1)
    kept = load(DEFAULT)[::3]
    found = [measure(same(kept, rng), None), measure(different(kept, rng), None)]
    for path in REFERENCES:
        works = load_references(path)
        pairs = (*right_references(works), *wrong_references(works, rng))
        found[0] += measure((pair for pair in pairs if pair[3]), None)
        found[1] += measure((pair for pair in pairs if not pair[3]), None)
    return found


def test_the_rates_on_real_data_stay_within_bounds(
    counts: list[Counter[tuple[str, bool, bool]]],
) -> None:
    """The rates of `docs/enrichment.md`: 99.5 % of the right believed, 99 % of the wrong refused.

    The share of strings with noise is larger in the sample, so they have a bound of their own.
    """
    noise = [(key, number) for key, number in counts[0].items() if "noise" in key[0]]
    alarms = {key: number for key, number in counts[0].items() if "noise" not in key[0]}
    for judged, bound, least in (
        (alarms, 0.005, 4000),
        (counts[1], 0.01, 2500),
        (dict(noise), 0.25, 100),
    ):
        wrong = sum(number for (_, _, right), number in judged.items() if not right)
        total = sum(judged.values())
        assert total > least
        assert wrong <= bound * total, (wrong, total)


def test_no_kind_of_right_pair_is_mostly_refused(
    counts: list[Counter[tuple[str, bool, bool]]],
) -> None:
    for (kind, _, right), number in counts[0].items():
        if right and "noise" not in kind:
            wrong = counts[0][kind, True, False]
            assert wrong <= 0.03 * (number + wrong) + 1, kind
