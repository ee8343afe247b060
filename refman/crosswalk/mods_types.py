"""What kind of work a MODS record is about, as CSL types.

Said by `genre` (in the terms of MARC, of DCMI or of Zotero), by `typeOfResource`, by the genre of
the host, by how the host is issued, or by the media type, and tried in that order, as Zotero does.
"""

from __future__ import annotations

from lxml import etree

from refman.crosswalk.zotero_fields import TYPES as ZOTERO_TYPES
from refman.text.xml_elements import attribute, child_text, children, text

_MARC = {
    "book": """
        autobiography|bibliography|biography|book|comic or graphic novel|comic|graphic novel|drama|
        festschrift|fiction|folktale|government publication|handbook|history|hymnal|humor,satire|
        humor|satire|memoir|novel|script|yearbook|essay|catalog|directory|poetry
    """,
    "article-journal": """
        article|journal article|journal|periodical|law report or digest|law report|digest|
        law digest|legal article|academic journal|review|issue
    """,
    "graphic": """
        art reproduction|art original|chart|comic strip|diorama|graphic|kit|microscope slide|model|
        picture|realia|slide|transparency|photograph
    """,
    "paper-conference": "conference publication|conference paper|proceedings article|inproceedings",
    "entry-dictionary": "dictionary",
    "entry-encyclopedia": "encyclopedia",
    "motion_picture": "filmstrip|videorecording|motion picture",
    "map": "globe|map|atlas",
    "legal_case": "legal case and case notes|legal case|case notes",
    "legislation": "legislation",
    "manuscript": "loose-leaf|manuscript",
    "webpage": "online system or service|online system|service|online service|web site|website",
    "patent": "patent",
    "song": "sound|speech",
    "standard": "standard or specification|standard",
    "report": "technical report|report|techreport",
    "article-newspaper": "newspaper|newspaper article",
    "article-magazine": "magazine|magazine article",
    "thesis": "thesis|theses|doctoral thesis|master thesis|dissertation|phdthesis|mastersthesis",
    "personal_communication": "letter|brief",
    "interview": "interview",
    "post-weblog": "blog|blog post",
    "chapter": "book chapter|chapter|book section|inbook|incollection",
    "article": "preprint|working paper",
    "dataset": "dataset|numeric data",
    "software": "computer program",
    "treaty": "treaty",
}
"""MARC's genre terms, and words that repositories write as genres."""

_DCMI = {
    "image": "graphic", "interactiveresource": "webpage", "movingimage": "motion_picture",
    "software": "software", "sound": "song", "stillimage": "graphic", "dataset": "dataset",
}  # fmt: skip

_RESOURCES = {
    "cartographic": "map", "sound recording-musical": "song",
    "sound recording-nonmusical": "song", "sound recording": "song", "still image": "graphic",
    "moving image": "motion_picture", "software, multimedia": "software",
}  # fmt: skip

_OF_MARC = {
    term.strip(): csl for csl, terms in _MARC.items() for term in terms.split("|") if term.strip()
}
_PERIODICAL = frozenset(("continuing", "serial", "integrating resource"))


def mods_type(mods: etree._Element) -> tuple[str, bool]:
    """The CSL type of a record, and whether it says so itself."""
    said = _by_genre(mods)
    if said is not None:
        return said, True
    for element in children(mods, "typeOfResource"):
        kind = _RESOURCES.get(text(element).lower())
        if kind is not None:
            return kind, True
    hosts = [one for one in children(mods, "relatedItem") if attribute(one, "type") == "host"]
    for host in hosts:
        said = _by_genre(host)
        if said is not None:
            return "chapter" if said == "book" else said, True
    return _by_surroundings(mods, hosts), False


def _by_surroundings(mods: etree._Element, hosts: list[etree._Element]) -> str:
    for element in children(mods, "physicalDescription"):
        if any(text(one) == "text/html" for one in children(element, "internetMediaType")):
            return "webpage"
    for host in hosts:
        if _issuance(host) & _PERIODICAL:
            return "article-journal"
    if hosts:
        return "chapter"
    if "monographic" in _issuance(mods) and child_text(mods, "typeOfResource") == "text":
        return "book"
    return "document"


def _issuance(element: etree._Element) -> set[str]:
    return {
        text(one)
        for origin in children(element, "originInfo")
        for one in children(origin, "issuance")
    }


def _by_genre(element: etree._Element) -> str | None:
    genres = [
        (attribute(one, "authority").lower(), text(one)) for one in children(element, "genre")
    ]
    for authority, term in genres:
        # Zotero's own types, which tell more than the terms of MARC beside them.
        if authority == "local" and term.lower() in ZOTERO_TYPES:
            return ZOTERO_TYPES[term.lower()]
    for authorities in (("marcgt", "marc"), ("dct",)):
        for authority, term in genres:
            if authority in authorities and (found := _term(term)) is not None:
                return found
    return next((found for _, term in genres if (found := _term(term)) is not None), None)


def _term(term: str) -> str | None:
    name = term.lower()
    if name in _OF_MARC:
        return _OF_MARC[name]
    compact = "".join(char for char in name if char.isalpha())
    return ZOTERO_TYPES.get(compact) or _DCMI.get(compact)


def is_type_term(term: str) -> bool:
    """Whether a genre has been understood as a type, and says nothing else."""
    return _term(term) is not None
