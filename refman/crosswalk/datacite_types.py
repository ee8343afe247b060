"""DataCite's types of resource, and the types of CSL 1.0.2 that they are here.

The general type is one of a list (DataCite Metadata Schema 4.6, `resourceTypeGeneral`); beside it
stands free text. `Text`, the general type of half of all texts, says nearly nothing, and what
DataCite makes of it for CSL is always an article in a journal: then the free text, and what the
work appeared in, decide, which is a guess.
"""

from __future__ import annotations

from typing import NamedTuple

from refman.model.vocabulary import CSL_TYPES
from refman.text.titles import fold

_GENERAL = {
    "audiovisual": "motion_picture",
    "book": "book",
    "bookchapter": "chapter",
    "computationalnotebook": "software",
    "conferencepaper": "paper-conference",
    "conferenceproceeding": "book",
    "datapaper": "article-journal",
    "dataset": "dataset",
    "dissertation": "thesis",
    "event": "event",
    "image": "graphic",
    "journal": "periodical",
    "journalarticle": "article-journal",
    "peerreview": "review",
    "poster": "speech",
    "preprint": "article",
    "presentation": "speech",
    "report": "report",
    "software": "software",
    "sound": "song",
    "standard": "standard",
}
_EXACT = frozenset(
    (
        "book", "bookchapter", "conferencepaper", "dataset", "dissertation", "journal",
        "journalarticle", "peerreview", "preprint", "report", "software", "standard", "text",
    )
)  # fmt: skip
"""General types of which the CSL type says all."""

_WORDS = (
    # The first whose words are all in the free text.
    ("poster", "speech"),
    ("presentation", "speech"),
    ("talk", "speech"),
    ("slides", "speech"),
    ("lecture", "speech"),
    ("conference paper", "paper-conference"),
    ("conferencepaper", "paper-conference"),
    ("conference contribution", "paper-conference"),
    ("conference proceedings", "paper-conference"),
    ("thesis", "thesis"),
    ("theses", "thesis"),
    ("dissertation", "thesis"),
    ("doctoralthesis", "thesis"),
    ("masterthesis", "thesis"),
    ("preprint", "article"),
    ("working paper", "report"),
    ("technical report", "report"),
    ("report", "report"),
    ("book chapter", "chapter"),
    ("book section", "chapter"),
    ("chapter", "chapter"),
    ("book review", "review-book"),
    ("book", "book"),
    ("monograph", "book"),
    ("journal article", "article-journal"),
    ("journalarticle", "article-journal"),
    ("research article", "article-journal"),
    ("journal contribution", "article-journal"),
    ("zeitschriftenartikel", "article-journal"),
    ("blog", "post-weblog"),
    ("blogpost", "post-weblog"),
    ("standard", "standard"),
    ("patent", "patent"),
    ("interview", "interview"),
    ("software", "software"),
    ("dataset", "dataset"),
)
_SAYS_NOTHING = frozenset(
    (
        "", "article", "book", "book chapter", "chapter", "data set", "dataset", "document",
        "electronic resource", "image", "journal article", "journalarticle", "other", "preprint",
        "report", "software", "standard", "text", "thesis", "dissertation",
    )
)  # fmt: skip
_LONGEST = 200


class Kind(NamedTuple):
    """A CSL type, the genre beside it, and how sure they are."""

    type: str
    genre: str | None = None
    guessed: bool = False
    exact: bool = True
    """Whether type and genre say all that DataCite's types do."""


def kind_of(general: str | None, free: str | None, citeproc: str | None, in_journal: bool) -> Kind:
    """The type of a resource from `resourceTypeGeneral`, `resourceType` and `citeproc`.

    `in_journal` says that the record names a journal with a volume, an issue or pages.
    """
    words = fold(free[:_LONGEST]) if free else ""
    genre = None if words in _SAYS_NOTHING or words == fold(general or "") else free
    name = (general or "").replace(" ", "").lower()
    known = _GENERAL.get(name)
    if known is not None:
        if name == "preprint":
            genre = genre or "Preprint"
        elif name in ("poster", "presentation") and genre is None:
            genre = general
        return Kind(known, genre, exact=name in _EXACT or genre is not None)
    said = _from_words(words)
    if name == "text":
        found = said or ("article-journal" if in_journal else None) or _specific(citeproc)
        return Kind(found or "document", genre, guessed=True)
    if name:
        # A collection, an instrument, a project: CSL has nothing of the kind.
        return Kind("document", genre or general, exact=False)
    found = said or ("article-journal" if in_journal else None) or _specific(citeproc)
    return Kind(found or "document", genre, guessed=True, exact=found is not None)


def _from_words(words: str) -> str | None:
    there = set(words.split())
    return next((kind for phrase, kind in _WORDS if there.issuperset(phrase.split())), None)


def _specific(citeproc: str | None) -> str | None:
    """DataCite's own choice for CSL, unless it is what it gives everything."""
    if citeproc in (None, "article", "article-journal"):
        return None
    return citeproc if citeproc in CSL_TYPES else None
