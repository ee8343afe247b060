"""What programs write in RIS that is not meant as its tags say, put as it is meant.

ProCite has more fields than RIS has tags, and writes the others as notes: `Edition: 2nd`,
`Author, Subsidiary: Jane Doe`. Its `Record ID` (or `Record Number`) tells it, or several such
notes. Citavi has any number
of libraries and call numbers, in pairs of `H1` and `H2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from refman.crosswalk.ris_kinds import CONFERENCE, fields_by_tag

Tags = dict[str, Sequence[str]]

_LABELLED = re.compile(r"([A-Z][A-Za-z, ]{2,30}):\s{0,4}(.{1,500})", re.DOTALL)
_RECORD = ("Record ID", "Record Number")
_AUTHORS = ("Author, Monographic", "Author, Subsidiary")
_FIELDS = {
    "Call Number": "call_number",
    "Edition": "edition",
    "Histroy": "references",  # Sic: so ProCite spells it.
    "History": "references",
    "Issue ID": "issue",
    "Issue Identification": "issue",
    "Language": "language",
    "Place of Publication": "publisher_place",
    "Proceedings Title": "container_title",
    "Publisher Name": "publisher",
    "Scale": "scale",
    "Series Title": "collection_title",
    "Series Volume ID": "collection_number",
    "Size": "dimensions",
    "Volume ID": "volume",
}
_SIGNS = (
    *_RECORD,
    *_AUTHORS,
    *_FIELDS,
    "Connective Phrase",
    "Medium Designator",
    "Packaging Method",
)
_ONLY_OF = {
    "collection_title": ("article-journal", "book", "chapter", "paper-conference", "thesis"),
    "collection_number": ("book", "chapter"),
    "dimensions": ("graphic", "figure"),
}
"""Fields that such notes give to some types only; of others they stay notes."""
_EXTENT = re.compile(r"(\d{1,6})\s?(pages?|pp?|pgs?|vols?|volumes?)\.?", re.IGNORECASE)
_RENAMED = {
    "CHAP": {"VL": "ET"},
    "BOOK": {"VL": "ET", "IS": "VL"},
    "COMP": {"IS": "ET"},
    "BILL": {"CY": "T2", "VL": "M1", "SP": "SE"},
    "ART": {"M1": "M3"},
}
"""Tags under which ProCite writes other fields than RIS has there, by `TY`."""


def in_plain_ris(tags: Mapping[str, Sequence[str]], ris_type: str, kind: str) -> Tags:
    """The tags of a record as RIS means them; `ris_type` is its `TY`, `kind` its CSL type."""
    plain = dict(tags)
    if "N1" in plain and _is_procite(plain["N1"]):
        _procite(plain, ris_type, kind)
    if "H2" in plain or "H1" in plain:
        _citavi(plain)
    return plain


def _is_procite(notes: Sequence[str]) -> bool:
    if len(notes) < 2:
        return False
    labels = [note.partition(":")[0] for note in notes if note.startswith(_SIGNS)]
    return len(labels) > 2 or not set(_RECORD).isdisjoint(labels)


def _citavi(tags: Tags) -> None:
    if "CN" in tags or "DP" in tags:
        return
    for tag, plain in (("H1", "DP"), ("H2", "CN")):
        values = list(tags.pop(tag, ()))
        if values:
            tags[plain] = values[:1]
        if values[1:]:
            tags[tag] = values[1:]


def _procite(tags: Tags, ris_type: str, kind: str) -> None:
    renamed = _RENAMED.get(ris_type, {})
    moved = {new: tags.pop(tag) for tag, new in renamed.items() if tag in tags}
    for tag, values in moved.items():
        tags[tag] = [*values, *tags.get(tag, ())]
    notes: list[str] = []
    for value in tags.pop("N1"):
        match = _LABELLED.fullmatch(value.strip())
        if match is not None and match[1] == "Notes":
            notes.append(match[2])
        elif match is None or not _take(match[1], match[2].strip(), tags, kind):
            notes.append(value)
    if notes:
        tags["N1"] = notes


def _take(label: str, text: str, tags: Tags, kind: str) -> bool:
    """Whether a labelled note could be put under a tag, or says nothing."""
    if label in _RECORD:
        tags["ID"] = [*tags.get("ID", ()), text]
    elif label == "ISBN":
        tags["SN"] = [*tags.get("SN", ()), text]
    elif label in _AUTHORS:
        _author(text, tags)
    elif label == "Extent of Work":
        return _extent(text, tags, kind)
    elif label in _FIELDS:
        return _field(_FIELDS[label], text, tags, kind)
    else:
        return label == "Connective Phrase" and text.lower() == "in"
    return True


def _author(text: str, tags: Tags) -> None:
    """More authors, given names first, under the first tag for people that is free.

    They stand before those of a series, whose tag may be the same.
    """
    tag = "A1" if "A1" not in tags else "A2" if "A2" not in tags else "A3"
    names = (name.strip() for name in text.split(";"))
    inverted = [
        name if "," in name or " " not in name else ", ".join(reversed(name.rsplit(" ", 1)))
        for name in names
        if name
    ]
    tags[tag] = [*inverted, *tags.get(tag, ())]


def _extent(text: str, tags: Tags, kind: str) -> bool:
    match = _EXTENT.fullmatch(text)
    if match is None:
        return False
    if match[2].lower().startswith("v"):
        return _field("number_of_volumes", match[1], tags, kind)
    if kind not in ("book", "thesis", "manuscript") or "SP" in tags:
        return False
    tags["SP"] = [match[1]]
    return True


def _field(field: str, text: str, tags: Tags, kind: str) -> bool:
    if field == "container_title" and kind == CONFERENCE:
        tag: str | None = "C3"
    elif kind not in _ONLY_OF.get(field, (kind,)):
        tag = None
    else:
        known = fields_by_tag(kind).items()
        tag = next((tag for tag, name in known if name == field), None)
    if tag is None:
        return False
    tags[tag] = [*tags.get(tag, ()), text]
    return True
