"""Crossref's types of work, and the types of CSL 1.0.2 that they are here.

Crossref's list is open: its schema gains types (blogs and posters in 2026), and what is not in the
table is a `document`, never an error. Posted content says what it is in its subtype.
"""

from __future__ import annotations

from refman.model.vocabulary import CSL_TYPES

_TYPES = {
    "book": "book",
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "book-series": "book",
    "book-set": "book",
    "book-track": "chapter",
    "component": "dataset",
    "database": "dataset",
    "dataset": "dataset",
    "dissertation": "thesis",
    "edited-book": "book",
    "grant": "document",
    "journal": "periodical",
    "journal-article": "article-journal",
    "journal-issue": "periodical",
    "journal-volume": "periodical",
    "monograph": "book",
    "other": "document",
    "peer-review": "review",
    "posted-content": "article",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "proceedings-series": "book",
    "reference-book": "book",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "report-component": "report",
    "report-series": "report",
    "standard": "standard",
    "standard-series": "standard",
}

_SUBTYPES = {
    "blog": "post-weblog",
    "dissertation": "thesis",
    "report": "report",
    "review": "review",
}
"""Of posted content; preprints, working papers, letters and all others are CSL's `article`."""


def csl_type(kind: object, subtype: object = None) -> str:
    """The CSL type of a work with Crossref's `type` and `subtype`; `document` where unknown.

    A type that is CSL's already stays: content negotiation gives some records in that form.
    """
    name = kind.strip().lower() if isinstance(kind, str) else ""
    if name == "posted-content" and isinstance(subtype, str):
        return _SUBTYPES.get(subtype.strip().lower(), "article")
    known = _TYPES.get(name)
    if known is not None:
        return known
    return name if name in CSL_TYPES else "document"


_EXACT = frozenset(
    (
        "book", "book-chapter", "dataset", "dissertation", "journal-article", "other",
        "peer-review", "posted-content", "proceedings-article", "reference-entry", "report",
        "standard",
    )
)  # fmt: skip


def is_exact(kind: object) -> bool:
    """Whether the CSL type says all that Crossref's type does: `monograph` is more than `book`."""
    return isinstance(kind, str) and (kind in _EXACT or kind in CSL_TYPES)
