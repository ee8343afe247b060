"""The properties that say the same in the ontologies of bibliographies, best first.

`z`, `bib`, `prism`, `dc`, `dcterms`, `foaf` and `vcard` are Zotero's; EPrints, BIBO and schema.org
have their own for most things.
"""

from __future__ import annotations

TITLE = (
    "dc:title", "dcterms:title", "schema:name", "schema:headline", "eprints:title", "foaf:name",
    "og:title", "rdfs:label",
)  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    "title_short": ("z:shortTitle", "bibo:shortTitle"),
    "number_of_pages": ("z:numPages", "bibo:numPages", "schema:numberOfPages", "eprints:pages"),
    "number_of_volumes": ("z:numberOfVolumes", "bibo:numVolumes"),
    "edition": ("prism:edition", "bibo:edition", "schema:bookEdition"),
    "medium": ("dcterms:medium",),
    "license": (
        "prism:copyright", "dc:rights", "dcterms:rights", "dcterms:license", "schema:license",
    ),
    "archive_location": ("dc:coverage", "dcterms:coverage"),
    "language": ("z:language", "dc:language", "dcterms:language", "schema:inLanguage"),
    "source": ("z:libraryCatalog",),
}  # fmt: skip
IN_CONTAINER: dict[str, tuple[str, ...]] = {
    "volume": ("prism:volume", "eprints:volume", "bibo:volume", "schema:volumeNumber"),
    "issue": ("prism:number", "prism:issueIdentifier", "eprints:number", "bibo:issue",
              "schema:issueNumber"),
    "container_title_short": ("dcterms:alternative", "bibo:shortTitle"),
}  # fmt: skip
PUBLICATION = ("prism:publicationName", "dcterms:publicationName", "eprints:publication",
                "eprints:book_title", "dc:source", "dcterms:source", "og:site_name")  # fmt: skip
ISSUED = (
    "eprints:date", "prism:publicationDate", "og:published_time", "dcterms:issued", "dc:date",
    "dcterms:date", "dcterms:created", "schema:datePublished", "schema:dateCreated",
)  # fmt: skip
ABSTRACT = ("dcterms:abstract", "bibo:abstract", "eprints:abstract", "schema:abstract",
             "prism:teaser", "schema:description", "og:description")  # fmt: skip
PART_OF = ("dcterms:isPartOf", "schema:isPartOf", "prism:isPartOf")
ISSN = ("prism:issn", "prism:eIssn", "eprints:issn", "bibo:issn", "bibo:eissn", "schema:issn")
ISBN = ("prism:isbn", "bibo:isbn", "bibo:isbn13", "bibo:isbn10", "eprints:isbn", "schema:isbn")
DOI = ("prism:doi", "bibo:doi", "schema:doi")
PEOPLE = {
    "bib:authors": "author", "bib:editors": "editor", "bib:contributors": "contributor",
    "dc:creator": "author", "dcterms:creator": "author", "schema:author": "author",
    "schema:creator": "author", "schema:editor": "editor", "bibo:editor": "editor",
    "schema:translator": "translator", "bibo:translator": "translator",
    "eprints:creators_name": "author", "eprints:editors_name": "editor",
}  # fmt: skip
KEYWORDS = ("dc:subject", "dcterms:subject", "schema:about", "schema:keywords", "prism:keyword")
CALL_NUMBERS = frozenset(("dcterms:LCC", "dcterms:DDC", "dcterms:UDC"))
URLS = ("eprints:official_url", "schema:url", "og:url", "prism:url", "bibo:uri", "vcard:url",
         "schema:sameAs", "foaf:homepage")  # fmt: skip
PUBLISHER = ("dc:publisher", "dcterms:publisher", "schema:publisher", "eprints:institution")
