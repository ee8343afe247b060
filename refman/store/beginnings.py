"""The words of an index that begin with what was typed.

FTS5 answers beginnings of one to three letters from indexes of their own, a row at a time. For
those of four and more it reads and merges every row of every such word before it gives the first
one: among a million works tens of milliseconds for a common word. The words themselves are soon
found, for the index is in their order and can be sought in; and a row that has any of some whole
words is given at once.
"""

from __future__ import annotations

import unicodedata
from weakref import WeakKeyDictionary

from refman.store.connection import Connection

INDEXED = 3
"""Letters of the longest beginning that has an index of its own."""
_MOST = 64
"""Words that are looked for one by one; with more it is left to FTS5."""
_KEPT: WeakKeyDictionary[Connection, tuple[tuple[int, int], dict[str, list[str] | None]]] = (
    WeakKeyDictionary()
)
"""By connection: the state of the library, and the words of each beginning in that state."""
_MOST_KEPT = 1000
_AFTER = "\x01"
"""What sorts a beginning after itself, and before all that is longer."""
_LAST = "\U0010ffff"
_FIRST_ACCENTED, _LAST_ACCENTED = "\u00c0", "\u017f"
"""Letters that lose their accents in FTS5 as they do by Unicode; of those beyond, not all do."""
_VOCABULARY = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.works_words "
    "USING fts5vocab('main', 'works_fts', 'instance')"
)


class Beginnings:
    """The words of a library's index, to be asked in the course of one question.

    What was found is kept until the library changes, for the next page and the count.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        others = connection.execute("PRAGMA data_version").fetchone()[0]
        state = (int(others), connection.total_changes)
        kept = _KEPT.get(connection)
        if kept is None or kept[0] != state or len(kept[1]) > _MOST_KEPT:
            kept = _KEPT[connection] = (state, {})
        self._known = kept[1]

    def expression(self, text: str) -> str | None:
        """What FTS5 is to look for in place of a word's beginning; None: for the beginning."""
        words = self.words(text)
        if words is None:
            return None
        return "(" + " OR ".join(words or [f'"{text}"']) + ")"

    def words(self, text: str) -> list[str] | None:
        """The words that begin with a text, quoted.

        Citation keys (`smith2001effect`) are far too many to be named one by one: those that are
        the same as far as the first figure are one beginning (`"smith2" *`). None where there are
        too many words, or the text is no single word of letters and figures.
        """
        if text not in self._known:
            start = _folded(text)
            if start is None or len(start) <= INDEXED:
                self._known[text] = None
            else:
                self._known[text] = self._found(start)
        return self._known[text]

    def is_light(self, text: str) -> bool:
        """Whether a single row can be asked at little cost if it has a word with this beginning."""
        start = _folded(text)
        if start is None:
            return False
        if len(start) <= INDEXED:
            return True
        words = self.words(text)
        return words is not None and not any("*" in word for word in words)

    def _found(self, start: str) -> list[str] | None:
        self._connection.execute(_VOCABULARY)
        words: list[str] = []
        low = start
        while True:
            # One word is sought and not a range of them, which would be read with all their rows.
            row = self._connection.execute(
                "SELECT term FROM temp.works_words WHERE term >= ? AND term < ? LIMIT 1",
                (low, start + _LAST),
            ).fetchall()
            if not row:
                return words
            if len(words) == _MOST:
                return None
            word = row[0][0]
            figure = next((i for i in range(len(start), len(word)) if word[i] in "0123456789"), 0)
            if figure:
                words.append(f'"{word[: figure + 1]}" *')
                low = word[:figure] + chr(ord(word[figure]) + 1)
            else:
                words.append(f'"{word}"')
                low = word + _AFTER


def _folded(text: str) -> str | None:
    """A single word as the index spells it; None for what may be several, or other letters."""
    if not text.isascii():
        if not all(char.isascii() or _FIRST_ACCENTED <= char <= _LAST_ACCENTED for char in text):
            return None
        apart = unicodedata.normalize("NFD", text)
        text = "".join(char for char in apart if not unicodedata.combining(char))
    return text.lower() if text.isascii() and text.isalnum() else None
