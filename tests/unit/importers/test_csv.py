"""Tables from outside, by whoever made them."""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman import plugins
from refman.crosswalk.table import COLUMNS
from refman.crosswalk.table_columns import role_of
from refman.exporters.csv import exporter
from refman.importers.csv import importer
from refman.model import Date, Description, Extra, Name, Record, Relation, Update, Work
from refman.ports import ExportOptions, Importer, ImportOptions, Problem, Sample
from refman.text.markup import plain_text, strip_markup, unescape
from refman.text.reading import TextInput
from tests.corpus import corpus
from tests.growth import assert_grows_linearly

DATA = Path(__file__).parents[2] / "data" / "csv"


def read(text: str | bytes, *, recase_titles: bool = True) -> list[Record | Problem]:
    raw = text.encode() if isinstance(text, str) else text
    options = ImportOptions(recase_titles=recase_titles)
    return list(importer.read(TextInput(io.BytesIO(raw), "x.csv"), options))


def records(text: str | bytes) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def one(text: str | bytes) -> Description:
    (record,) = read(text)
    assert isinstance(record, Record), record
    return record.description


def sureness(text: str, name: str = "x.csv") -> float:
    return importer.recognise(Sample(name, text))


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "csv"


def test_a_plain_table() -> None:
    description = one(
        "Title,Authors,Year,Journal,Volume,Issue,Pages,DOI\n"
        '"Migration, again","Dwi, Rizkika; Budi, A.",2021,Mediasi,4,2,123–130,'
        "https://doi.org/10.21111/MEDIASI.v4i2\n"
    )
    assert description == Description(
        type="article-journal",
        title="Migration, again",
        author=(Name(family="Dwi", given="Rizkika"), Name(family="Budi", given="A.")),
        container_title="Mediasi",
        issued=Date(2021),
        volume="4",
        issue="2",
        page="123-130",
        DOI="10.21111/MEDIASI.v4i2",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_with_or_without_excel_s_line(delimiter: str) -> None:
    header = delimiter.join(("judul", "penulis", "tahun", "nama jurnal", "nomor", "halaman"))
    row = delimiter.join(
        ("Kajian migran", "Siti Aminah dan Budi Santoso", "2020", "Jurnal X", "3", "1-9")
    )
    for lead in ("", f"sep={delimiter}\n", "\ufeff", "Daftar pustaka\n"):
        text = f"{lead}{header}\n{row}\n"
        description = one(text)
        assert description.title == "Kajian migran"
        assert [name.family for name in description.author] == ["Aminah", "Santoso"]
        assert (description.issue, description.page, description.year) == ("3", "1-9", 2020)
        assert sureness(text.removeprefix("\ufeff")) >= 0.9


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    text = "Title\tAuthor\tYear\nÜber Migration\tMüller, Jörg\t2001\n"
    assert one(text.encode(encoding)).title == "Über Migration"


def test_line_breaks_in_quotes_and_the_line_of_each_row() -> None:
    found = read('title,abstract\nA first,"One.\n\nTwo."\nA second,"Three"\n')
    assert [item.origin.location for item in found if isinstance(item, Record)] == [
        "x.csv:2",
        "x.csv:5",
    ]
    first = found[0]
    assert isinstance(first, Record)
    assert first.description.abstract == "One.\n\nTwo."


def test_rows_that_say_nothing_are_problems_with_their_line() -> None:
    found = read("title,year,language,status\nA title,2020,en,x\n,2021,en,y\n,,,\n")
    assert [type(item) for item in found] == [Record, Problem]
    problem = found[1]
    assert isinstance(problem, Problem)
    assert (problem.line, problem.raw) == (3, ",2021,en,y")
    assert problem.reason == "nothing bibliographic in it"


def test_a_quote_that_is_not_closed_costs_its_row_only() -> None:
    found = read('title,year\n"never closed,2020\nSecond,2021\nThird,2022\n')
    titles = [item.description.title for item in found if isinstance(item, Record)]
    assert titles[-2:] == ["Second", "Third"]
    assert any(isinstance(item, Problem) and item.line == 2 for item in found)


def test_more_cells_than_columns_are_kept_and_told() -> None:
    record, problem = read("title,author,year\nA,B C,2020,surplus\n")
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert problem.partial
    assert record.description.extra == (Extra("csv", "column_4", "surplus"),)


def test_unknown_columns_are_kept() -> None:
    description = one("Title,Screening,Year\nA,included\x1b[0m,2020\n")
    assert description.extra == (Extra("csv", "Screening", "included[0m"),)


def test_columns_that_mean_the_same() -> None:
    description = one(
        "Authors,Author Full Names,Article Title,Source Title,DOI,DOI Link\n"
        '"Dwi, R","Dwi, Rizkika",A,J,10.1000/x,https://doi.org/10.1000/x\n'
    )
    assert description.author == (Name(family="Dwi", given="Rizkika"),)
    assert description.extra == (Extra("csv", "Authors", "Dwi, R"),)
    assert description.URL is None


def test_scopus() -> None:
    description = one(
        '\ufeffAuthors,Author full names,"Author(s) ID",Title,Year,Source title,Volume,Issue,'
        "Art. No.,Page start,Page end,Page count,DOI,Link,Author Keywords,Index Keywords,"
        "Conference date,"
        "ISSN,ISBN,Abbreviated Source Title,Document Type,Source,EID\n"
        '"Govil N.; Sharma A.","Govil, Neha (57209571323); Sharma, Anil (57220907015)",'
        '"57209571323;57220907015",Agile,2022,Adv. Software,168,,103125,,,,10.1016/j.a.2022,'
        "https://www.scopus.com/r,Fuzzy; TOPSIS,Engineering,9 March 2022 through 10 March 2022,"
        "9659978,,Adv Softw,Conference paper,Scopus,2-s2.0-1\n"
    )
    assert description.author[0] == Name(family="Govil", given="Neha")
    assert description.number == "103125"
    assert description.ISSN == ("0965-9978",)
    assert description.keyword == ("Fuzzy", "TOPSIS")
    assert description.event_date == Date(2022, 3, 9, end=Date(2022, 3, 10))
    assert description.source == "Scopus"
    assert description.type == "paper-conference"
    kept = {extra.name: extra.value for extra in description.extra}
    assert kept["EID"] == "2-s2.0-1"
    assert kept["Index Keywords"] == "Engineering"
    assert kept["Authors"] == "Govil N.; Sharma A."


def test_web_of_science_with_long_headers() -> None:
    text = (
        "Publication Type\tAuthors\tAuthor Full Names\tArticle Title\tSource Title\tDocument Type\t"
        "Author Keywords\tKeywords Plus\tISSN\teISSN\tJournal Abbreviation\tPublication Date\t"
        "Publication Year\tVolume\tIssue\tStart Page\tEnd Page\tArticle Number\tPubmed Id\t"
        "UT (Unique WOS ID)\n"
        "J\tDwi, R\tDwi, Rizkika\tA title\tJOURNAL OF X\tArticle; Proceedings Paper\ta; b\tc\t"
        "0965-9978\t1873-5339\tJ X\tAUG 15\t2021\t4\t2\t12\t20\t\t12345678\tWOS:1\n"
    )
    assert sureness(text) > 0.9
    description = one(text)
    assert description.type == "article-journal"
    assert description.issued == Date(2021, 8, 15)
    assert description.page == "12-20"
    assert description.ISSN == ("0965-9978", "1873-5339")
    assert description.PMID == "12345678"


def test_publish_or_perish_and_google_scholar() -> None:
    description = one(
        "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,"
        "CitationURL,Volume,Issue,StartPage,EndPage,ECC\n"
        '12,"JA Smith, B Jones…",A title,2010,Journal of X,Wiley,https://x.org/a,https://s.org/c,1,'
        "2020-01-01 10:00:00,PDF,,,,3,1,5,9,12\n"
    )
    assert [name.display for name in description.author] == ["JA Smith", "B Jones", "others"]
    assert description.container_title == "Journal of X"
    assert description.page == "5-9"
    assert description.URL == "https://x.org/a"
    scholar = one(
        "Authors,Title,Publication,Volume,Number,Pages,Year,Publisher\n"
        '"Smith, John; Doe, Jane; ",A,Nature,1,2,3-4,1999,NPG\n'
    )
    assert (scholar.container_title, scholar.issue, scholar.number) == ("Nature", "2", None)
    assert len(scholar.author) == 2


def test_zotero() -> None:
    description = one(
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISSN","DOI",'
        '"Abstract Note","Date","Extra","Manual Tags","Automatic Tags","Type"\n'
        '"ACSRAG7N","thesis","2022","Rotter, Carina; WHO","A","","1939-1676 0891-6640","","x",'
        '"2022-05","PMID: 35319117 PMCID: PMC9151451","a, b; c","d","PhD"\n'
    )
    assert description.type == "thesis"
    assert description.genre == "PhD"
    assert description.author == (Name(family="Rotter", given="Carina"), Name(literal="WHO"))
    assert description.issued == Date(2022, 5)
    assert description.keyword == ("a, b", "c", "d")
    assert (description.PMID, description.PMCID) == ("35319117", "PMC9151451")
    assert Extra("csv", "Key", "ACSRAG7N") in description.extra


DIALECTS = {
    "IEEE Xplore": (
        '"Document Title",Authors,"Author Affiliations","Publication Title",Date Added To Xplore,'
        '"Publication Year","Volume","Issue","Start Page","End Page","Abstract","ISSN",ISBNs,"DOI",'
        'PDF Link,"Author Keywords","IEEE Terms","Article Citation Count"\n'
        '"A title","Y. Wang; Q. Liu","U1; U2","IEEE Access","1 May 2020","2020","8","","10","20",'
        '"Text.","2169-3536","","10.1000/x","https://x.org/pdf","deep learning;vision","Task","3"\n'
    ),
    "PubMed": (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,"
        "NIHMS ID,DOI\n"
        '123,A title.,"Wang Y, Liu Q.","IEEE Access. 2020 May;8:10-20.",Wang Y,IEEE Access,2020,'
        "2020/05/01,PMC1234567,,10.1000/x\n"
    ),
    "The Lens": (
        '"Lens ID","Title","Date Published","Publication Year","Publication Type","Source Title",'
        '"ISSNs","Publisher","Source Country","Author/s","Abstract","Volume","Issue Number",'
        '"Start Page","End Page","Keywords","MeSH Terms","External URL","PMID","DOI","PMCID"\n'
        '"1-2-3","A title","2020-05-01","2020","journal article","IEEE Access","21693536","IEEE",'
        '"US","Y. Wang; Q. Liu","Text.","8","","10","20","deep learning; vision","","https://x.org",'
        '"123","10.1000/x",""\n'
    ),
    "Dimensions": (
        '"Rank","Publication ID","DOI","PMID","PMCID","ISBN","Title","Abstract","Source title",'
        '"Anthology title","Publication Date","PubYear","Volume","Issue","Pagination",'
        '"Open Access","Publication Type","Authors","Authors (Raw Affiliation)"\n'
        '"1","p","10.1000/x","123","","","A title","Text.","IEEE Access","","2020-05-01","2020",'
        '"8","","10-20","Closed","Article","Wang, Y.; Liu, Q.",""\n'
    ),
    "OpenAlex": (
        "id,doi,display_name,publication_year,publication_date,type,language,"
        "authorships.author.display_name,primary_location.source.display_name,biblio.volume,"
        "biblio.first_page,biblio.last_page,primary_location.source.issn\n"
        "https://openalex.org/W1,https://doi.org/10.1000/x,A title,2020,2020-05-01,article,en,"
        "Y. Wang|Q. Liu,IEEE Access,8,10,20,2169-3536|2169-3536\n"
    ),
    "Rayyan": (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,"
        "location,abstract,notes,doi,keywords,pubmed_id,pmc_id\n"
        'rayyan-1,A title,2020,5,1,IEEE Access,2169-3536,8,,10-20,"Wang, Y. and Liu, Q.",,en,IEEE,,'
        "Text.,,10.1000/x,,123,\n"
    ),
    "Covidence": (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,"
        "Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"
        'A title,"Wang, Y.; Liu, Q.",Text.,2020,May,IEEE Access,8,,10-20,,10.1000/x,1,#1,,,\n'
    ),
    "rcrossref": (
        "container.title,created,doi,issued,page,publisher,title,type,volume,author,issn\n"
        'IEEE Access,2020-05-02,10.1000/x,2020-05-01,10-20,IEEE,A title,journal-article,8,'
        '"Wang, Y.; Liu, Q.",2169-3536\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("who", DIALECTS)
def test_tables_of_others(who: str) -> None:
    text = DIALECTS[who]
    assert sureness(text) > 0.9
    description = one(text)
    assert (description.title or "").rstrip(".") == "A title"
    assert [name.family for name in description.author] == ["Wang", "Liu"]
    assert [(name.given or "").rstrip(".") for name in description.author] == ["Y", "Q"]
    assert description.container_title == "IEEE Access"
    assert description.DOI == "10.1000/x"
    assert description.year == 2020
    assert description.type == "article-journal"
    assert description.volume == "8"
    assert description.page == "10-20"
    if who in ("The Lens", "Dimensions", "OpenAlex", "Rayyan", "rcrossref"):
        assert description.issued == Date(2020, 5, 1)


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("J Intern Med. 2021 Jan;289(1):12-20. doi: 10.1111/joim.1. Epub 2020 May 5.",
         ("289", "1", "12-20", Date(2021, 1))),
        ("Cochrane Database Syst Rev. 2019 Oct 9;10(10):CD012345. doi: 10.1002/1.",
         ("10", "10", "CD012345", Date(2019, 10, 9))),
        ("Nature. 2020 May.", (None, None, None, Date(2020, 5))),
        ("A Journal", (None, None, None, Date(2021))),
    ],
)  # fmt: skip
def test_pubmed_s_citations(citation: str, said: tuple[object, ...]) -> None:
    text = f'PMID,Title,Citation,Journal/Book,Publication Year\n1,A,"{citation}",J,2021\n'
    found = one(text.replace(",2021\n", f",{said[3].year}\n" if isinstance(said[3], Date) else ""))
    assert (found.volume, found.issue, found.page, found.issued) == said
    assert Extra("csv", "Citation", citation) in found.extra
    assert found.container_title == "J"


def test_embase_in_columns() -> None:
    first, *_ = records((DATA / "embase.csv").read_bytes())
    description = first.description
    assert description.container_title == "Endoscopic Ultrasound"
    assert (description.volume, description.issue, description.page) == ("3", "3", "152-160")
    assert description.DOI == "10.4103/2303-9027.138783"
    assert description.author[0] == Name(family="Liu", given="R.")
    assert "bronchogenic duplication cyst (diagnosis, surgery)" in description.keyword
    assert any(extra.name == "Copyright" for extra in description.extra)


def test_embase_in_rows() -> None:
    text = (
        '"RECORD 1"\n"TITLE","Duplication cysts"\n"AUTHOR NAMES","Liu R.","Adler D.G."\n'
        '"SOURCE","Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014"\n'
        '"DOI","10.4103/2303-9027.138783"\n\n'
        '"RECORD 2"\n"TITLE","Another"\n"AUTHOR NAMES","Cohn M."\n"ISSN","0008-543X"\n'
    )
    assert sureness(text) > 0.9
    first, second = read(text)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert len(first.description.author) == 2
    assert first.description.volume == "3"
    assert second.description.title == "Another"
    assert second.origin.location == "x.csv:8"


def test_retraction_watch() -> None:
    found = records((DATA / "retraction-watch.csv").read_bytes())
    assert len(found) == 3
    description = found[0].description
    assert description.DOI == "10.1155/2022/9172719"
    assert description.PMID == "36035816"
    assert description.issued == Date(2022, 8, 18)
    assert description.updates == (
        Update(
            "retraction",
            "10.1155/2023/9756480",
            Date(2023, 7, 12),
            "retraction-watch",
            "Retraction",
        ),
    )
    assert [name.display for name in description.author] == ["Qing Liao", "Long Li", "Jiaqi Luo"]


def test_numbers_that_a_spreadsheet_spoilt() -> None:
    description = one("title,year,volume,pmid,issn\nA,2003.0,12.0,35281543.0,nan\n")
    assert (description.year, description.volume, description.PMID) == (2003, "12", "35281543")
    assert description.ISSN == ()


def test_an_invalid_identifier_is_kept_as_it_came() -> None:
    description = one("title,doi,isbn\nA,not a doi,978-0\n")
    assert description.DOI == "not a doi"
    assert "978-0" in (*description.ISBN, *description.ISSN)


# Recognising


def test_what_is_not_a_table_of_references() -> None:
    assert sureness("id;doi\n1;10.1000/x\n2;10.1000/y\n") < 0.5
    assert sureness("PT\tAU\tBA\tTI\tSO\tPY\nJ\tDwi, R\t\tA\tB\t2020\n") == 0
    assert sureness("name,age,city\nA,1,Jakarta\n", "x.txt") == 0
    assert sureness("Publisher : X\nCheck in Google Scholar\n", "x.txt") == 0
    assert sureness('[{"title": "A", "author": []}]') == 0
    assert sureness("Title, author and year are what a reference needs.\nSo much.\n", "x.txt") == 0


def test_lists_of_dois_stay_what_they_are() -> None:
    text = "DOI\n10.1000/a\n10.1000/b\n"
    assert plugins.recognise(Sample("x.csv", text)).info.name == "doi-list"
    table = "title,author,year,doi\nA,B C,2020,10.1000/a\n"
    assert plugins.recognise(Sample("x.txt", table)).info.name == "csv"


def test_without_a_header_a_doi_is_found_and_the_rest_reported() -> None:
    found = read("a;b;10.1000/x\nc;d;e\n")
    assert isinstance(found[0], Record)
    assert found[0].description.DOI == "10.1000/x"
    assert isinstance(found[1], Problem)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Kata Kunci", "keyword"), ("Nama Jurnal", "container_title"), ("Penerbit", "publisher"),
        ("e-ISSN", "serial"), ("container.title", "container_title"), ("No.", "issue"),
        ("Publication Year", "year"), ("Abstrak", "abstract"), ("Tautan", "URL"),
        ("published-print", "published_print"), ("Cited by", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_columns(header: str, role: str | None) -> None:
    assert role_of(header) == role


# Our own

OWN = Description(
    type="review",
    title="=SUM(A1) & the rest, 'quoted'",
    author=(
        Name(family="Beethoven", given="Ludwig", non_dropping_particle="van"),
        Name(family="King", given="Martin Luther", suffix="Jr."),
        Name(family="Van Gool", given="Willem A."),
        Name(family="Northington", given="Michael C.", suffix="V"),
        Name(family="Sharkov", given="B.YU."),
        Name(literal="Rizkika Dwi"),
        Name(literal="Universitas Indonesia"),
    ),
    editor=(Name(family="Dwi", given="R."),),
    container_title="-Journal",
    issued=Date(2021, 8),
    volume="4",
    issue="2",
    page="e1-e9",
    number="e12",
    publisher="@home",
    DOI="10.1000/(x);y",
    ISSN=("0965-9978", "1873-5339"),
    ISBN=("9781000552829",),
    PMID="123",
    language="en",
    URL="https://x.org/a?b=c&d=e",
    license="https://creativecommons.org/licenses/by/4.0/",
    abstract='One <0.05.\n\nTwo, with "quotes"; and more.',
    keyword=("a, b", "+c"),
    updates=(Update("retraction", "10.1000/notice"), Update("correction")),
    relations=(Relation("is-preprint-of", "10.1000/z"),),
)


@pytest.mark.parametrize("title", ["'=1", "''@x", "'quoted'", "'", "'' +", "-", "'-"])
def test_quotes_before_what_looks_like_a_formula_come_back(title: str) -> None:
    (record,) = records(exported(Description(type="book", title=title)))
    assert record.description.title == title


def exported(description: Description, key: str = "dwi2021") -> str:
    work = Work(id=1, citation_key=key, description=description)
    return "".join(p for p in exporter.write([work], ExportOptions()) if isinstance(p, str))


def test_our_own_export_is_read_back_whole() -> None:
    text = exported(OWN)
    assert "'=SUM" in text
    (record,) = read(text)
    assert isinstance(record, Record)
    assert record.description == OWN
    assert record.citation_key == "dwi2021"


_TEXT = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@settings(max_examples=30, deadline=None)
@given(
    title=_TEXT,
    words=st.lists(_TEXT.filter(lambda w: ";" not in w), max_size=3, unique=True),
    volume=_TEXT,
)
def test_what_is_exported_comes_back(title: str, words: list[str], volume: str) -> None:
    title = plain_text(strip_markup(unicodedata.normalize("NFC", title)))
    words = [word for word in map(plain_text, words) if word]
    if not title:
        return
    volume = plain_text(volume)
    before = Description(
        type="book",
        title=title,
        volume=volume,
        keyword=tuple(dict.fromkeys(words)),
    )
    (record,) = (
        item for item in read(exported(before), recase_titles=False) if isinstance(item, Record)
    )
    assert record.description.title == before.title
    assert record.description.keyword == before.keyword


def shown(description: Description, field: str) -> object:
    """What a cell can say of a field."""
    value = getattr(description, field)
    if field in ("author", "editor"):
        return [name.inverted for name in value]
    if field == "updates":
        return [(update.type, update.DOI) for update in value]
    if field == "relations":
        return [(relation.type, relation.id) for relation in value]
    return strip_markup(value) if field in ("title", "container_title") and value else value


def test_crossref_s_records_come_back_from_a_table_whole() -> None:
    source = TextInput(io.BytesIO((DATA.parent / "crossref" / "works.jsonl").read_bytes()), "x")
    reader = plugins.importer("crossref-json")
    before = [
        item.description
        for item in reader.read(source, ImportOptions(recase_titles=False))
        if isinstance(item, Record)
    ]
    works = [
        Work(id=number, citation_key=f"key{number}", description=description)
        for number, description in enumerate(before, 1)
    ]
    text = "".join(p for p in exporter.write(works, ExportOptions()) if isinstance(p, str))
    after = read(text, recase_titles=False)
    assert len(after) == len(before) > 5
    for number, (description, record) in enumerate(zip(before, after, strict=True), 1):
        assert isinstance(record, Record)
        assert record.citation_key == f"key{number}"
        for field in ("DOI", *COLUMNS):
            if field not in ("year", "is_retracted"):
                assert shown(record.description, field) == shown(description, field), field


# Hostile and large


@pytest.mark.parametrize(
    ("head", "pattern"),
    [
        ("title,", ","), ('title,author\n"', "x"), ('title,author\nA,"', "A, "),
        ('title,author,source\nA,B,"', "("), ('title,keywords\nA,"', "(,"),
        ('Title,Source\nA,"', "a (2000) 1:"), ('title,authors\nA,"', "A. "),
        ('title,authors\nA,"', "and "), ("title,doi\nA,", "10.1/"),
        ("title,citation\nA,", "A. 2020;"), ("title,citation\nA,", "a "),
        ('"TITLE","', 'x"\n"A","'),
    ],
)  # fmt: skip
def test_time_grows_with_the_input(head: str, pattern: str) -> None:
    assert_grows_linearly(lambda size: read(head + pattern * size + "\n"), 500)


# Real ones


_WORDS = re.compile(r"\w+")
_RESHAPED = {
    "ISSN",  # gets its hyphen
    "Conference date",  # `… through …`
    "Item Type", "ArticleType",  # words that are a type
    "RetractionDate", "OriginalPaperDate",  # their midnight goes
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("csv/embase.csv", 6), ("csv/scopus-export-a.csv", 40),
        ("csv/asysd-zotero_export.csv.gz", 1233),
        ("retraction-watch/retraction-watch-sample-a.csv", 12), ("dedup/dblp-acm/ACM.csv", 2294),
    ],
)  # fmt: skip
def test_every_row_and_cell_of_real_tables_is_accounted_for(name: str, count: int) -> None:
    path = corpus(*name.split("/"))
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if name.endswith(".gz") else raw
    found = read(raw)
    assert len(found) == count
    assert all(isinstance(item, Record) for item in found)
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    for item, row in zip(found[:200], rows, strict=False):
        said = set(_WORDS.findall(repr(item).casefold().replace("\\n", " ")))
        for column, cell in zip(header, row, strict=True):
            if column not in _RESHAPED and cell not in ("NA", ""):
                words = _WORDS.findall(unescape(cell).casefold())
                lost = [w for w in words if w not in said and w.lstrip("0") not in said]
                assert not lost, (column, cell)


@pytest.mark.parametrize(
    "header",
    [
        "Título;Autor;Año;Revista",
        "TITULO;AUTOR;ANO;REVISTA",
        "Título;Autores;Ano;Revista",
        "Titolo;Autore;Anno;Rivista",
        "Titre;Auteur;Année;Revue",
        "Titel;Auteurs;Jaar;Tijdschrift",
        "Title;Authors;year;pubtitle",
    ],
)
def test_headers_of_other_languages(header: str) -> None:
    found = one(f"{header}\nUna cosa;Roe, Jane;2018;Un lugar\n")
    assert (found.title, found.author, found.year, found.container_title) == (
        "Una cosa", (Name("Roe", "Jane"),), 2018, "Un lugar",
    )  # fmt: skip


def test_a_citation_key_in_zoteros_extra() -> None:
    text = (
        "Key,Item Type,Title,Author,Abstract Note,Extra\n"
        "AB12CD34,book,T,Roe,,Citation Key: roe2020\n"
    )
    (record,) = records(text)
    assert record.citation_key == "roe2020"
