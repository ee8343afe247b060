"""What the `meta` elements of web pages say of a work, by their names.

Highwire Press's tags (as Google Scholar's guidelines list them, and what journals add), those of
bepress and EPrints, PRISM, Dublin Core (`DC.`, `dcterms.`, with the qualifiers of OJS and DSpace)
and, where nothing else speaks, the Open Graph. A name's role is a field of `Description` or, as in
`refman.crosswalk.page_reading`, one of the words for what takes more than one statement.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Vocabulary(IntEnum):
    """Who speaks, in the order in which they are believed."""

    HIGHWIRE = 0
    BEPRESS = 1
    EPRINTS = 2
    PRISM = 3
    DUBLIN_CORE = 4
    SCHEMA_ORG = 5
    OPEN_URL = 6
    OPEN_GRAPH = 9


_HIGHWIRE = """
title                 title
author                author; authors
author_institution    author_institution; author_affiliation; author_inst
author_orcid          author_orcid
editor                editor; editors
issued                publication_date; date; cover_date
year                  year
published_online      online_date; epub_date; early_access_date
container_title       journal_title; journal; inbook_title; book_title; publication_title
conference            conference_title; conference; conference_name
container_title_short journal_abbrev; journal_abbreviation
volume                volume
issue                 issue
page_first            firstpage; first_page; startpage
page_last             lastpage; last_page; endpage
page                  pages; page_range
number                article_number; elocation_id; eid
DOI                   doi
ISSN                  issn; eissn; issn_online; issn_print
ISBN                  isbn; eisbn
PMID                  pmid
PMCID                 pmcid; pmc_id
arXiv                 arxiv_id; arxiv
keyword               keywords; keyword
abstract              abstract; description
language              language
publisher             publisher
thesis_institution    dissertation_institution; thesis_institution
genre                 dissertation_name
report_institution    technical_report_institution
report_number         technical_report_number
collection_title      series_title; book_series_title
edition               edition
page_address          abstract_html_url; public_url
full_address          fulltext_html_url
pdf_address           pdf_url
type                  article_type; type; publication_type
"""
_DUBLIN_CORE = """
title                 title
title_other           title.alternative; alternative
author                creator; creator.personalname; contributor.author; creator.author
editor                contributor.editor
contributor           contributor
issued                date; date.issued; issued; date.published; created
container_title       relation.ispartof; ispartof; source.title; publicationname
other_source          source; bibliographiccitation; identifier.citation
volume                source.volume; citation.volume; volume
issue                 source.issue; citation.issue; issue
page                  identifier.pagenumber; format.pages; citation.pages
page_first            citation.spage; citation.firstpage
page_last             citation.epage; citation.lastpage
DOI                   identifier.doi; doi; relation.doi
ISSN                  source.issn; identifier.issn; relation.issn
ISBN                  identifier.isbn
identifier            identifier; identifier.uri; identifier.url; source.uri; relation.uri
keyword               subject; subject.keyword; subject.other
abstract              description; abstract; description.abstract
language              language; language.iso
publisher             publisher
type                  type; type.articletype
license               rights.license; license; rights.uri
"""
_PRISM = """
container_title       publicationname
issued                publicationdate; coverdate
volume                volume
issue                 number; issueidentifier
section_name          section
page_first            startingpage
page_last             endingpage
page                  pagerange
ISSN                  issn; eissn
ISBN                  isbn
DOI                   doi
page_address          url
keyword               keyword
"""
_EPRINTS = """
title                 title
author                creators_name
editor                editors_name
type                  type
issued                date
container_title       publication; book_title
event_title           event_title
volume                volume
issue                 number
page                  pagerange
ISSN                  issn
ISBN                  isbn
publisher             publisher
publisher_place       place_of_pub
abstract              abstract
keyword               keywords
DOI                   doi; id_number
page_address          official_url
thesis_institution    institution
genre                 thesis_type
number_of_pages       pages
pdf_address           document_url
"""
_OPEN_GRAPH = """
title                 og:title
address_here          og:url
summary               og:description
source                og:site_name
issued                article:published_time; og:publish_date
author                article:author; book:author
ISBN                  book:isbn
keyword               article:tag; book:tag
graph_type            og:type
"""

IGNORED = frozenset(
    (
        "reference", "author_email", "author_hal_id", "fulltext_world_readable", "springer_api_url",
        "xml_url", "pdf_size", "rightsagent", "format", "copyright", "rights", "coverage", "access",
        "mjid", "collection_id", "section", "headline_image", "funding_source", "image",
        "fulltext_html_url_size", "robots",
    )
)  # fmt: skip
"""Names that say nothing of the work itself: the works that it cites, the page's machinery."""


def _table(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        role, _, names = line.partition(" ")
        found.update({name.strip(): role for name in names.split(";")})
    return found


_TABLES = {
    Vocabulary.HIGHWIRE: _table(_HIGHWIRE),
    Vocabulary.BEPRESS: _table(_HIGHWIRE),
    Vocabulary.EPRINTS: _table(_EPRINTS),
    Vocabulary.PRISM: _table(_PRISM),
    Vocabulary.DUBLIN_CORE: _table(_DUBLIN_CORE),
}
_PREFIXES = (
    ("citation_", Vocabulary.HIGHWIRE),
    ("bepress_citation_", Vocabulary.BEPRESS),
    ("wkhealth_", Vocabulary.BEPRESS),
    ("eprints.", Vocabulary.EPRINTS),
    ("prism.", Vocabulary.PRISM),
    ("prism:", Vocabulary.PRISM),
    ("dc.terms.", Vocabulary.DUBLIN_CORE),
    ("dc.", Vocabulary.DUBLIN_CORE),
    ("dcterms.", Vocabulary.DUBLIN_CORE),
    ("dc:", Vocabulary.DUBLIN_CORE),
    ("dcterms:", Vocabulary.DUBLIN_CORE),
    ("dcterm.", Vocabulary.DUBLIN_CORE),
)
_GRAPH = _table(_OPEN_GRAPH)


class Meant(NamedTuple):
    """Whose name it is and what it means; no role where it is unknown to us."""

    vocabulary: Vocabulary
    role: str | None


def meaning_of(name: str) -> Meant | None:
    """What a `meta` element of this name, in lower case, says; None where it is not of a work."""
    for prefix, vocabulary in _PREFIXES:
        if name.startswith(prefix):
            local = name[len(prefix) :]
            return None if local in IGNORED else Meant(vocabulary, _TABLES[vocabulary].get(local))
    role = _GRAPH.get(name)
    return None if role is None else Meant(Vocabulary.OPEN_GRAPH, role)
