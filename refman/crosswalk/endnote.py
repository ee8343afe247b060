"""EndNote XML and descriptions, both ways.

The elements are those of EndNote's document type definition (`RSXML.dtd`), their meaning by type is
that of EndNote's table of reference types, as Zotero reads it. `docs/formats/endnote-xml.md` has
the whole table; here it stands in `refman.crosswalk.endnote_fields`.

What has no field stays as `Extra("endnote-xml", element, value)` and is written back.
"""

from __future__ import annotations

from refman.crosswalk.endnote_fields import FORMAT
from refman.crosswalk.endnote_reading import description_from_record
from refman.crosswalk.endnote_writing import WrittenEndnote, record_from_description

__all__ = [
    "FORMAT",
    "WrittenEndnote",
    "description_from_record",
    "record_from_description",
]
