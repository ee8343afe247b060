"""EndNote's reference types, as `%0` names them, and those of CSL 1.0.2.

The list is EndNote's, with a few names that library catalogues write.
"""

from __future__ import annotations

_PAIRS = """
Aggregated Database         dataset               Ancient Text                classic
Artwork                     graphic               Audio                       song
Audiovisual Material        motion_picture        Bill                        bill
Blog                        post-weblog           Book                        book
Book Chapter                chapter               Book Section                chapter
Case                        legal_case            Catalog                     book
Chart or Table              figure                Classical Work              classic
Computer Program            software              Conference                  paper-conference
Conference Paper            paper-conference      Conference Proceeding       paper-conference
Conference Proceedings      paper-conference      Dataset                     dataset
Dictionary                  entry-dictionary      Discussion Forum            post
Edited Book                 book                  Electronic Article          article-journal
Electronic Book             book                  Electronic Book Section     chapter
Electronic Source           webpage               Encyclopedia                entry-encyclopedia
Equation                    figure                Figure                      figure
Film or Broadcast           motion_picture        Government Document         report
Hearing                     hearing               Interview                   interview
Journal                     article-journal       Journal Article             article-journal
Legal Rule or Regulation    regulation            Magazine Article            article-magazine
Manuscript                  manuscript            Map                         map
Multimedia Application      software              Music                       musical_score
Newspaper Article           article-newspaper     Online Database             dataset
Online Multimedia           webpage               Pamphlet                    pamphlet
Patent                      patent                Personal Communication      personal_communication
Podcast                     broadcast             Preprint                    article
Report                      report                Serial                      book
Serial Publication          book                  Social Media                post
Standard                    standard              Statute                     legislation
Television Episode          broadcast             Thesis                      thesis
Unpublished Work            manuscript            Web Page                    webpage
"""


def _table(text: str) -> dict[str, str]:
    """Pairs in columns, parted by two blanks and more."""
    cells = [cell.strip() for line in text.split("\n") for cell in line.split("  ") if cell.strip()]
    return {name.lower(): kind for name, kind in zip(cells[::2], cells[1::2], strict=True)}


_CSL = _table(_PAIRS)


def csl_type(name: str) -> str | None:
    """The CSL type for a name, in any letter case; None for one that says nothing (`Generic`)."""
    return _CSL.get(" ".join(name.split()).lower())
