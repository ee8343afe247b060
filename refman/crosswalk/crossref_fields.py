"""The fields of a Crossref work record, by what becomes of them.

Together with the fields that are kept aside whole (any other) they are all that a record can have.
"""

from __future__ import annotations

ADMINISTRATIVE = frozenset(
    (
        "content-created", "content-domain", "content-updated", "created", "deposited", "indexed",
        "isbn-type", "issn-type", "member", "prefix", "published", "reference", "reference-count",
        "score", "source", "update-policy",
    )
)  # fmt: skip
"""Fields that stay in the raw payload only: they concern the deposit, repeat what is mapped, or are
the list of references."""

MAPPED = frozenset(
    (
        "DOI", "ISBN", "ISSN", "URL", "abstract", "approved", "article-number", "author", "chair",
        "container-title", "container-title-short", "contributor", "degree", "edition-number",
        "editor", "event", "group-title", "institution", "issue", "issued", "journal-issue",
        "language", "license", "original-title", "page", "part-number", "posted",
        "published-online", "published-other", "published-print", "publisher",
        "publisher-location", "relation", "review", "short-container-title", "short-title",
        "standards-body", "subject", "subtitle", "subtype", "title", "translator", "type",
        "update-to", "updated-by", "version", "volume",
    )
)  # fmt: skip
"""Fields that go into fields of `Description`; those that say more than fits go to `extra` too."""
