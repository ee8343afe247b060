"""MEDLINE format from outside: PubMed's records, old and new, and those of ERIC."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from refman.importers.nbib import importer
from refman.importers.ris import importer as ris
from refman.model import Date, Description, Name, Record, Relation, Update
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import kept, only_records

DATA = Path(__file__).parents[2] / "data" / "nbib"

RETRACTED = """PMID- 9500320
OWN - NLM
STAT- MEDLINE
IS  - 0140-6736 (Print)
IS  - 0140-6736 (Linking)
VI  - 351
IP  - 9103
DP  - 1998 Feb 28
TI  - Ileal-lymphoid-nodular hyperplasia, non-specific colitis, and pervasive
      developmental disorder in children.
PG  - 637-41
FAU - Wakefield, A J
AU  - Wakefield AJ
AUID- ORCID: 0000-0002-1825-0097
AD  - Inflammatory Bowel Disease Study Group, Royal Free Hospital and School of
      Medicine, London, UK.
FAU - Murch, S H
AU  - Murch SH
CN  - A Study Group
LA  - eng
PT  - Case Reports
PT  - Journal Article
PT  - Retracted Publication
PL  - England
TA  - Lancet
JT  - Lancet (London, England)
MH  - Autistic Disorder/*complications
CIN - Lancet. 1998 Feb 28;351(9103):611-2. doi: 10.1016/S0140-6736(05)78423-3. PMID:
      9500313
EIN - Lancet. 2004 Mar 6;363(9411):750. PMID: 15016483
RIN - Lancet. 2010 Feb 6;375(9713):445. doi: 10.1016/S0140-6736(10)60175-4. PMID:
      20137807
AID - S0140673697110960 [pii]
AID - 10.1016/s0140-6736(97)11096-0 [doi]
PST - ppublish
SO  - Lancet. 1998 Feb 28;351(9103):637-41. doi: 10.1016/s0140-6736(97)11096-0.
"""


def read(text: str | bytes, *, recase_titles: bool = True) -> list[Record | Problem]:
    raw = text.encode() if isinstance(text, str) else text
    options = ImportOptions(recase_titles=recase_titles)
    return list(importer.read(TextInput(io.BytesIO(raw), "x.nbib"), options))


def records(text: str | bytes) -> list[Record]:
    return only_records(read(text))


def described(*lines: str) -> Description:
    (record,) = records("\n".join(("PMID- 1", *lines)) + "\n")
    return record.description


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "nbib"


def test_the_usual_record() -> None:
    (record,) = records(RETRACTED)
    description = record.description
    assert description.type == "article-journal"
    assert description.title is not None
    assert description.title.endswith("colitis, and pervasive developmental disorder in children.")
    first, second, group = description.author
    assert (first.family, first.given) == ("Wakefield", "A. J.")
    assert first.ORCID == "0000-0002-1825-0097"
    assert first.affiliation == (
        "Inflammatory Bowel Disease Study Group, Royal Free Hospital and School of Medicine, "
        "London, UK.",
    )
    assert second == Name("Murch", "S. H.")
    assert group == Name(literal="A Study Group")
    assert description.container_title == "Lancet (London, England)"
    assert description.container_title_short == "Lancet"
    assert description.issued == Date(1998, 2, 28)
    assert (description.volume, description.issue, description.page) == ("351", "9103", "637-641")
    assert description.DOI == "10.1016/s0140-6736(97)11096-0"
    assert description.PMID == "9500320"
    assert description.ISSN == ("0140-6736",)
    assert description.keyword == ("Autistic Disorder/*complications",)
    assert description.publisher_place is None
    assert record.origin.location == "x.nbib:1"
    assert kept(description)["AID"] == ["S0140673697110960 [pii]"]
    assert kept(description)["PL"] == ["England"]


def test_a_retraction_a_correction_and_a_comment_are_noted() -> None:
    (record,) = records(RETRACTED)
    description = record.description
    notice = Update("retraction", "10.1016/S0140-6736(10)60175-4", Date(2010, 2, 6), "pubmed")
    assert description.retraction == notice
    assert Update("erratum", None, Date(2004, 3, 6), "pubmed") in description.updates
    assert description.relations == (Relation("has-comment", "10.1016/S0140-6736(05)78423-3"),)
    assert kept(description)["RIN"][0].startswith("Lancet. 2010 Feb 6;375(9713):445.")


def test_a_retracted_publication_whose_notice_is_not_named() -> None:
    description = described("TI  - X", "PT  - Journal Article", "PT  - Retracted Publication")
    assert description.retraction == Update("retraction", source="pubmed")


def test_a_notice_is_not_itself_retracted() -> None:
    description = described("TI  - Retraction", "ROF - Lancet. 1998 Feb 28;351(9103):637-41.")
    assert description.updates == ()
    assert "ROF" in kept(description)


def test_a_preprint_and_its_article() -> None:
    preprint = described(
        "TI  - X", "PT  - Journal Article", "PT  - Preprint",
        "UIN - Nature. 2021 Mar;591(7849):1-2. doi: 10.1038/s41586-021-03207-w. PMID: 7",
    )  # fmt: skip
    assert preprint.type == "article"
    assert preprint.relations == (Relation("is-preprint-of", "10.1038/s41586-021-03207-w"),)
    article = described(
        "TI  - X", "PT  - Journal Article", "UOF - bioRxiv. 2020 Jul 1;:. doi: 10.1101/2020.07.01"
    )
    assert article.relations == (Relation("has-preprint", "10.1101/2020.07.01"),)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", Date(2019)),
        ("2019 Jan-Feb", Date(2019, 1, end=Date(2019, 2))),
        ("1998 Dec-1999 Jan", Date(1998, 12, end=Date(1999, 1))),
        ("2000 Spring", Date(2000, season=1)),
        ("1997 Jul 8", Date(1997, 7, 8)),
        ("2013 06 10", Date(2013, 6, 10)),
        ("2010   06", Date(2010, 6)),
    ],
)
def test_dates(text: str, date: Date) -> None:
    assert described("TI  - X", f"DP  - {text}").issued == date


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("4913-7", "4913-4917"),
        ("466-75", "466-475"),
        ("S12-9", "S12-19"),
        ("5-11", "5-11"),
        ("1123-7; discussion 1127-8", "1123-1127; discussion 1127-1128"),
        ("e1002", "e1002"),
    ],
)
def test_pages_get_the_digits_that_were_left_out(text: str, page: str) -> None:
    assert described("TI  - X", f"PG  - {text}").page == page


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FAU - van Dijk, T H", "AU  - van Dijk TH"],
         Name("Dijk", "T. H.", non_dropping_particle="van")),
        (["AU  - van Dijk TH"], Name("Dijk", "T. H.", non_dropping_particle="van")),
        (["AU  - Smith JA"], Name("Smith", "J. A.")),
        (["AU  - Smith JA Jr"], Name("Smith", "J. A.", suffix="Jr")),
        (["FAU - Smith, John A 3rd"], Name("Smith", "John A.", suffix="3rd")),
        (["FAU - Lloyd Jones, Anna M"], Name("Lloyd Jones", "Anna M.")),
        (["AU  - van Dam, Petra M."], Name("Dam", "Petra M.", non_dropping_particle="van")),
        (["FAU - Selvamani", "AU  - Selvamani"], Name(literal="Selvamani")),
        (["CN  - ISPOR Task Force"], Name(literal="ISPOR Task Force")),
    ],
)  # fmt: skip
def test_names(lines: list[str], name: Name) -> None:
    assert described("TI  - X", *lines).author == (name,)


def test_an_address_before_all_names_is_the_first_authors() -> None:
    description = described("TI  - X", "AD  - London, UK.", "FAU - Casbon, James A", "FAU - B, C")
    assert description.author[0].affiliation == ("London, UK.",)
    assert description.author[1].affiliation == ()


def test_a_translated_title_and_the_original_one() -> None:
    description = described("TI  - [Translated title].", "TT  - Titolo originale.", "LA  - ita")
    assert description.title == "[Translated title]."
    assert description.original_title == "Titolo originale."
    assert description.language == "ita"


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["Journal Article", "Review"], "article-journal"),
        (["Letter"], "article-journal"),
        (["Book Chapter"], "chapter"),
        (["Book"], "book"),
        (["Technical Report"], "report"),
        (["Reports - Research"], "report"),
        (["Journal Article", "Video-Audio Media"], "article-journal"),
        (["Video-Audio Media"], "motion_picture"),
        (["Journal Article", "Legal Case"], "article-journal"),
        (["Legislation"], "legislation"),
        (["Newspaper Article"], "article-newspaper"),
        (["Dissertations/Theses - Doctoral Dissertations"], "thesis"),
        (["Dataset"], "dataset"),
    ],
)
def test_types(types: list[str], expected: str) -> None:
    assert described("TI  - X", *(f"PT  - {one}" for one in types)).type == expected


def test_a_chapter_is_in_a_book() -> None:
    description = described(
        "TI  - A Syndrome", "BTI - All Syndromes", "PT  - Book Chapter",
        "PB  - A Press", "PL  - Jakarta", "FED - Roe, Richard", "FAU - Poe, E",
        "ISBN- ISBN 978-3-86680-192-9",
    )  # fmt: skip
    assert (description.title, description.container_title) == (
        "A Syndrome",
        "All Syndromes",
    )
    assert description.editor == (Name("Roe", "Richard"),)
    assert description.publisher_place == "Jakarta"
    assert description.ISBN == ("9783866801929",)


def test_a_thesis_of_eric() -> None:
    (record,) = records(
        "OWN - ERIC\nTI  - A Thesis\nAU  - Roe, Jane\nJT  - ProQuest LLC\n"
        "SO  - Ph.D. Dissertation, Some University\nOID - ED000001\nDP  - 2021\n"
        "LID - http://eric.ed.gov/?id=ED000001\n"
        "PT  - Dissertations/Theses - Doctoral Dissertations\n"
    )
    description = record.description
    assert (description.type, description.publisher) == ("thesis", "Some University")
    assert (description.archive, description.genre) == ("ProQuest LLC", "Doctoral dissertation")
    assert description.note == "ERIC Number: ED000001"
    assert description.URL == "http://eric.ed.gov/?id=ED000001"


def test_identifiers() -> None:
    description = described(
        "TI  - X", "PMC - PMC12345", "LID - 10.1371/journal.pone.0000001 [doi]",
        "LID - e0000001 [pii]", "AID - 10.1371/journal.pone.0000001 [doi]",
    )  # fmt: skip
    assert description.PMCID == "PMC12345"
    assert description.DOI == "10.1371/journal.pone.0000001"
    assert description.page == "e0000001"
    assert description.extra == ()


def test_what_has_no_field_is_kept() -> None:
    description = described("TI  - X", "GR  - 076053/Wellcome", "ZZZ - new", "AB  - A", "AB  - B")
    assert kept(description) == {"GR": ["076053/Wellcome"], "ZZZ": ["new"], "AB": ["B"]}
    assert description.abstract == "A"


# The file


def test_records_of_a_file() -> None:
    items = read((DATA / "MultipleEntries.nbib").read_bytes())
    found = [item for item in items if isinstance(item, Record)]
    assert [record.description.PMID for record in found] == [
        "20481061", None, None, "22664220", "22664238", "96578310", "45984220",
    ]  # fmt: skip
    assert [record.origin.location for record in found][:2] == ["x.nbib:1", "x.nbib:55"]
    (stray,) = (item for item in items if isinstance(item, Problem))
    assert (stray.line, stray.raw) == (53, "This line should be omitted by the importer.")


def test_real_records() -> None:
    (record,) = records((DATA / "pubmed_result3.txt").read_bytes())
    assert record.description.page == "5795-5813"
    assert record.description.DOI == "10.1118/1.4748329"
    (record,) = records((DATA / "NbibImporterTest.nbib").read_bytes())
    assert record.description.published_online == Date(2016, 4, 19)
    assert record.description.submitted == Date(2013, 2, 18)


def test_records_without_an_empty_line_between_them() -> None:
    assert len(records("PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n")) == 2


def test_an_empty_line_after_each_line() -> None:
    text = RETRACTED.replace("\n", "\n\n") + "\n\n\n" + RETRACTED.replace("\n", "\n\n")
    first, second = records(text)
    assert first.description == second.description == records(RETRACTED)[0].description


def test_other_line_ends_and_a_byte_order_mark() -> None:
    (record,) = records(b"\xef\xbb\xbf" + RETRACTED.replace("\n", "\r\n").encode())
    assert record.description == records(RETRACTED)[0].description
    (record,) = records(RETRACTED.encode("utf-16"))
    assert record.description == records(RETRACTED)[0].description


def test_a_title_in_capitals() -> None:
    (record,) = records("PMID- 1\nTI  - EFFECTS OF MIGRATION IN INDONESIA\nAB  - In Indonesia.\n")
    assert record.description.title == "Effects of migration in Indonesia"
    assert dict(record.verbatim) == {"title": "EFFECTS OF MIGRATION IN INDONESIA"}
    assert "title" in record.guessed


# Recognising


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (RETRACTED, 0.95, 1),
        ("OWN - ERIC\nTI  - X\nAU  - A, B\n", 0.9, 1),
        ("PMCR- 20481061\nTI  - X\nPT  - Book", 0.85, 1),
        ("TY  - JOUR\nTI  - X\nAU  - A\nER  - \n", 0, 0.1),
        ("%0 Book\n%T X\n", 0, 0.1),
        ("FN ISI\nVR 1.0\nPT J\nAU A\nER\n", 0, 0.1),
        ("plain prose, of which nobody can make a reference", 0, 0),
        ("@article{a, title={X}}", 0, 0),
    ],
)
def test_recognising(text: str, low: float, high: float) -> None:
    assert low <= importer.recognise(Sample("x", text)) <= high


def test_it_is_surer_than_ris() -> None:
    sample = Sample("x.txt", RETRACTED)
    assert importer.recognise(sample) > ris.recognise(sample)


# Hostile input


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("PMID- 1\nRIN - ", "10.1016/"),
        ("PMID- 1\nDP  - ", "2019 "),
        ("PMID- 1\nPG  - ", "1-"),
        ("PMID- 1\nSO  - ", ", A "),
        ("PMID- 1\nFAU - ", "A, "),
        ("PMID- 1\n", "AB  - x\n"),
        ("PMID- 1\n", "\n x"),
    ],
)
def test_long_values_take_no_longer(head: str, piece: str) -> None:
    assert_grows_linearly(lambda size: read(head + piece * size), 2000)


def test_a_record_without_an_end_is_bounded() -> None:
    text = "PMID- 1\nAB  - x\n" + ("      " + "x" * 1000 + "\n") * 17_000 + "\nPMID- 2\nTI  - X\n"
    items = read(text)
    assert any(isinstance(item, Problem) and "16 MB" in item.reason for item in items)
    last = items[-1]
    assert isinstance(last, Record)
    assert last.description.PMID == "2"


def test_a_short_name_without_its_full_one_is_kept() -> None:
    found = described("FAU - Smith, John", "AU  - Smith J", "AU  - Doe K", "TI  - A")
    assert found.author == (Name("Smith", "John"),)
    assert kept(found) == {"AU": ["Doe K"]}


def test_of_several_numbers_of_eric_none_is_lost() -> None:
    found = described("TI  - A", "OID - EJ1", "OID - EJ2")
    assert found.note == "ERIC Number: EJ1"
    assert kept(found)["OID"] == ["EJ2"]
