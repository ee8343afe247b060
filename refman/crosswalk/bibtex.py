"""BibTeX and biblatex, and our own terms: `read_entry` and `write_entry`.

The tables that both share are in `bibtex_fields` and `bibtex_types`.
"""

from refman.crosswalk.bibtex_fields import FORMAT
from refman.crosswalk.bibtex_reading import Reading, read_entry
from refman.crosswalk.bibtex_writing import Written, write_entry

__all__ = ["FORMAT", "Reading", "Written", "read_entry", "write_entry"]
