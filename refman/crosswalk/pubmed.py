"""PubMed's XML (NLM's `PubmedArticleSet`) as descriptions.

The elements are put under the tags of MEDLINE that say the same, as PubMed itself does for its
other format, and read as those are (`refman.crosswalk.medline`); what the XML tells apart and the
tags do not is read here. `docs/formats/pubmed-xml.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from refman.crosswalk.medline import description_from_medline
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.words_said import unsaid, words_said
from refman.model import Description, Extra, stated
from refman.text.markup import plain_text
from refman.text.xml_elements import (
    abstract,
    attribute,
    child,
    child_text,
    children,
    descendants,
    inner_xml,
    marked,
    text,
)
from refman.text.xml_stream import local_name

FORMAT = "pubmed-xml"

_COMMENTS = {
    "CommentIn": "CIN", "CommentOn": "CON", "CorrectedandRepublishedFrom": "CRF",
    "CorrectedandRepublishedIn": "CRI", "ErratumFor": "EFR", "ErratumIn": "EIN",
    "ExpressionOfConcernFor": "ECF", "ExpressionOfConcernIn": "ECI", "OriginalReportIn": "ORI",
    "PartialRetractionIn": "PRIN", "PartialRetractionOf": "PROF", "RepublishedFrom": "RPF",
    "RepublishedIn": "RPI", "RetractedandRepublishedFrom": "RRF",
    "RetractedandRepublishedIn": "RRI", "RetractionIn": "RIN", "RetractionOf": "ROF",
    "SummaryForPatientsIn": "SPIN", "UpdateIn": "UIN", "UpdateOf": "UOF",
}  # fmt: skip
"""`RefType`, and MEDLINE's tags for the same."""
_BOOK, _CHAPTER = "Book", "Book Chapter"
"""What MEDLINE's publication types would be, which books in the XML have none of."""
_OF_A_BOOK = (("Volume", "VI"), ("VolumeTitle", "VTI"), ("Edition", "EN"), ("Isbn", "ISBN"))
_PLACE = re.compile(r"\s*\(([^()]{1,60}, [^()]{1,60})\)$")
_SMALL = frozenset(
    (
        "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the",
        "to", "with", "de", "la", "und", "et",
    )
)  # fmt: skip
_LEFT_OUT = frozenset(
    (
        "ReferenceList", "History", "PublicationStatus", "DateCompleted", "DateRevised",
        "DateCreated", "PubDate", "ArticleDate", "ContributionDate", "BeginningDate", "EndingDate",
        "Pagination", "Initials", "math", "PublicationTypeList", "PublicationType", "",
    )
)  # fmt: skip
"""References, PubMed's work on the record, and what has become dates, pages, names or a type."""
_CAPITALS_INSIDE = re.compile(r"\b[A-Z]{2}|[a-z][A-Z]")


def description_from_article(article: etree._Element) -> ReadEntry:
    """The description that a `PubmedArticle` or `PubmedBookArticle` makes.

    Raises nothing, whatever it holds.
    """
    book = child(article, "BookDocument")
    tags = list(_book_tags(article, book) if book is not None else _article_tags(article))
    read = description_from_medline([(tag, value) for tag, value in tags if value])
    fields = dict(stated(read.description))
    extra = tuple(
        Extra(FORMAT, one.name, one.value)
        for one in fields.get("extra", ())
        if one.value not in (_BOOK, _CHAPTER)
    )
    guessed, verbatim = set(read.guessed), dict(read.verbatim)
    article_of = book if book is not None else child(article, "MedlineCitation", "Article")
    # Already plain, and so not to be read as MEDLINE's wrapped lines are.
    own = [part for one in children(article_of, "Abstract") for part in _paragraphs(one)]
    fields["abstract"] = "\n\n".join(own) or None
    if book is not None:
        _of_bookshelf(book, fields)
    if fields.get("title"):
        fields["title"] = _without_full_stop(fields["title"])
    _journal(article, fields, guessed, verbatim)
    if fields.get("type") == "article":
        _preprint(article, fields)
    fields["extra"] = extra + tuple(_more(article))
    fields["extra"] += tuple(_rest(article, fields))
    return ReadEntry(
        Description(**fields),
        frozenset(guessed & fields.keys()),
        verbatim=tuple(verbatim.items()),
    )


# Tags


def _article_tags(record: etree._Element) -> Iterator[tuple[str, str]]:
    citation = child(record, "MedlineCitation")
    article = child(citation, "Article")
    journal = child(article, "Journal")
    issue = child(journal, "JournalIssue")
    yield "PMID", child_text(citation, "PMID")
    yield "TI", _title(child(article, "ArticleTitle"))
    yield "TT", _title(child(article, "VernacularTitle"))
    yield from _people(article)
    yield "JT", child_text(journal, "Title")
    yield (
        "TA",
        child_text(journal, "ISOAbbreviation")
        or child_text(citation, "MedlineJournalInfo", "MedlineTA"),
    )
    yield "IS", child_text(journal, "ISSN")
    yield "VI", child_text(issue, "Volume")
    yield "IP", child_text(issue, "Issue")
    yield "DP", _date(child(issue, "PubDate"))
    for one in children(article, "ArticleDate"):
        yield "DEP", _numbers(one)
    yield "PG", _pages(article)
    yield from _identifiers(record, article)
    yield from _texts(article)
    # Abstracts in other languages stand beside the article, not in it.
    for one in children(citation, "OtherAbstract"):
        yield "OAB", "\n\n".join(_paragraphs(one))
    yield from _subjects(citation)
    for one in children(child(citation, "CommentsCorrectionsList"), "CommentsCorrections"):
        # Those are its references.
        if attribute(one, "RefType") != "Cites":
            yield _comment(one)
    yield from _history(child(record, "PubmedData"))


def _book_tags(record: etree._Element, document: etree._Element) -> Iterator[tuple[str, str]]:
    book = child(document, "Book")
    section = child(document, "ArticleTitle")
    yield "PMID", child_text(document, "PMID")
    yield "PT", _CHAPTER if section is not None else _BOOK
    yield "TI", _title(section)
    yield "BTI", _title(child(book, "BookTitle"))
    if section is not None:
        yield from _people(document)
    yield from _people(book)
    yield "CTI", _title(child(book, "CollectionTitle"))
    yield "DP", _date(child(book, "PubDate"))
    for name, tag in _OF_A_BOOK:
        for one in children(book, name):
            yield tag, text(one)
    yield "PB", child_text(book, "Publisher", "PublisherName")
    yield "PL", child_text(book, "Publisher", "PublisherLocation")
    yield "PG", _pages(document)
    yield from _identifiers(record, book)
    yield from _texts(document)
    yield from _subjects(document)


def _title(element: etree._Element | None) -> str:
    return plain_text(inner_xml(element)) if element is not None else ""


def _people(element: etree._Element | None) -> Iterator[tuple[str, str]]:
    for listed in children(element, "AuthorList"):
        full = "FED" if attribute(listed, "Type") == "editors" else "FAU"
        for author in children(listed, "Author"):
            yield from _author(author, full)


def _author(author: etree._Element, full: str) -> Iterator[tuple[str, str]]:
    family = child_text(author, "LastName")
    given = child_text(author, "ForeName") or child_text(author, "FirstName")
    given = given or child_text(author, "Initials")
    group = child_text(author, "CollectiveName")
    if family:
        suffix = child_text(author, "Suffix")
        yield full, ", ".join(filter(None, (family, " ".join(filter(None, (given, suffix))))))
    elif group:
        yield ("CN" if full == "FAU" else full), group
    else:
        return
    for info in children(author, "AffiliationInfo"):
        yield "AD", child_text(info, "Affiliation")
    for one in children(author, "Affiliation"):
        yield "AD", text(one)
    for one in children(author, "Identifier"):
        yield "AUID", f"{attribute(one, 'Source')}: {text(one)}"


def _date(element: etree._Element | None) -> str:
    """`2018 Nov 3`, `2000 Spring`, `2010 Sep-Oct`."""
    parts = (child_text(element, name) for name in ("Year", "Season", "Month", "Day"))
    return " ".join(filter(None, parts)) or child_text(element, "MedlineDate")


def _numbers(element: etree._Element) -> str:
    """`20180822`."""
    year, month, day = (child_text(element, name) for name in ("Year", "Month", "Day"))
    if not (month.isdecimal() and day.isdecimal()):
        return " ".join(filter(None, (year, month, day)))
    return f"{year}{int(month):02}{int(day):02}"


def _pages(article: etree._Element | None) -> str:
    found = child(article, "Pagination")
    start, end = child_text(found, "StartPage"), child_text(found, "EndPage")
    return child_text(found, "MedlinePgn") or "-".join(filter(None, (start, end)))


def _identifiers(
    record: etree._Element, article: etree._Element | None
) -> Iterator[tuple[str, str]]:
    for one in children(article, "ELocationID"):
        if attribute(one, "ValidYN") != "N":
            yield "LID", f"{text(one)} [{attribute(one, 'EIdType')}]"
    for data in ("PubmedData", "PubmedBookData"):
        for one in children(child(record, data, "ArticleIdList"), "ArticleId"):
            kind = attribute(one, "IdType")
            if kind in ("pmc", "pmcid"):
                yield "PMC", text(one)
            elif kind not in ("pubmed", "pmpid"):
                yield "AID", f"{text(one)} [{kind}]"


def _texts(article: etree._Element | None) -> Iterator[tuple[str, str]]:
    for name, tag in (("Abstract", "AB"), ("OtherAbstract", "OAB")):
        for one in children(article, name):
            if tag != "AB":
                yield tag, "\n\n".join(_paragraphs(one))
            yield "CI", child_text(one, "CopyrightInformation")
    for one in children(article, "Language"):
        yield "LA", text(one)
    for one in (
        *children(child(article, "PublicationTypeList"), "PublicationType"),
        *children(article, "PublicationType"),
    ):
        yield "PT", text(one)


def _paragraphs(element: etree._Element) -> Iterator[str]:
    for one in children(element, "AbstractText"):
        said = abstract(one)
        label = attribute(one, "Label")
        if label and label != "UNLABELLED":
            yield f"{label}: {said}"
        elif said:
            yield said


def _subjects(citation: etree._Element | None) -> Iterator[tuple[str, str]]:
    for heading in children(child(citation, "MeshHeadingList"), "MeshHeading"):
        yield "MH", child_text(heading, "DescriptorName")
    for listed in children(citation, "KeywordList"):
        for one in children(listed, "Keyword"):
            yield "OT", text(one)


def _comment(one: etree._Element) -> tuple[str, str]:
    kind = attribute(one, "RefType")
    pmid = child_text(one, "PMID")
    source = child_text(one, "RefSource")
    return _COMMENTS.get(kind, kind or "CommentsCorrections"), " ".join(
        filter(None, (source, f"PMID: {pmid}" if pmid else ""))
    )


def _history(data: etree._Element | None) -> Iterator[tuple[str, str]]:
    for one in children(child(data, "History"), "PubMedPubDate"):
        if attribute(one, "PubStatus") == "received":
            day = _numbers(one)
            if len(day) == 8 and day.isdecimal():
                yield "PHST", f"{day[:4]}/{day[4:6]}/{day[6:]} [received]"


# What the tags do not tell apart


def _of_bookshelf(document: etree._Element, fields: dict[str, Any]) -> None:
    for one in children(child(document, "ArticleIdList"), "ArticleId"):
        if attribute(one, "IdType") == "bookaccession" and text(one):
            fields.setdefault("call_number", text(one))
            fields.setdefault("URL", f"https://www.ncbi.nlm.nih.gov/books/{text(one)}/")
    label = next(
        (one for one in children(document, "LocationLabel") if attribute(one, "Type") == "chapter"),
        None,
    )
    if label is not None and fields.get("type") == "chapter":
        fields.setdefault("chapter_number", text(label).removeprefix("Chapter").strip())


def _journal(
    record: etree._Element, fields: dict[str, Any], guessed: set[str], verbatim: dict[str, str]
) -> None:
    """NLM writes the title of a journal as a sentence, with its place behind it.

    English ones get back the capitals that they have on the journal; that is a guess.
    """
    title = fields.get("container_title")
    if title is None or child(record, "MedlineCitation") is None:
        return
    place = _PLACE.search(title)
    bare = title[: place.start()] if place is not None else title
    if place is not None:
        fields.setdefault("publisher_place", place.group(1))
    bare = bare.replace(" : ", ": ")
    if fields.get("language") == "eng" and not _CAPITALS_INSIDE.search(bare):
        bare = _in_capitals(bare)
    if bare != title:
        fields["container_title"] = bare
        verbatim["container_title"] = title
        guessed.add("container_title")


def _in_capitals(title: str) -> str:
    words = title.split(" ")
    return " ".join(
        word
        if word in _SMALL and 0 < place < len(words) - 1 and not words[place - 1].endswith(":")
        else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def _preprint(record: etree._Element, fields: dict[str, Any]) -> None:
    """The server stands where journals do; the number on it is the publisher's."""
    server = fields.pop("container_title", None)
    if server is not None:
        fields.setdefault("publisher", server)
    fields.pop("container_title_short", None)
    for one in descendants(record, "ELocationID"):
        if attribute(one, "EIdType") == "pii":
            fields.setdefault("number", text(one))
            if fields.get("page") == text(one):
                del fields["page"]


def _without_full_stop(title: str) -> str:
    """NLM ends every title with a full stop; the three of an ellipsis are the title's own."""
    if title.endswith(".") and not title.endswith(".."):
        return title[:-1]
    return title[:-2] + "]" if title.endswith(".]") else title


def _more(record: etree._Element) -> Iterator[Extra]:
    """What is said of the work and has neither field nor tag, each a line."""
    citation = child(record, "MedlineCitation")
    for name, value in _lines(record, citation):
        if value:
            yield Extra(FORMAT, name, value)


def _rest(record: etree._Element, fields: dict[str, Any]) -> Iterator[Extra]:
    """What nothing above has read: a second volume, gene symbols, numbers of institutions."""
    words = words_said(fields)
    for part in record:
        for one in part:
            for leaf in unsaid(one, words, _LEFT_OUT):
                around = leaf.element.getparent()
                if around is None or attribute(around, "RefType") != "Cites":
                    yield Extra(FORMAT, leaf.path, leaf.text)


def _lines(record: etree._Element, citation: etree._Element | None) -> Iterator[tuple[str, str]]:
    headings = children(child(citation, "MeshHeadingList"), "MeshHeading")
    yield "MeshHeadingList", "; ".join(_heading(one) for one in headings)
    for name in ("Grant", "Chemical", "DataBank", "Investigator", "PersonalNameSubject"):
        yield (
            f"{name}List",
            "; ".join(
                ", ".join(filter(None, (text(part) for part in one)))
                for one in descendants(record, name)
            ),
        )
    info = child(citation, "MedlineJournalInfo")
    for name in ("Country", "NlmUniqueID", "ISSNLinking"):
        yield name, child_text(info, name)
    for name in ("CoiStatement", "GeneralNote", "OtherID", "SpaceFlightMission", "CitationSubset"):
        for one in children(citation, name):
            yield name, text(one)
    document = child(record, "BookDocument")
    yield "ContributionDate", _date(child(document, "ContributionDate"))
    for found in children(document, "Sections"):
        yield "Sections", "; ".join(marked(one) for one in descendants(found, "SectionTitle"))
    for name in ("Medium", "ReportNumber", "BeginningDate", "EndingDate"):
        for one in children(child(document, "Book"), name):
            yield local_name(one), text(one)


def _heading(heading: etree._Element) -> str:
    """`Carrier Proteins/*genetics`, as MEDLINE writes it."""
    parts = children(heading, "DescriptorName", "QualifierName")
    return "/".join(
        ("*" if attribute(one, "MajorTopicYN") == "Y" else "") + text(one) for one in parts
    )
