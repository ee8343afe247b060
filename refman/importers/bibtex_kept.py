"""What stands in a BibTeX file beside its entries: `@preamble`, `@string`, `@comment`, loose text.

It belongs to the file, not to a work, so it is kept with the entry that it stands before, or after
where it is the last, and comes back in the same place (`refman.crosswalk.bibtex_kept`).
"""

from __future__ import annotations

from collections.abc import Callable

from bibtexparser.model import Block, ExplicitComment, ImplicitComment, Preamble, String

from refman.crosswalk.bibtex_kept import COMMENT, PREAMBLE, STRING, TEXT

MAX_KEPT = 512 * 1024
"""Longest text, in characters, that is kept with one entry."""

Resolve = Callable[[str], tuple[str, str | None]]
"""A value with its macros resolved, and what was wrong with it."""


class Keeper:
    """Gathers what stands between two entries."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []
        self._size = 0
        self.first_line: int | None = None
        self.is_cut = False

    def add(self, block: Block, line: int, resolve: Resolve) -> None:
        """Keep a block, if it is of a kind that is kept here."""
        if isinstance(block, ImplicitComment):
            self.text(block.comment, line)
        elif isinstance(block, ExplicitComment):
            self._keep(COMMENT, block.comment, line)
        elif isinstance(block, Preamble):
            text, remark = resolve(block.value)
            self._keep(PREAMBLE, block.value if remark else f"{{{text}}}", line)
        elif isinstance(block, String):
            text = " ".join(resolve(block.value)[0].split())
            self._keep(STRING, f"{block.key} = {{{text}}}", line)

    def text(self, text: str, line: int) -> None:
        """Keep loose text."""
        if text.strip():
            self._keep(TEXT, text, line)

    def _keep(self, name: str, text: str, line: int) -> None:
        room = MAX_KEPT - self._size
        if self.first_line is None:
            self.first_line = line
        if len(text) > room:
            self.is_cut = True
            # Half of a block would be no block.
            text = text[:room] if name == TEXT else ""
        if text:
            self._pairs.append((name, text))
            self._size += len(text)

    def take(self) -> list[tuple[str, str]]:
        """All that was gathered; after this, nothing is."""
        pairs, self._pairs = self._pairs, []
        self._size, self.first_line, self.is_cut = 0, None, False
        return pairs
