"""RIS and descriptions, both ways.

The tags are those of the RIS Format Specifications (Research Information Systems, 2001; EndNote's
list of 2011) and what Scopus, Web of Science, PubMed, EBSCO, Zotero, Mendeley and others make of
them. `docs/formats/ris.md` has the whole table; here it stands as

- `refman.crosswalk.ris_kinds`: the tags that are one field, by type, both ways;
- `description_from_tags`: all tags on the way in, by `refman.crosswalk.ris_reading` and
  `ris_numbers`, after `ris_dialects` has put what programs make of RIS in plain RIS;
- `tags_from_description`: the same on the way out, by `refman.crosswalk.ris_writing`.

What has no field stays as `Extra("ris", tag, value)` and is written back.
"""

from __future__ import annotations

from refman.crosswalk.ris_kinds import FORMAT
from refman.crosswalk.ris_reading import ReadRis, description_from_tags
from refman.crosswalk.ris_types import csl_type, ris_type
from refman.crosswalk.ris_writing import WrittenRis, tags_from_description

__all__ = [
    "FORMAT",
    "ReadRis",
    "WrittenRis",
    "csl_type",
    "description_from_tags",
    "ris_type",
    "tags_from_description",
]
