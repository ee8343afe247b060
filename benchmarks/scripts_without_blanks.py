"""What it costs that parts of Chinese, Japanese and Korean texts can be found.

    python -m benchmarks.scripts_without_blanks [WORKS]

Works with a Chinese title of 16 letters and, every second one, an abstract of 200 are indexed three
times: as FTS5 does by itself, where only the beginning of a text is found; with the pairs of
letters that refman adds (`store/bigrams.py`); and by FTS5's own trigram tokenizer, which cannot
find what is shorter than three letters. Beside them works in other scripts, to which the pairs add
nothing.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Sequence
from itertools import islice

from benchmarks.corpus import descriptions
from refman.model import Description
from refman.store import bigrams

_TITLE, _ABSTRACT = 16, 200
_LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2000)]
_WEIGHTS = [1 / rank for rank in range(1, len(_LETTERS) + 1)]
_UNICODE = "unicode61 remove_diacritics 2"
Texts = Sequence[tuple[str, str, str]]


def chinese(count: int) -> list[Description]:
    """Works in Chinese, their letters as often as Zipf's law has it."""
    rng = random.Random(7)

    def text(length: int) -> str:
        return "".join(rng.choices(_LETTERS, _WEIGHTS, k=length))

    return [
        Description(
            type="article-journal", title=text(_TITLE), abstract=text(_ABSTRACT) if i % 2 else None
        )
        for i in range(count)
    ]


def texts(works: Sequence[Description], *, pairs: bool) -> Texts:
    """Title, abstract and made-up words of each work."""
    return [
        (one.title or "", one.abstract or "", " ".join(bigrams.words(one)) if pairs else "")
        for one in works
    ]


def indexed(rows: Texts, tokenizer: str, prefixes: str) -> tuple[float, float]:
    """Bytes and microseconds that the index takes for a work."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE fts USING fts5 (title, abstract, facets, content = '', "
        f"tokenize = '{tokenizer}'{prefixes})"
    )
    begun = time.process_time()
    database.executemany("INSERT INTO fts (title, abstract, facets) VALUES (?, ?, ?)", rows)
    database.commit()
    took = time.process_time() - begun
    [(size,)] = database.execute("SELECT sum(length(block)) FROM fts_data")
    database.close()
    return size / len(rows), took / len(rows) * 1e6


def main() -> int:
    """Index, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="?", type=int, default=5_000)
    count = parser.parse_args().works
    prefixes = ", prefix = '1 2 3'"
    print(f"{'a work':<34}{'bytes':>10}{'µs':>10}")
    for name, works in (
        ("Chinese", chinese(count)),
        ("other scripts", list(islice(descriptions(count), count))),
    ):
        for way, pairs, tokenizer, prefix in (
            ("words", False, _UNICODE, prefixes),
            ("words and pairs", True, _UNICODE, prefixes),
            ("trigrams", False, "trigram", ""),
        ):
            size, took = indexed(texts(works, pairs=pairs), tokenizer, prefix)
            print(f"{f'{name}, {way}':<34}{size:>10,.0f}{took:>10,.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
