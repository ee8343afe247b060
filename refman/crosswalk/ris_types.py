"""RIS's reference types (`TY`) and those of CSL 1.0.2, side by side.

RIS has the list of EndNote and of Reference Manager before it (2011), to which others have added.
"""

from __future__ import annotations

import re

_PAIRS = """
JOUR    article-journal        MGZN    article-magazine       NEWS    article-newspaper
UNPB    article                BILL    bill                   BOOK    book
CHAP    chapter                CLSWK   classic                DATA    dataset
GEN     document               DICT    entry-dictionary       ENCYC   entry-encyclopedia
FIGURE  figure                 ART     graphic                HEAR    hearing
INTV    interview              CASE    legal_case             STAT    legislation
MANSCPT manuscript             MAP     map                    MPCT    motion_picture
MUSIC   musical_score          PAMP    pamphlet               CONF    paper-conference
PAT     patent                 JFULL   periodical             PCOMM   personal_communication
BLOG    post-weblog            LEGAL   regulation             RPRT    report
COMP    software               SOUND   song                   SLIDE   speech
STAND   standard               THES    thesis                 ELEC    webpage
"""
"""The types that say the same."""

_ONLY_READ = """
ABST    article-journal        ADVS    motion_picture         AGGR    document
ANCIENT classic                CHART   figure                 CPAPER  paper-conference
CTLG    book                   DBASE   dataset                EBOOK   book
ECHAP   chapter                EDBOOK  book                   EJOUR   article-journal
EQUA    document               GOVDOC  report                 GRANT   document
GRNT    document               ICOMM   personal_communication INPR    article-journal
MULTI   motion_picture         POD     broadcast              PRESS   document
SER     book                   UNBILL  bill                   UNPD    manuscript
VIDEO   motion_picture         WEB     webpage                OTHER   document
GENERIC document               PREP    article                PREPRINT article
UNPUB   manuscript             STD     standard               PRGM    software
"""
"""Types with less exact a counterpart, and spellings that occur in exports."""

_ONLY_WRITTEN = """
MPCT    broadcast              GEN     collection             ENCYC   entry
GEN     event                  GEN     performance            ELEC    post
JOUR    review                 JOUR    review-book            LEGAL   treaty
"""
"""Types of CSL that RIS has not; the nearest is written."""


def _table(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


_CSL = dict(_table(_PAIRS) + _table(_ONLY_READ))
_RIS = {csl: ris for ris, csl in _table(_PAIRS)}
_NEAREST = {csl: ris for ris, csl in _table(_ONLY_WRITTEN)}
_IN_WORDS = {
    "journal article": "article-journal",
    "article": "article-journal",
    "journal": "article-journal",
    "book": "book",
    "whole book": "book",
    "book chapter": "chapter",
    "book section": "chapter",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "thesis": "thesis",
    "report": "report",
    "web page": "webpage",
    "patent": "patent",
}
_BLANKS = re.compile(r"[\s_-]+")


def csl_type(ris: str) -> tuple[str, bool]:
    """The CSL type for a `TY`, and whether that is sure: what is unknown is a `document`.

    Types written out (`Journal Article`) are understood too.
    """
    name = ris.strip()
    found = _CSL.get(name) or _CSL.get(name.upper())
    if found is not None:
        return found, found != "document"
    spelt_out = _IN_WORDS.get(_BLANKS.sub(" ", name).lower())
    return (spelt_out, True) if spelt_out is not None else ("document", False)


def ris_type(csl: str | None) -> tuple[str, bool]:
    """The `TY` for a CSL type, and whether it says the same."""
    if csl is None:
        return "GEN", True
    exact = _RIS.get(csl)
    if exact is not None:
        return exact, True
    return _NEAREST.get(csl, "GEN"), False


def is_known(ris: str) -> bool:
    """Whether a `TY` is in the tables."""
    return ris.strip() in _CSL
