"""The vocabularies of the REST API: record types, parameters, sort fields, selectable fields."""

from __future__ import annotations

TYPES: tuple[tuple[str, str], ...] = (
    ("book-section", "Book Section"),
    ("monograph", "Monograph"),
    ("report-component", "Report Component"),
    ("report", "Report"),
    ("peer-review", "Peer Review"),
    ("book-track", "Book Track"),
    ("journal-article", "Journal Article"),
    ("book-part", "Part"),
    ("other", "Other"),
    ("book", "Book"),
    ("journal-volume", "Journal Volume"),
    ("book-set", "Book Set"),
    ("reference-entry", "Reference Entry"),
    ("proceedings-article", "Proceedings Article"),
    ("journal", "Journal"),
    ("component", "Component"),
    ("book-chapter", "Book Chapter"),
    ("proceedings-series", "Proceedings Series"),
    ("report-series", "Report Series"),
    ("proceedings", "Proceedings"),
    ("database", "Database"),
    ("standard", "Standard"),
    ("standard-series", "Standard Series"),
    ("reference-book", "Reference Book"),
    ("posted-content", "Posted Content"),
    ("journal-issue", "Journal Issue"),
    ("dissertation", "Dissertation"),
    ("grant", "Grant"),
    ("dataset", "Dataset"),
    ("book-series", "Book Series"),
    ("edited-book", "Edited Book"),
)
"""(id, label) of every type of ``/types``."""

_LIST_PARAMS = "query rows offset sample sort order facet filter select cursor mailto"
LIST_PARAMS = frozenset(_LIST_PARAMS.split())

_SORT_FIELDS = (
    "score relevance updated deposited indexed created published published-print published-online"
    " issued is-referenced-by-count references-count"
)
SORT_FIELDS = tuple(_SORT_FIELDS.split())

# What may be selected (as of 2025). Not among them, though sent in full records: language,
# subtype, institution, isbn-type, edition-number.
_SELECT_FIELDS = (
    "DOI ISBN ISSN URL abstract accepted alternative-id approved archive article-number assertion"
    " author chair clinical-trial-number container-title content-created content-domain"
    " contributor created degree deposited editor event funder group-title indexed"
    " is-referenced-by-count issn-type issue issued license link member original-title page posted"
    " prefix published published-online published-print publisher publisher-location reference"
    " references-count relation resource score short-container-title short-title standards-body"
    " subject subtitle title translator type update-policy update-to updated-by volume"
)
SELECT_FIELDS = tuple(_SELECT_FIELDS.split())

FACETS = {
    "affiliation": "author.affiliation.name",
    "archive": "archive",
    "assertion": "assertion.name",
    "container-title": "container-title",
    "funder-doi": "funder.DOI",
    "funder-name": "funder.name",
    "issn": "ISSN",
    "license": "license.URL",
    "orcid": "author.ORCID",
    "published": "issued.date-parts",
    "publisher-name": "publisher",
    "relation-type": "relation",
    "source": "source",
    "type-name": "type",
    "update-type": "update-to.type",
}
"""Facet name -> where its values are in a record."""

QUERY_FIELDS = {
    "affiliation": ("author.affiliation.name",),
    "author": ("author.given", "author.family", "author.name"),
    "bibliographic": (
        "title", "subtitle", "author.given", "author.family", "author.name", "container-title",
        "ISSN", "issued.date-parts", "volume", "issue", "page", "DOI",
    ),
    "chair": ("chair.given", "chair.family", "chair.name"),
    "container-title": ("container-title",),
    "contributor": ("author.family", "editor.family", "chair.family", "translator.family"),
    "degree": ("degree",),
    "description": ("abstract",),
    "editor": ("editor.given", "editor.family", "editor.name"),
    "event-acronym": ("event.acronym",),
    "event-location": ("event.location",),
    "event-name": ("event.name",),
    "event-sponsor": ("event.sponsor",),
    "event-theme": ("event.theme",),
    "funder-name": ("funder.name",),
    "publisher-location": ("publisher-location",),
    "publisher-name": ("publisher",),
    "standards-body-acronym": ("standards-body.acronym",),
    "standards-body-name": ("standards-body.name",),
    "title": ("title", "subtitle"),
    "translator": ("translator.given", "translator.family", "translator.name"),
}  # fmt: skip
"""Field of ``query.FIELD`` -> where its words are in a record."""
