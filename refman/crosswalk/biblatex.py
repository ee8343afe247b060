"""biblatex, and our own terms: read as BibTeX is (`refman.crosswalk.bibtex`), written by itself."""

from refman.crosswalk.biblatex_writing import write_biblatex_entry

NAME = "biblatex"
"""The format's name. What it keeps, it keeps under that of BibTeX: it is one syntax."""

__all__ = ["NAME", "write_biblatex_entry"]
