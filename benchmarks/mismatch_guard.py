"""How often the guard against wrong DOIs is wrong: `refman.rules.match.agrees`, measured.

    python -m benchmarks.mismatch_guard [WORKS.jsonl[.gz] …] [--references FILE …] [--show KIND]

Real Crossref records are spoilt in the ways in which entries of real libraries are (the entry
still is the same work: a refusal is a false alarm), and are put beside the record of another work,
chosen at random or for its likeness (here consent is a miss). Reference strings are put beside
records in the same two ways. The default inputs are small choices of bare facts, in
`tests/data/match`; any JSON Lines of Crossref works will do, and the two collections of strings
that `benchmarks.guard_references` reads. `tests/unit/rules/test_agreement.py` takes a part of the
same pairs and bounds the rates.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.guard_records import Pair, different, same
from benchmarks.guard_references import (
    Referenced,
    read_references,
    right_references,
    wrong_references,
)
from refman.crosswalk.crossref import description_from_message
from refman.model import Description
from refman.rules.match import agrees

__all__ = ["DEFAULT", "REFERENCES", "different", "load", "load_references", "measure", "same"]

_DATA = Path(__file__).parent.parent / "tests" / "data" / "match"
DEFAULT = _DATA / "works.jsonl.gz"
REFERENCES = (_DATA / "references-pmc.jsonl.gz", _DATA / "references-styled.jsonl.gz")


def _rows(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    return [json.loads(line) for line in lines]


def load(path: Path) -> list[Description]:
    """The works of a file that have a title and were not deleted, as refman reads them."""
    read = [description_from_message(row).description for row in _rows(path)]
    return [work for work in read if work.title]


def load_references(path: Path) -> list[Referenced]:
    """The works of a collection of reference strings."""
    return read_references(_rows(path))


def measure(pairs: Iterable[Pair], show: str | None) -> Counter[tuple[str, bool, bool]]:
    """How many pairs of each kind were judged right and wrong."""
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for kind, ours, theirs, expected in pairs:
        agreement = agrees(ours, theirs)
        counts[kind, expected, agreement.ok is expected] += 1
        if show == kind and agreement.ok is not expected:
            print(f"  {agreement.reason or 'agreed'}\n    {_facts(ours)}\n    {_facts(theirs)}")
    return counts


def _facts(work: Description) -> dict[str, Any]:
    names = [name.display for name in work.author[:4]]
    return {
        "title": work.title, "author": names, "issued": work.issued and work.issued.edtf,
        "in": work.container_title, "volume": work.volume, "page": work.page, "type": work.type,
        "DOI": work.DOI,
    }  # fmt: skip


def main() -> None:
    """Measure, and print one line for each kind of pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("works", nargs="*", type=Path, default=[DEFAULT])
    parser.add_argument("--references", nargs="*", type=Path, default=REFERENCES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", metavar="KIND", help="print the wrong verdicts of one kind")
    options = parser.parse_args()
    works = list({w.DOI: w for path in options.works for w in load(path)}.values())
    collections = [load_references(path) for path in options.references]
    rng = random.Random(options.seed)
    pairs = [*same(works, rng), *different(works, rng)]
    for collection in collections:
        pairs += (*right_references(collection), *wrong_references(collection, rng))
    started = time.perf_counter()
    counts = measure(pairs, options.show)
    seconds = time.perf_counter() - started
    strings = sum(len(work.strings) for collection in collections for work in collection)
    print(
        f"{len(works)} works, {strings} reference strings, {counts.total()} pairs, "
        f"{counts.total() / seconds:.0f} a second"
    )
    for expected, word in ((True, "false alarms"), (False, "misses")):
        _print_table(counts, word, expected=expected)


def _print_table(counts: Counter[tuple[str, bool, bool]], word: str, *, expected: bool) -> None:
    total, wrong = 0, 0
    for kind in dict.fromkeys(kind for kind, truth, _ in counts if truth is expected):
        right, bad = counts[kind, expected, True], counts[kind, expected, False]
        total, wrong = total + right + bad, wrong + bad
        print(f"{word:12}  {kind:48} {bad:5} of {right + bad:6}  {bad / (right + bad):7.2%}")
    print(f"{word:12}  {'all':48} {wrong:5} of {total:6}  {wrong / max(total, 1):7.2%}")


if __name__ == "__main__":
    main()
