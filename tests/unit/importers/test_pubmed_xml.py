"""PubMed's XML."""

from __future__ import annotations

import io

import pytest

from refman.importers.pubmed_xml import importer
from refman.model import Date, Description, Extra, Name, Record, Relation, Update
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.unit.importers.reading import extras

ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">20729678</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Electronic">1538-9855</ISSN><JournalIssue>
<Volume>35</Volume><Issue>5</Issue><PubDate>{date}</PubDate></JournalIssue>
<Title>{journal}</Title><ISOAbbreviation>Nurse Educ</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>205-7</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1097/NNE.1</ELocationID>{article}
<Language>{language}</Language><PublicationTypeList>
<PublicationType UI="D016428">{kind}</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><Country>United States</Country><ISSNLinking>0363-3624</ISSNLinking>
</MedlineJournalInfo>{citation}</MedlineCitation><PubmedData><History>
<PubMedPubDate PubStatus="received"><Year>2009</Year><Month>1</Month><Day>7</Day></PubMedPubDate>
</History><ArticleIdList><ArticleId IdType="pubmed">20729678</ArticleId>
<ArticleId IdType="doi">10.1097/NNE.1</ArticleId><ArticleId IdType="pmc">PMC123456</ArticleId>
</ArticleIdList><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.1/ref</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle>"""


def article(
    title: str = "A title.",
    journal: str = "Nurse educator",
    date: str = "<Year>2010</Year><Month>Sep</Month>",
    language: str = "eng",
    kind: str = "Journal Article",
    article: str = "",
    citation: str = "",
) -> str:
    return ARTICLE.format(**locals())


def read(*entries: str) -> list[Record | Problem]:
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" '
        '"https://dtd.nlm.nih.gov/x.dtd">\n<PubmedArticleSet>\n'
        f"{''.join(entries)}</PubmedArticleSet>"
    )
    return list(importer.read(TextInput(io.BytesIO(text.encode()), "x.xml"), ImportOptions()))


def one(entry: str) -> Description:
    (record,) = read(entry)
    assert isinstance(record, Record), record
    assert record.origin.location == "x.xml:4"
    return record.description


def test_an_article() -> None:
    found = one(article())
    assert found == Description(
        type="article-journal",
        title="A title",
        container_title="Nurse Educator",
        container_title_short="Nurse Educ",
        issued=Date(2010, 9),
        volume="35",
        issue="5",
        page="205-207",
        DOI="10.1097/NNE.1",
        ISSN=("1538-9855",),
        PMID="20729678",
        PMCID="PMC123456",
        language="eng",
        submitted=Date(2009, 1, 7),
        extra=found.extra,
    )
    assert extras(found) == {"Country": "United States", "ISSNLinking": "0363-3624"}


def test_authors() -> None:
    found = one(
        article(
            article="<AuthorList><Author><LastName>Coar</LastName><ForeName>Jaekea T</ForeName>"
            "<AffiliationInfo><Affiliation>Georgia College</Affiliation></AffiliationInfo>"
            '<Identifier Source="ORCID">0000-0002-1825-0097</Identifier></Author>'
            "<Author><LastName>van Raaij</LastName><ForeName>M J</ForeName><Suffix>Jr</Suffix>"
            "</Author><Author><CollectiveName>The Group</CollectiveName></Author><Author/>"
            "</AuthorList>"
        )
    )
    assert found.author == (
        Name("Coar", "Jaekea T.", ORCID="0000-0002-1825-0097", affiliation=("Georgia College",)),
        Name("Raaij", "M. J.", "Jr", non_dropping_particle="van"),
        Name(literal="The Group"),
    )


@pytest.mark.parametrize(
    ("date", "issued"),
    [
        ("<Year>2018</Year><Month>Nov</Month><Day>03</Day>", Date(2018, 11, 3)),
        ("<MedlineDate>2010 Sep-Oct</MedlineDate>", Date(2010, 9, end=Date(2010, 10))),
        ("<Year>2000</Year><Season>Spring</Season>", Date(2000, season=1)),
        ("<Year>2001</Year>", Date(2001)),
    ],
)
def test_dates(date: str, issued: Date) -> None:
    assert one(article(date=date)).issued == issued


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("On <i>E. coli</i> &amp; CO<sub>2</sub>.", "On <i>E. coli</i> & CO<sub>2</sub>"),
        ("[Translated title.]", "[Translated title]"),
        ("What now?", "What now?"),
        ("And so on...", "And so on..."),
    ],
)
def test_titles(written: str, title: str) -> None:
    assert one(article(title=written)).title == title


@pytest.mark.parametrize(
    ("journal", "language", "title", "place"),
    [
        ("Genes, brain, and behavior", "eng", "Genes, Brain, and Behavior", None),
        ("Lancet (London, England)", "eng", "Lancet", "London, England"),
        ("Ginekologia polska", "pol", "Ginekologia polska", None),
        ("Brain : a journal of neurology", "eng", "Brain: A Journal of Neurology", None),
        ("PLoS one", "eng", "PLoS one", None),
    ],
)
def test_journals(journal: str, language: str, title: str, place: str | None) -> None:
    (record,) = read(article(journal=journal, language=language))
    assert isinstance(record, Record)
    found = record.description
    assert (found.container_title, found.publisher_place) == (title, place)
    changed = title != journal
    assert ("container_title" in record.guessed) == changed
    assert dict(record.verbatim).get("container_title") == (journal if changed else None)


def test_abstracts_keep_their_sections() -> None:
    found = one(
        article(
            article='<Abstract><AbstractText Label="METHODS">We asked p&lt;1.</AbstractText>'
            '<AbstractText Label="UNLABELLED">No <i>one</i> knew.</AbstractText>'
            "<CopyrightInformation>© 2010</CopyrightInformation></Abstract>"
        )
    )
    assert found.abstract == "METHODS: We asked p<1.\n\nNo one knew."
    assert found.license == "© 2010"


def test_keywords_are_headings_and_the_authors_words() -> None:
    found = one(
        article(
            citation='<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="N">Mice'
            '</DescriptorName><QualifierName MajorTopicYN="Y">genetics</QualifierName>'
            "</MeshHeading></MeshHeadingList><KeywordList><Keyword>olfaction</Keyword>"
            "</KeywordList>"
        )
    )
    assert found.keyword == ("Mice", "olfaction")
    assert extras(found)["MeshHeadingList"] == "Mice/*genetics"


def test_what_became_of_it() -> None:
    def comment(kind: str, source: str, pmid: str) -> str:
        return (
            f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>'
            f"<PMID>{pmid}</PMID></CommentsCorrections>"
        )

    found = one(
        article(
            citation="<CommentsCorrectionsList>"
            + comment("RetractionIn", "J X. 2012 May 3;1(2):3. doi: 10.1000/r", "5")
            + comment("CommentIn", "J Y. 2011;1(2):3", "77")
            + comment("Cites", "J Z. 1999;1(2):3", "88")
            + "</CommentsCorrectionsList>"
        )
    )
    assert found.updates == (Update("retraction", "10.1000/r", Date(2012, 5, 3), "pubmed"),)
    assert found.relations == (Relation("has-comment", "77", "pmid"),)


def test_a_preprint_is_on_its_server() -> None:
    found = one(
        article(
            journal="Research square",
            kind="Preprint",
            article='<ELocationID EIdType="pii" ValidYN="Y">rs.3.rs-1</ELocationID>',
        )
    )
    assert (found.type, found.publisher, found.number) == (
        "article",
        "Research Square",
        "rs.3.rs-1",
    )
    assert (found.container_title, found.container_title_short) == (None, None)


BOOK = (
    "<PubmedBookArticle><BookDocument><PMID>20821847</PMID><ArticleIdList>"
    '<ArticleId IdType="bookaccession">NBK22</ArticleId></ArticleIdList><Book><Publisher>'
    "<PublisherName>BIOS</PublisherName><PublisherLocation>Oxford</PublisherLocation></Publisher>"
    "<BookTitle>Endocrinology</BookTitle><PubDate><Year>2001</Year></PubDate>"
    '<AuthorList Type="{kind}"><Author><LastName>Nussey</LastName><ForeName>Stephen</ForeName>'
    "</Author></AuthorList><Isbn>1859962521</Isbn><Edition>2nd</Edition></Book>{section}"
    "<Language>eng</Language></BookDocument></PubmedBookArticle>"
)


def test_a_book_and_a_chapter() -> None:
    book = one(BOOK.format(kind="authors", section=""))
    assert (book.type, book.title, book.author) == (
        "book", "Endocrinology", (Name("Nussey", "Stephen"),),
    )  # fmt: skip
    assert (book.publisher, book.publisher_place, book.ISBN) == ("BIOS", "Oxford", ("1859962521",))
    assert (book.call_number, book.edition, book.issued) == ("NBK22", "2nd", Date(2001))
    assert book.URL == "https://www.ncbi.nlm.nih.gov/books/NBK22/"
    chapter = one(
        BOOK.format(
            kind="editors",
            section='<LocationLabel Type="chapter">Chapter 3</LocationLabel><ArticleTitle>The '
            "gland</ArticleTitle><AuthorList><Author><LastName>Roe</LastName><ForeName>Jane"
            "</ForeName></Author></AuthorList>",
        )
    )
    assert (chapter.type, chapter.title, chapter.container_title) == (
        "chapter", "The gland", "Endocrinology",
    )  # fmt: skip
    assert (chapter.author, chapter.editor) == (
        (Name("Roe", "Jane"),), (Name("Nussey", "Stephen"),),
    )  # fmt: skip
    assert chapter.chapter_number == "3"


def test_problems() -> None:
    found = read(
        "<PubmedArticle></PubmedArticle>\n",
        "<DeleteCitation><PMID>1</PMID></DeleteCitation>\n",
        "<PubmedArticle><MedlineCitation></PubmedArticle>\n",
        article(),
    )
    assert [(one.line, one.reason[:20]) for one in found if isinstance(one, Problem)] == [
        (4, "a record that says n"), (5, "records that PubMed "), (6, "not well-formed: ope"),
    ]  # fmt: skip
    assert isinstance(found[3], Record)


def test_it_is_recognised_by_what_it_holds() -> None:
    assert importer.recognise(Sample("x", "<PubmedArticleSet><PubmedArticle>")) > 0.9
    assert importer.recognise(Sample("x.xml", "<xml><records/></xml>")) == 0


@pytest.mark.parametrize(
    "path",
    """
    GeneSymbolList/GeneSymbol SupplMeshList/SupplMeshName NumberOfReferences GeneralNote
    CommentsCorrectionsList/CommentsCorrections/Note KeywordList/Keyword CitationSubset
    SpaceFlightMission PersonalNameSubjectList/PersonalNameSubject/LastName
    """.split(),
)
def test_no_element_of_a_citation_is_lost(path: str) -> None:
    names = path.split("/")
    start = "".join(f"<{name}>" for name in names)
    end = "".join(f"</{name}>" for name in reversed(names))
    said = repr(one(article(citation=f"{start}Alone{end}{start}Again{end}")))
    assert "Alone" in said
    assert "Again" in said


def test_what_people_have_beside_their_names_is_kept() -> None:
    found = one(
        article(
            article="<AuthorList><Author><LastName>Roe</LastName><AffiliationInfo><Affiliation>X"
            '</Affiliation><Identifier Source="ROR">https://ror.org/0abc</Identifier>'
            "</AffiliationInfo></Author></AuthorList>"
        )
    )
    assert (
        Extra(
            "pubmed-xml",
            "Article/AuthorList/Author/AffiliationInfo/Identifier",
            "https://ror.org/0abc",
        )
        in found.extra
    )


def test_references_are_left_out() -> None:
    cited = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>Cited Journal'
        "</RefSource></CommentsCorrections></CommentsCorrectionsList>"
    )
    assert "Cited" not in repr(one(article(citation=cited)))


def test_an_orcid_is_not_kept_twice() -> None:
    found = one(
        article(
            article="<AuthorList><Author><LastName>Roe</LastName>"
            '<Identifier Source="ORCID">http://orcid.org/0000-0002-1825-0097</Identifier>'
            "</Author></AuthorList>"
        )
    )
    assert found.author[0].ORCID is not None
    assert not any("Identifier" in extra.name for extra in found.extra)
