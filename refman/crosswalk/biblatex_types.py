"""biblatex's data model: which fields its entry types have, and which they cannot do without.

From the default data model of biber (`biber-tool.conf`, biblatex manual 2.1 and 2.2), which
`biber --validate-datamodel` holds an entry to. Types that this model knows by name only (`movie`,
`standard`, …) allow no title even, so they are no types to write.
"""

from __future__ import annotations

from collections.abc import Collection

from refman.crosswalk.bibtex_types import (
    TOLD_BY_CSL,
    EntryType,
    csl_type,
    subtype_of,
)
from refman.model import Description
from refman.model.vocabulary import CSL_TYPES

ANY = frozenset(
    (
        "abstract annotation authortype bookpagination crossref date doi eprint eprintclass "
        "eprinttype entryset entrysubtype execute file gender ids indextitle indexsorttitle isan "
        "ismn iswc keywords label langid langidopts library lista listb listc listd liste listf "
        "month namea nameb namec nameatype namebtype namectype nameaddon options origdate "
        "origlocation origpublisher origtitle pagination presort related relatedoptions "
        "relatedstring relatedtype shortauthor shorteditor shorthand shorthandintro shortjournal "
        "shortseries shorttitle sortkey sortname sortshorthand sorttitle sortyear url urldate "
        "usera userb userc userd usere userf verba verbb verbc xdata xref year"
    ).split()
)
"""Fields of every type."""

_COMMON = "addendum author language note pubstate subtitle title titleaddon"
_EDITORS = "editor editora editorb editorc editortype editoratype editorbtype editorctype"
_ROLES = "afterword annotator commentator foreword introduction"
_MAIN = "maintitle mainsubtitle maintitleaddon"
_BOOKTITLE = "booktitle booksubtitle booktitleaddon"
_ISSUE = "issue issuetitle issuesubtitle issuetitleaddon"
_EVENT = "eventtitle eventtitleaddon eventdate venue"
_BOOK = f"{_COMMON} {_EDITORS} {_ROLES} edition isbn location number origlanguage publisher series \
    translator volume volumes"
_PLACED = "chapter eid pages part"

_FIELDS = {
    "article": f"{_COMMON} {_EDITORS} {_ISSUE} annotator commentator eid issn journaltitle \
        journalsubtitle journaltitleaddon number origlanguage pages series translator version \
        volume",
    "book": f"{_BOOK} {_MAIN} {_PLACED} pagetotal",
    "mvbook": f"{_BOOK} pagetotal",
    "inbook": f"{_BOOK} {_MAIN} {_BOOKTITLE} {_PLACED} bookauthor",
    "booklet": f"{_COMMON} chapter editor editortype eid howpublished location pages pagetotal \
        type",
    "collection": f"{_BOOK} {_MAIN} {_PLACED} pagetotal".replace(" author ", " "),
    "mvcollection": _BOOK.replace(" series ", " "),
    "incollection": f"{_BOOK} {_MAIN} {_BOOKTITLE} {_PLACED}",
    "dataset": f"{_COMMON} edition editor editortype location number organization publisher \
        series type version",
    "manual": f"{_COMMON} chapter edition editor editortype eid isbn location number \
        organization pages pagetotal publisher series type version",
    "misc": f"{_COMMON} editor editortype howpublished location organization type version",
    "online": f"{_COMMON} editor editortype organization version",
    "patent": f"{_COMMON} holder location number type version".replace(" language ", " "),
    "periodical": f"{_COMMON} {_EDITORS} {_ISSUE} issn number series volume".replace(
        " author ", " "
    ),
    "mvproceedings": f"{_COMMON} {_EVENT} editor editortype isbn location number organization \
        pagetotal publisher series volumes".replace(" author ", " "),
    "proceedings": f"{_COMMON} {_EVENT} {_MAIN} {_PLACED} editor editortype isbn location number \
        organization pagetotal publisher series volume volumes".replace(" author ", " "),
    "inproceedings": f"{_COMMON} {_EVENT} {_MAIN} {_BOOKTITLE} {_PLACED} editor editortype isbn \
        location number organization publisher series volume volumes",
    "report": f"{_COMMON} chapter eid institution isrn location number pages pagetotal type \
        version",
    "thesis": f"{_COMMON} chapter eid institution location pages pagetotal type",
    "unpublished": f"{_COMMON} {_EVENT} howpublished location type",
}
_SAME = {
    "bookinbook": "inbook",
    "suppbook": "inbook",
    "reference": "collection",
    "mvreference": "mvcollection",
    "suppcollection": "incollection",
    "inreference": "incollection",
    "software": "misc",
}
FIELDS = {name: ANY | frozenset(fields.split()) for name, fields in _FIELDS.items()}
FIELDS |= {name: FIELDS[other] for name, other in _SAME.items()}
"""The fields that each type may have."""

_MANDATORY: dict[str, tuple[str, ...]] = {
    "article": ("author", "container_title"),
    "book": ("author",),
    "mvbook": ("author",),
    "inbook": ("author", "container_title"),
    "booklet": ("author editor",),
    "collection": ("editor",),
    "mvcollection": ("editor",),
    "incollection": ("author", "editor", "container_title"),
    "inproceedings": ("author", "container_title"),
    "online": ("URL DOI arXiv",),
    "patent": ("author", "number"),
    "periodical": ("editor",),
    "report": ("author", "publisher"),
    "thesis": ("author", "publisher"),
    "unpublished": ("author",),
}
"""The variables, one of those in each text, without which a type is not complete.

A title every type must have, and most a date; the writer supplies those.
"""

_USUAL = {
    "article": ("online",),
    "article-journal": ("article",),
    "article-magazine": ("article",),
    "article-newspaper": ("article",),
    "book": ("book", "collection", "manual"),
    "chapter": ("incollection", "inbook"),
    "dataset": ("dataset",),
    "entry": ("incollection", "inbook"),
    "entry-dictionary": ("inreference", "inbook"),
    "entry-encyclopedia": ("inreference", "inbook"),
    "manuscript": ("unpublished",),
    "pamphlet": ("booklet",),
    "paper-conference": ("inproceedings",),
    "patent": ("patent",),
    "periodical": ("periodical",),
    "post": ("online",),
    "post-weblog": ("online",),
    "report": ("report",),
    "review": ("article",),
    "review-book": ("article",),
    "software": ("software",),
    "speech": ("unpublished",),
    "thesis": ("thesis",),
    "webpage": ("online",),
}
"""The entry types of a CSL type, the likeliest first; `misc` serves where none is complete."""

NEED_NO_DATE = frozenset(("dataset", "software", "mvproceedings"))


def biblatex_type(
    description: Description, kept: str | None, left_out: Collection[str] = ()
) -> EntryType:
    """The type to write a work as, such that biber has nothing to warn of.

    `kept` is the entry type the work was imported with, where its CSL type does not tell it. Where
    the type that is written does not tell it either, `entrytype` says it. Variables that were
    `left_out` of the description by a user are not missed.
    """
    wanted = description.type if description.type in CSL_TYPES else "document"
    is_arxiv = description.arXiv is not None
    usual = _USUAL.get(wanted, ())
    choices = [kept] if kept in FIELDS and csl_type(kept) == wanted else []
    choices += [name for name in usual if name not in choices]
    name = next(
        (choice for choice in choices if _is_complete(choice, description, left_out)), "misc"
    )
    read_back = csl_type(name, is_arxiv=is_arxiv)
    told = kept
    if kept == name:
        told = None
    elif kept is None and name not in TOLD_BY_CSL:
        told = next((choice for choice in usual if choice in TOLD_BY_CSL), "misc")
    return EntryType(
        name,
        None if read_back == wanted else subtype_of(name, wanted),
        told,
        choices[0] if choices and name == "misc" else None,
    )


def _is_complete(name: str, description: Description, left_out: Collection[str]) -> bool:
    return all(
        any(variable in left_out or getattr(description, variable) for variable in either.split())
        for either in _MANDATORY.get(_SAME.get(name, name), ())
    )
