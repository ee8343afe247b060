"""Which record of a search is the work that was meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Date, Description, Name
from refman.rules.candidate import Choice, Judgement, is_reference, judge
from refman.rules.cited import Reference, TitleFit
from tests.growth import assert_grows_linearly

BILE = Description(
    type="article-journal",
    title="Endoscopic balloon dilation compared with sphincterotomy for extraction of bile duct "
    "stones",
    author=(Name("DiSario", "James A."), Name("Freeman", "Martin L."), Name("Petersen", "Bret")),
    container_title="Gastroenterology",
    issued=Date(2004, 11),
    volume="127",
    page="1291-1299",
    DOI="10.1053/j.gastro.2004.07.017",
)
TEXT = (
    "DiSario JA, Freeman ML, Bjorkman DJ, MacMathuna P, Peter-\nsen BT, Jaffe PE, et al. "
    "Endoscopic balloon dilation compared \nwith sphincterotomy for extraction of bile duct "
    "stones. Gastro-\nenterology. 2004;127:1291-9."
)
ENTRY = replace(BILE, DOI=None, title=(BILE.title or "").upper())
ERRATUM = replace(BILE, DOI="10.1/e", title=f"Erratum: {BILE.title}", page="2004", volume="128")
COMMENT = replace(
    BILE, DOI="10.1/c", title=f"Comment on “{BILE.title}”", author=(Name("Quick", "Q"),), page="7-8"
)
PREPRINT = Description(
    type="article", title=BILE.title, author=BILE.author, issued=Date(2003), DOI="10.1101/p"
)
TALK = replace(
    BILE, DOI="10.1/t", type="paper-conference", container_title="Digestive Disease Week",
    volume=None, page="11",
)  # fmt: skip
SECOND = replace(BILE, DOI="10.1/2", title=f"{BILE.title}. Part II", page="1300-1310")
CRYSTAL = Description(
    type="article-journal",
    title="Equilibrium and kinetics of the adsorption of dyes by modified sepiolite",
    author=(Name("Holčapek", "Michal"), Name("Volná", "Kateřina")),
    container_title="Dyes and Pigments",
    issued=Date(2007),
    volume="75",
    issue="1",
    page="156-165",
    DOI="10.1016/j.dyepig.2006.05.040",
)


def _choice(wanted: Description | str, *found: Description) -> tuple[Choice, str | None]:
    judgement = judge(wanted, found)
    assert judgement.reason
    return judgement.choice, judgement.DOI


@pytest.mark.parametrize(
    "wanted", [TEXT, ENTRY, Description(title=TEXT)], ids=["text", "entry", "title"]
)
def test_the_work_is_taken_from_among_what_is_like_it(wanted: Description | str) -> None:
    found = [ERRATUM, TALK, PREPRINT, BILE, COMMENT, SECOND]
    assert _choice(wanted, *found) == (Choice.TAKE, BILE.DOI)


@pytest.mark.parametrize("wanted", [TEXT, ENTRY], ids=["text", "entry"])
@pytest.mark.parametrize(
    "found", [ERRATUM, COMMENT, PREPRINT, TALK, SECOND], ids=lambda found: found.DOI
)
def test_what_is_only_like_it_is_never_taken(wanted: Description | str, found: Description) -> None:
    assert judge(wanted, [found]).choice is not Choice.TAKE


@pytest.mark.parametrize(
    "reference",
    [
        "1 M. Holčapek and K. Volná, Dyes and Pigments 75, 156 (2007).",
        "[1] M. Holčapek, K. Volná, Dyes and Pigments 75 (2007) 156.",
        "(1) Holcapek, M.; Volna, K. Dyes Pigm. 2007, 75, 156–165.",
        "Holčapek M, et al. 2007. Dyes Pigments 75:156",
    ],
)
def test_styles_without_titles_are_taken_by_place(reference: str) -> None:
    assert _choice(reference, BILE, CRYSTAL) == (Choice.TAKE, CRYSTAL.DOI)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("M. Holčapek, K. Volná, Dyes and Pigments 75 (2006) 156.", "another year"),
        ("M. Holčapek, K. Volná, Dyes and Pigments 75 (2007) 157.", "another page"),
        ("M. Holčapek, K. Volná, Dyes and Pigments 74 (2007) 156.", "another volume"),
        ("G. Lubec, K. Novak, Dyes and Pigments 75 (2007) 156.", "other people"),
        ("M. Holčapek, Something else altogether about pigments of old paintings and their "
         "conservation, Dyes and Pigments 75 (2007) 156.", "another title"),
        ("M. Holčapek, K. Volná, J. Chromatogr. 75 (2007) 156.", "another journal"),
    ],
)  # fmt: skip
def test_without_a_title_everything_must_agree(reference: str, reason: str) -> None:
    assert judge(reference, [CRYSTAL]).choice is not Choice.TAKE, reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Erratum to: Endoscopic balloon", None),
        ("Comment on: Endoscopic balloon", None),
        ("Reply to “Endoscopic balloon", None),
    ],
)
def test_a_notice_about_the_work_is_not_the_work(before: str, after: str | None) -> None:
    reference = TEXT.replace("Endoscopic balloon", before)
    assert judge(reference, [BILE]).choice is not Choice.TAKE


def test_another_part_of_a_series_is_not_taken() -> None:
    one = replace(BILE, title="Dilation of bile ducts. Part I", page=None, volume=None)
    two = TEXT.replace("\nwith", " with").replace(
        "Endoscopic balloon dilation compared with sphincterotomy for extraction of bile duct "
        "stones", "Dilation of bile ducts. Part II"
    )  # fmt: skip
    assert judge(two, [one]).choice is not Choice.TAKE
    entry = replace(ENTRY, title="Dilation of bile ducts. Part II", volume=None, page=None)
    assert judge(entry, [one]).choice is not Choice.TAKE


def test_two_records_of_one_work_are_for_a_person_to_choose_from() -> None:
    twin = replace(BILE, DOI="10.2307/twin")
    for wanted in (TEXT, ENTRY):
        judgement = judge(wanted, [BILE, twin])
        assert judgement.choice is Choice.PROPOSE
        assert judgement.DOI == BILE.DOI
        assert "10.2307/twin fits as well" in judgement.reason


def test_the_same_record_twice_is_one() -> None:
    assert _choice(TEXT, BILE, replace(BILE, DOI=(BILE.DOI or "").upper()))[0] is Choice.TAKE


def test_a_book_is_not_its_chapter_and_a_journal_not_its_article() -> None:
    book = Description(type="book", title="Breast Diseases of Our Own Time", issued=Date(1989),
                       author=(Name("Tulusan", "A. H."),), DOI="10.1007/book")  # fmt: skip
    chapter = "Tulusan AH. The surgeon's part. In: Breast Diseases of Our Own Time. 1989. p. 6-9."
    assert judge(chapter, [book]).choice is not Choice.TAKE
    chapter = "Tulusan, A. “The Surgeon.” Breast Diseases of Our Own Time (1989): 6–9."
    assert judge(chapter, [book]).choice is not Choice.TAKE
    page = "[1] A.H. Tulusan, Breast Diseases of Our Own Time (1989) 6."
    assert judge(page, [book]).choice is not Choice.TAKE
    journal = Description(type="periodical", title="Gastroenterology", DOI="10.1053/j")
    assert judge(TEXT, [journal]) == Judgement(Choice.NONE, None, judge(TEXT, []).reason)
    whole = "Tulusan, A. H. (1989). Breast Diseases of Our Own Time. Springer."
    assert judge(whole, [book]).choice is Choice.TAKE
    short = judge(
        "Tulusan, A. H. (1989). Breast Diseases.", [replace(book, title="Breast Diseases")]
    )
    assert short.choice is Choice.PROPOSE


def test_a_doi_in_the_reference_decides() -> None:
    assert _choice(f"Bile stones. https://doi.org/{BILE.DOI}", BILE)[0] is Choice.TAKE
    assert judge(f"{TEXT} doi:10.1000/other", [BILE]).choice is Choice.NONE
    assert judge(f"{TEXT} doi:10.1053/ \nj.gastro", [BILE]).choice is Choice.TAKE


def test_a_title_alone_is_not_enough() -> None:
    assert judge(Description(title=BILE.title), [BILE]).choice is Choice.PROPOSE
    editorial = Description(title="Editorial", issued=Date(2004))
    assert judge(editorial, [replace(BILE, title="Editorial")]).choice is not Choice.TAKE


def test_records_without_a_doi_and_none_at_all() -> None:
    assert _choice(TEXT, replace(BILE, DOI=None)) == (Choice.NONE, None)
    assert _choice(TEXT) == (Choice.NONE, None)
    assert _choice("", BILE) == (Choice.NONE, None)
    assert _choice(Description(), BILE) == (Choice.NONE, None)


@pytest.mark.parametrize(
    ("description", "whole"),
    [
        (Description(title=TEXT), True),
        (Description(title="Dwi R (2021) Migration and its effects. Mediasi 4:2-9"), True),
        (Description(title="The effectiveness of migration policy in the year 2020"), False),
        (Description(title=TEXT, author=(Name("DiSario"),)), False),
        (Description(title="Gut 2009"), False),
        (Description(), False),
    ],
)
def test_whole_references_are_recognised(description: Description, whole: bool) -> None:
    assert is_reference(description) is whole


def test_titles_are_found_in_torn_words_and_not_in_longer_ones() -> None:
    title = "Gut sphincterotomy"
    assert Reference("A. Gut sphinc-\nter oto my. X 1").title(title)[0] is TitleFit.WHOLE
    assert Reference("Gut sphincterotomy and beyond. X").title(title)[0] is TitleFit.PART
    assert Reference("A. Rabbit gut sphincterotomy. X").title(title)[0] is TitleFit.PART
    assert Reference("Gut sphincterotomyII. X").title(title)[0] is TitleFit.ABSENT


def test_journals_are_found_abbreviated() -> None:
    record = Description(container_title="Deutsche medizinische Wochenschrift")
    reference = Reference("Classen M. Papilla. Dtsch Med Wochenschr. 1974;99:496-7.")
    span = reference.container(record, reference.title(None)[1])
    assert span is not None
    assert reference.words[span.start : span.end] == ["dtsch", "med", "wochenschr"]
    assert reference.container(Description(container_title="Medical Hypotheses"), span) is None


@pytest.mark.parametrize("piece", ["a", "-\n", "1-", "A. B. ", "<i>", "10.1/", "(((("])
def test_hostile_texts_take_linear_time(piece: str) -> None:
    def judge_it(size: int) -> None:
        text = piece * size
        many = tuple(Name(f"Family{n}", "G") for n in range(size // 10))
        huge = replace(BILE, title=text, container_title=text, author=many)
        judge(text, [huge, BILE])
        judge(BILE, [huge])

    # What is looked at is bounded: from there on the rest is only cut into words.
    assert_grows_linearly(judge_it, 4_000)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=30))
def test_no_text_breaks_it(text: str, title: str, other: str) -> None:
    found = replace(BILE, title=title, container_title=other, volume=other, page=other)
    for wanted in (text, Description(title=text), replace(ENTRY, title=text)):
        assert judge(wanted, [found, BILE]).reason
