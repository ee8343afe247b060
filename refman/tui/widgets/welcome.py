"""What an empty library shows in place of a list."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content
from textual.widgets import Static


class Welcome(Static):
    """How to begin."""

    def __init__(self, path: Path, *, id: str | None = None) -> None:  # noqa: A002
        text = Content.assemble(
            ("Your library is empty.\n\n", "bold"),
            ("  i  ", "bold reverse"),
            "  Paste search results, BibTeX, RIS or DOIs, or name a file.\n\n",
            "Copy them just as they are: a Garuda page, a .bib, a list of DOIs, …\n",
            "refman recognises the format and shows you what it found before it\n",
            "keeps anything. Then  e  fills the gaps by DOI, and  x  exports.\n\n",
            ("  ?  ", "bold reverse"),
            "  All keys\n\n",
            (f"The library is {path}", "dim"),
        )
        super().__init__(text, id=id, markup=False)
