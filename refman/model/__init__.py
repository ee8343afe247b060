"""The types that all of refman speaks in: what a source said, and what we believe.

Pure, immutable and without dependencies. The vocabulary is that of CSL 1.0.2.
"""

from refman.model.date import Date
from refman.model.description import (
    DATE_FIELDS,
    FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Description,
    Extra,
    Relation,
    Update,
    stated,
    without,
)
from refman.model.name import Name
from refman.model.record import Origin, OriginKind, Record, RecordState
from refman.model.work import EnrichmentStatus, Work

__all__ = [
    "DATE_FIELDS",
    "FIELDS",
    "LIST_FIELDS",
    "NAME_FIELDS",
    "TEXT_FIELDS",
    "Date",
    "Description",
    "EnrichmentStatus",
    "Extra",
    "Name",
    "Origin",
    "OriginKind",
    "Record",
    "RecordState",
    "Relation",
    "Update",
    "Work",
    "stated",
    "without",
]
