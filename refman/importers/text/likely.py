"""Whether a block of text is a reference, page furniture, or something else."""

from __future__ import annotations

import re

from refman.crosswalk.reference import ReadReference
from refman.crosswalk.reference_places import YEAR, find_place
from refman.text.reference_names import take_names

_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s|[IVX]{1,4}\.\s)?(?:(?:list of |selected |cited |key )"
    r"?(?:references?|bibliography|works cited|literature(?: cited)?|"
    r"sources|citations|notes|further reading|publications|daftar (?:pustaka|rujukan|referensi)"
    r"|pustaka|"
    r"rujukan|referensi|bibliografi|literatur(?:verzeichnis)?|bibliographie|referencias"
    r"|referências|"
    r"riferimenti bibliografici|литература|参考文献|文献))(?: and notes)?\s?[:.]?",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:page|halaman|hal\.|seite|p\.)?\s?\d{1,5}(?:\s?(?:of|/|dari|von)\s?\d{1,5})?"
    r"|(?:cited by|dirujuk|dikutip)\s?:?\s?\d{1,7}(?: times| kali)?"
    r"|downloaded (?:from|by|on)\b.{0,200}|©.{0,200}|copyright\b.{0,200}|all rights "
    r"reserved\.?.{0,60}"
    r"|(?:show|hide|view|read|see|sort|filter|next|previous|prev|first|last|search"
    r"|results?|related|save|cite|share|"
    r"export|print|email|select all|clear|back to top|google scholar|crossref|pubmed|view article"
    r"|full text|pdf|html|"
    r"abstract|open access|free article|sign in|log in|menu|home)(?:\b.{0,40})?"
    r"|(?:about )?[\d.,]{1,12} (?:results?|hasil|documents?|records?|references?|items)\b.{0,80}"
    r"|[\W_]{1,200}|https?://\S{1,300}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:we|our|this paper|this study|in this|was|were|have been|has been|is|are|that|which|"
    r"adalah|yang|dengan|telah|ini)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_LONGEST_FURNITURE = 300


def is_furniture(text: str) -> bool:
    """Whether a block is a heading, a page number or a button, which says nothing of a work."""
    text = text.strip()
    if len(text) > _LONGEST_FURNITURE:
        return False
    return bool(_HEADING.fullmatch(text) or _FURNITURE.fullmatch(text))


def is_read(read: ReadReference) -> bool:
    """Whether enough was read of a block to be sure that it is a reference."""
    said = read.description
    if said.DOI or said.PMID or said.arXiv or said.PMCID or said.ISBN:
        return True
    named = bool(said.author or said.editor)
    placed = bool(said.container_title and (said.volume or said.page))
    known = sum((named, said.year is not None, bool(said.title), bool(said.container_title)))
    if read.form in ("fields", "quoted", "dated"):
        # Forms that hardly anything else has.
        return known >= 2 and bool(said.title or (said.container_title and named) or placed)
    if said.year is None:
        return False
    if named or (placed and said.title):
        return known >= 3 or placed
    return placed and read.form in ("nature", "acs", "elsevier")


def is_likely(text: str) -> bool:
    """Whether a block that could not be read looks like a reference all the same."""
    if len(text) < 20 or _YEAR.search(text[:4000]) is None:
        return False
    signs = 0
    names = take_names(text[:3000])
    signs += names is not None and names.end > 5
    place = find_place(text)
    signs += 2 * (place is not None and place.form not in ("yeared", "paged"))
    signs += place is not None
    signs -= 2 * (len(_SENTENCE.findall(text[:2000])) >= 2)
    return signs >= 2
