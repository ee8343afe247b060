"""Names of journals and publishers in capitals, put in the capitals that names have.

`JOURNAL OF PHYSICS-CONDENSED MATTER` becomes `Journal of Physics-Condensed Matter`. It is a guess:
an acronym that neither the evidence nor a list knows gets one capital only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from refman.text.recase_words import FORMS
from refman.text.word_lists import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ROMAN = re.compile(r"(?=[IVX])(?:X{0,3}(?:IX|IV|V?I{0,3}))")
_SMALL = word_list(
    "a an and as at but by for from in into of on or per the to via with "
    "de del der des di du e et la le les und van von y für och og dan"
)
_ACRONYMS = word_list(
    "aaai aaas aapg aaps acm acs aiaa aip aiche ajr ams aps arxiv asce asm asme bmc bmj cern "
    "bv crc dna eaai ebiomedicine embo esa esaim eth febs fems gmbh ieee iee iet ifac ifip imf iop "
    "isa iso isprs iucr jama jbis jmir jom mit mrna mrs nasa ncbi nec nmr npj osa plos rairo rna "
    "rsc sae siam spie uk usa usda vldb who"
)
_MIXED = {
    "arxiv": "arXiv",
    "bv": "BV",
    "ebiomedicine": "EBioMedicine",
    "gmbh": "GmbH",
    "mrna": "mRNA",
    "npj": "npj",
}
_OPENING = re.compile(r"^|[:.?!]\s{1,3}")
_LETTER = re.compile(r"\bA\b(?!\s+\w)")
_LONGEST = 1000


def headline(text: str, evidence: Iterable[str] = ()) -> str:
    """A name in capitals with a capital to each word but the small ones; any other as it is.

    A word that stands in capitals in the evidence, which must not be in capitals all over, is an
    acronym and stays: the abbreviated title shows `IEEE` in `IEEE TRANSACTIONS ON COMPUTERS`.
    """
    if not text.isupper() or len(text) > _LONGEST:
        return text
    known = {
        word.casefold(): word
        for one in evidence
        if not one.isupper()
        for word in _WORD.findall(one)
        if len(word) > 1 and not word.islower() and word != word.capitalize()
    }
    capital = {match.end() for match in _OPENING.finditer(text)}
    # `PHYSICS A-OPTICS`, `SERIE A`: no article.
    capital |= {match.start() for match in _LETTER.finditer(text)}
    return _WORD.sub(lambda match: _cased(match[0], known, match.start() in capital), text)


def _cased(word: str, known: dict[str, str], capital: bool) -> str:
    key = word.casefold()
    if key in known:
        return known[key]
    if key in _ACRONYMS:
        return _MIXED.get(key, word)
    if key in _SMALL:
        return key.capitalize() if capital else key
    form = FORMS.get(key)
    if form is not None and not form.islower():
        return form
    if len(word) == 1 or _ROMAN.fullmatch(word):
        return word
    if word[1:2] in "'’":
        # O'Reilly, d'Etudes
        return word[:2] + word[2:].capitalize()
    return word.capitalize()
