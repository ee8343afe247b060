"""The types of nodes in a bibliography in RDF, and CSL's.

The ontologies are Zotero's own, BIB (its base), BIBO, schema.org, PRISM, and the words that EPrints
and Dublin Core have in a `type`.
"""

from __future__ import annotations

from collections.abc import Iterable

from refman.crosswalk.zotero_fields import TYPES
from refman.model.vocabulary import CSL_TYPES

_NODES = {
    "article": "article-journal", "academicarticle": "article-journal",
    "scholarlyarticle": "article-journal", "medicalscholarlyarticle": "article-journal",
    "newsarticle": "article-newspaper", "book": "book", "editedbook": "book",
    "booksection": "chapter", "chapter": "chapter", "thesis": "thesis",
    "letter": "personal_communication",
    "manuscript": "manuscript", "interview": "interview", "report": "report", "patent": "patent",
    "motionpicture": "motion_picture", "film": "motion_picture", "movie": "motion_picture",
    "image": "graphic", "illustration": "graphic", "legislation": "legislation",
    "statute": "legislation", "bill": "bill", "recording": "song", "audiodocument": "song",
    "audiovisualdocument": "motion_picture", "legaldecision": "legal_case",
    "legalcasedocument": "legal_case", "map": "map", "standard": "standard", "webpage": "webpage",
    "website": "webpage", "blogposting": "post-weblog", "dataset": "dataset",
    "softwaresourcecode": "software", "softwareapplication": "software", "email":
    "personal_communication", "proceedings": "book", "conferenceproceedings": "speech",
    "periodical": "periodical", "slideshow": "speech", "data": "software", "memo": "document",
    "attachment": "document",
}  # fmt: skip
_WORDS = {
    "bookitem": "chapter", "bookchapter": "chapter", "book_section": "chapter",
    "conferenceitem": "paper-conference", "conferencepaper": "paper-conference",
    "conferenceposter": "paper-conference", "conference_item": "paper-conference",
    "confpaper": "paper-conference", "journalitem": "article-journal",
    "journalarticle": "article-journal", "submittedjournalarticle": "article-journal",
    "article": "article-journal", "scholarlytext": "article-journal", "text": "article-journal",
    "newsitem": "article-newspaper", "workingpaper": "report", "techreport": "report",
    "authoredbook": "book", "bookedit": "book", "proceedings": "book", "electronicbook": "book",
    "homepage": "webpage", "movingimage": "motion_picture", "stillimage": "graphic",
    "sound": "song", "musicitem": "song", "mu_item": "song", "ad_item": "graphic",
}  # fmt: skip
_OF_CONTAINERS = {
    "journal": "article-journal", "periodical": "article-journal",
    "publicationissue": "article-journal", "publicationvolume": "article-journal",
    "newspaper": "article-newspaper", "magazine": "article-magazine",
    "courtreporter": "legal_case", "blog": "post-weblog", "forum": "post", "website": "webpage",
}  # fmt: skip
_NO_WORKS = frozenset(
    (
        "person", "organization", "collection", "journal", "periodical", "newspaper", "series",
        "publicationissue", "publicationvolume", "part", "conference", "address", "automatictag",
        "courtreporter", "website", "blog", "forum", "magazine", "issue", "tag", "uri", "lcc",
        "ddc", "udc", "ontology", "agent", "event",
    )
)  # fmt: skip
_ONTOLOGIES = ("bib:", "bibo:", "schema:", "z:", "prism:", "foaf:", "dcterms:", "vcard:")


def local(kind: str) -> str:
    """The name of a type without its ontology, in lower case; empty for one not known here."""
    return kind.partition(":")[2].lower() if kind.startswith(_ONTOLOGIES) else ""


def of_words(word: str) -> str | None:
    """The CSL type that a word under `type` or Zotero's `itemType` says."""
    compact = "".join(word.lower().split())
    return (
        TYPES.get(compact)
        or (word if word in CSL_TYPES else None)
        or _WORDS.get(compact)
        or _NODES.get(compact)
    )


def of_nodes(kinds: Iterable[str], containers: Iterable[str]) -> str | None:
    """The CSL type for a node's own types and those of what it is in."""
    around = [name for kind in containers if (name := local(kind)) in _OF_CONTAINERS]
    for kind in kinds:
        name = local(kind)
        if name == "article" and kind.startswith("bib:") and around:
            # Zotero has magazines as periodicals beside journals.
            named = "magazine" if around[0] == "periodical" else around[0]
            return _OF_CONTAINERS[named]
        if name == "document" and around:
            return _OF_CONTAINERS[around[0]]
        found = _NODES.get(name)
        if found is not None:
            return found
    return None


def is_no_work(kinds: Iterable[str]) -> bool:
    """Whether types are those of people, containers and other parts of a description."""
    names = [local(kind) for kind in kinds]
    return bool(names) and all(name in _NO_WORKS for name in names)
