"""EndNote's reference types and those of CSL 1.0.2, side by side.

A `ref-type` has a number and a name. EndNote and Zotero agree on both; other programs write the
right name with a number of their own, so the name counts, and the number where it is unknown.
"""

from __future__ import annotations

_PAIRS = """
17 article-journal        Journal Article
19 article-magazine       Magazine Article
23 article-newspaper      Newspaper Article
34 article                Unpublished Work
 4 bill                   Bill
 6 book                   Book
 5 chapter                Book Section
49 classic                Classical Work
59 dataset                Dataset
13 document               Generic
52 entry-dictionary       Dictionary
53 entry-encyclopedia     Encyclopedia
37 figure                 Figure
 2 graphic                Artwork
14 hearing                Hearing
64 interview              Interview
 7 legal_case             Case
31 legislation            Statute
36 manuscript             Manuscript
20 map                    Map
21 motion_picture         Film or Broadcast
24 pamphlet               Pamphlet
10 paper-conference       Conference Proceedings
25 patent                 Patent
57 periodical             Serial
26 personal_communication Personal Communication
62 post                   Discussion Forum
56 post-weblog            Blog
50 regulation             Legal Rule or Regulation
27 report                 Report
 9 software               Computer Program
61 song                   Music
47 speech                 Conference Paper
58 standard               Standard
32 thesis                 Thesis
12 webpage                Web Page
"""
"""The types that say the same, or the nearest, and are written."""

_ONLY_READ = """
43 article-journal        Electronic Article
 8 book                   Catalog
28 book                   Edited Book
44 book                   Electronic Book
51 classic                Ancient Text
60 chapter                Electronic Book Section
38 figure                 Chart or Table
39 figure                 Equation
46 report                 Government Document
54 report                 Grant
 3 motion_picture         Audiovisual Material
45 webpage                Online Database
48 webpage                Online Multimedia
55 dataset                Aggregated Database
63 broadcast              Podcast
65 document               Press Release
66 post                   Social Media
-1 paper-conference       Conference
-1 article                Preprint
-1 broadcast              Television Episode
-1 webpage                Electronic Source
-1 article-journal        Electronic Journal Article
-1 article-journal        Journal
-1 software               Software
-1 motion_picture         Multimedia
-1 standard               Standards
"""
"""Types with a less exact counterpart, and names that other programs write."""

_NEAREST = {
    "broadcast": "motion_picture",
    "collection": "document",
    "entry": "entry-encyclopedia",
    "event": "document",
    "musical_score": "song",
    "performance": "motion_picture",
    "review": "article-journal",
    "review-book": "article-journal",
    "treaty": "regulation",
}
"""Types of CSL that EndNote has not, and what is written instead."""


def _table(text: str) -> list[tuple[str, str, str]]:
    rows = (line.split(None, 2) for line in text.strip().splitlines())
    return [(number, csl, name) for number, csl, name in rows]


_BY_NAME = {name.lower(): csl for _, csl, name in _table(_ONLY_READ) + _table(_PAIRS)}
_BY_NUMBER = {number: csl for number, csl, _ in _table(_ONLY_READ) + _table(_PAIRS)}
_ENDNOTE = {csl: (number, name) for number, csl, name in _table(_PAIRS)}
EDITED_BOOK = frozenset(("edited book", "28"))


def csl_type(name: str | None, number: str | None) -> tuple[str, bool]:
    """The CSL type for a `ref-type`, and whether that is sure: what is unknown is a `document`."""
    found = _BY_NAME.get(" ".join((name or "").lower().split()))
    if found is None and not name:
        found = _BY_NUMBER.get((number or "").strip())
    if found is None:
        return "document", False
    return found, found != "document"


def is_known(name: str | None, number: str | None) -> bool:
    """Whether a `ref-type` is one that is written for its CSL type, and so need not be kept."""
    if (name or number or "").strip().lower() in EDITED_BOOK:
        # A book with editors for authors, which is how it is read.
        return True
    csl, _ = csl_type(name, number)
    written = _ENDNOTE.get(csl, ("", ""))
    return (name or "").strip().lower() == written[1].lower() or (
        not name and (number or "").strip() == written[0]
    )


def endnote_type(csl: str | None) -> tuple[str, str, bool]:
    """Number and name of the `ref-type` for a CSL type, and whether it says the same."""
    if csl is None:
        return (*_ENDNOTE["document"], True)
    exact = _ENDNOTE.get(csl)
    if exact is not None:
        return (*exact, True)
    return (*_ENDNOTE[_NEAREST.get(csl, "document")], False)
