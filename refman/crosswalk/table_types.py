"""Types of works as tables name them, and those of CSL 1.0.2.

Item types of Zotero, document types of Scopus and Web of Science, types of Crossref and BibTeX,
English and Indonesian words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from refman.model.vocabulary import CSL_TYPES

_WORDS = """
article-journal       journalarticle; article; researcharticle; articlejournal; artikel;
                      artikeljurnal; jurnal; j; jour
article-journal+      originalpaper; fulllengtharticle; paper; peerreviewedarticle;
                      review; reviewarticle; editorial; editorialmaterial; note; letter;
                      shortsurvey; erratum; correction; retracted; retraction;
                      retractedpublication; datapaper; casereport; clinicalstudy; commentary;
                      articleinpress; meetingabstract; bookreview; newsitem; articleearlyaccess;
                      commentaryeditorial; metaanalysis; editorialnote; shortcommunication;
                      systematicreview; briefcommunication; artikelulasan
article-magazine      magazinearticle
article-newspaper     newspaperarticle; news; artikelkoran; koran
article               preprint; postedcontent; workingpaper; unpublished
paper-conference      conferencepaper; proceedingspaper; proceedingsarticle; conference;
                      inproceedings; proceeding; makalahkonferensi; prosiding; artikelprosiding;
                      conferenceproceeding; conferenceproceedings; cpaper
paper-conference+     conferenceabstract; conferenceabstractarticle
chapter               booksection; bookchapter; chapter; incollection; inbook; chap; babbuku; bab;
                      bookpart
book                  book; monograph; buku; b; editedbook; authoredbook; referencebook
book+                 conferencereview; proceedings; conferenceproceedingsbook; bookset; mvbook;
                      ebook
thesis                thesis; dissertation; phdthesis; thes
thesis+               mastersthesis; skripsi; tesis; disertasi; tugasakhir; doctoralthesis;
                      doctoraldissertation
report                report; techreport; laporan; technicalreport; rprt
dataset               dataset; data; datasets; kumpulandata
software              computerprogram; software; perangkatlunak
webpage               webpage; website; halamanweb; online; situs
post-weblog           blogpost
patent                patent; paten
standard              standard; standar
bill                  bill
legislation           statute; legislation; undangundang; peraturan
legal_case            case
manuscript            manuscript; naskah
map                   map; peta
motion_picture        film; videorecording
interview             interview; wawancara
speech                presentation; presentasi
graphic               artwork
broadcast             podcast; radiobroadcast; tvbroadcast
song                  audiorecording
hearing               hearing
personal_communicationemail
entry-encyclopedia    encyclopediaarticle
entry-dictionary      dictionaryentry
post                  forumpost
document              document; other; misc; dokumen; lainnya
"""
"""A type and its names; with `+` the names say more than the type does."""


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _table() -> dict[str, tuple[str, bool]]:
    found = {_key(name): (name, True) for name in CSL_TYPES if name not in ("review", "article")}
    name = ""
    for line in _WORDS.strip().splitlines():
        words = line
        if not line.startswith(" "):
            name, _, words = line.partition(" ")
        exact = not name.endswith("+")
        for word in filter(None, words.split(";")):
            found.setdefault(_key(word), (name.rstrip("+"), exact))
    return found


_TYPES = _table()


class ReadType(NamedTuple):
    """The type that the cells of a row come to, and the cells that say more than it, or else."""

    type: str | None
    left: list[int]


def read_type(cells: Iterable[str]) -> ReadType:
    """The type that the cells about it name.

    Of several, and of several in one cell (`Article; Proceedings Paper`), the more special stands,
    but what is in a journal (`J` of Web of Science) is an article.
    """
    found: list[str] = []
    left: list[int] = []
    in_journal = False
    for index, cell in enumerate(cells):
        names = [word for part in cell.replace("|", ";").split(";") if (word := _key(part))]
        known = [_TYPES.get(name) for name in names]
        in_journal = in_journal or names == ["j"]
        if any(kind is None or not kind[1] for kind in known) or len(names) > 1:
            left.append(index)
        found += [kind[0] for kind in known if kind is not None]
    if not found:
        return ReadType(None, left)
    if in_journal:
        return ReadType("article-journal", left)
    special = [kind for kind in found if kind not in ("article-journal", "book", "document")]
    return ReadType(special[0] if special else found[0], left)
