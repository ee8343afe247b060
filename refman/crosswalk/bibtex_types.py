"""BibTeX and biblatex entry types, and the CSL types they stand for, both ways.

Sources: `btxdoc` (Patashnik 1988) for the fourteen classic types, the biblatex manual (section
2.1) for the rest, and the CSL 1.0.2 appendix for the other side.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from refman.model import Description
from refman.model.vocabulary import CSL_TYPES

CSL_BY_ENTRY_TYPE = {
    # The classic types.
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "conference": "paper-conference",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "book",
    "mastersthesis": "thesis",
    "misc": "document",
    "phdthesis": "thesis",
    "proceedings": "book",
    "techreport": "report",
    "unpublished": "manuscript",
    # biblatex's, and those that its styles and converters know.
    "artwork": "graphic",
    "audio": "song",
    "bookinbook": "chapter",
    "collection": "book",
    "dataset": "dataset",
    "electronic": "webpage",
    "image": "graphic",
    "inreference": "entry-encyclopedia",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "letter": "personal_communication",
    "map": "map",
    "movie": "motion_picture",
    "music": "song",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "newspaper": "article-newspaper",
    "online": "webpage",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "presentation": "speech",
    "reference": "book",
    "report": "report",
    "review": "review",
    "software": "software",
    "standard": "standard",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "suppperiodical": "article-journal",
    "thesis": "thesis",
    "video": "motion_picture",
    "www": "webpage",
}

TOLD_BY_CSL = frozenset(CSL_BY_ENTRY_TYPE) - {
    "artwork",
    "bookinbook",
    "collection",
    "image",
    "inbook",
    "manual",
    "music",
    "mvbook",
    "mvcollection",
    "mvproceedings",
    "mvreference",
    "proceedings",
    "reference",
    "suppbook",
    "suppcollection",
    "suppperiodical",
    "video",
}
"""Entry types that the CSL type tells well enough; any other is kept beside it."""

SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
"""biblatex's own values of `entrysubtype`, for `@article`."""
_SUBTYPE_OF = {csl: name for name, csl in SUBTYPES.items()}

_CLASSIC = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "review": "article",
    "review-book": "article",
    "book": "book",
    "pamphlet": "booklet",
    "chapter": "incollection",
    "entry": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "phdthesis",
    "report": "techreport",
    "manuscript": "unpublished",
}

_REQUIRED = {
    "article": ("author", "title", "container_title", "issued"),
    "book": ("title", "issued"),
    "booklet": ("title",),
    "inbook": ("title", "issued"),
    "incollection": ("author", "title", "container_title", "issued"),
    "inproceedings": ("author", "title", "container_title", "issued"),
    "manual": ("title",),
    "mastersthesis": ("author", "title", "issued"),
    "misc": (),
    "phdthesis": ("author", "title", "issued"),
    "proceedings": ("title", "issued"),
    "techreport": ("author", "title", "issued"),
    "unpublished": ("author", "title", "note"),
}
"""What the standard styles ask of each type, without which they warn.

A publisher they ask for too, but a book without one is a book, in every file that people write.
"""

EITHER_AUTHOR_OR_EDITOR = frozenset(("book", "inbook"))
"""Types in which the standard styles do not take both."""
IN_SERIES = frozenset(("book", "inbook", "incollection", "inproceedings", "proceedings"))
"""Types whose number is the series's, and excludes a volume."""
PUBLISHER_FIELD = {
    "mastersthesis": "school",
    "phdthesis": "school",
    "techreport": "institution",
    "manual": "organization",
}
"""Where the publisher goes, if not to `publisher`."""

PLAIN_THESIS = "Thesis"
"""What BibTeX prints for a thesis of which no more is known, if told so in `type`."""
THESIS_GENRES = {"phdthesis": "PhD Thesis", "mastersthesis": "Master's Thesis"}
_MASTER = ("master", "msc", "m.sc", "ma thesis", "m.a.", "magister", "mathesis")


@dataclass(frozen=True, slots=True)
class EntryType:
    """How a work is written: its type, and the fields that tell what the type does not."""

    name: str
    entrysubtype: str | None = None
    entrytype: str | None = None
    incomplete: str | None = None
    """The type it would have if nothing were missing that the standard styles ask for."""


def csl_type(entry_type: str, subtype: str | None = None, *, is_arxiv: bool = False) -> str:
    """The CSL type of an entry. A preprint is an `@misc` or `@online` with an arXiv number."""
    if subtype in SUBTYPES and entry_type == "article":
        return SUBTYPES[subtype]
    if subtype in CSL_TYPES:
        return subtype
    if is_arxiv and entry_type in ("misc", "online"):
        return "article"
    return CSL_BY_ENTRY_TYPE.get(entry_type, "document")


def thesis_type(genre: str | None) -> str:
    """Which of the two theses a genre means."""
    lower = (genre or "").lower()
    return "mastersthesis" if any(word in lower for word in _MASTER) else "phdthesis"


def classic_type(
    description: Description, kept: str | None, left_out: Collection[str] = ()
) -> EntryType:
    """The classic type to write a work as, such that the standard styles have nothing to warn of.

    `kept` is the entry type the work was imported with, where its CSL type does not tell it.
    Variables that were `left_out` of the description by a user are not missed.
    """
    wanted = description.type if description.type in CSL_TYPES else "document"
    choices = []
    if kept in _REQUIRED and csl_type(kept) == wanted:
        choices.append(kept)
    usual = _CLASSIC.get(wanted)
    if usual == "phdthesis":
        usual = thesis_type(description.genre)
    if usual is not None:
        choices.append(usual)
    name = next(
        (choice for choice in choices if _is_complete(choice, description, left_out)), "misc"
    )
    read_back = csl_type(name, is_arxiv=description.arXiv is not None)
    if name in THESIS_GENRES and description.genre is None and kept is None:
        kept = "thesis"
    return EntryType(
        name,
        None if read_back == wanted else subtype_of(name, wanted),
        kept if kept != name else None,
        choices[0] if choices and name not in choices else None,
    )


def subtype_of(name: str, wanted: str) -> str:
    """What to write as `entrysubtype` for a type that its entry type does not tell."""
    return _SUBTYPE_OF.get(wanted, wanted) if name == "article" else wanted


def _is_complete(name: str, description: Description, left_out: Collection[str]) -> bool:
    def has(variable: str) -> bool:
        return variable in left_out or bool(getattr(description, variable))

    if name in EITHER_AUTHOR_OR_EDITOR and not (has("author") or has("editor")):
        return False
    if name == "inbook" and not (has("page") or has("chapter_number")):
        return False
    return all(map(has, _REQUIRED[name]))
