"""Duplicates: how many of the labelled pairs are found, and what a search of all works costs.

    python -m benchmarks.duplicates [--sets FOLDER] [--collection FOLDER] [--made FILE]
                                    [--works 10000 100000]

`--sets` holds `dblp-acm/` (`DBLP2.csv`, `ACM.csv`, `DBLP-ACM_perfectMapping.csv`, the benchmark of
the Leipzig database group) and `bib-dedupe-test-cases.json` (bib-dedupe's pairs). A pair counts as
found where both works come into one group. `--collection` is a folder of real files of many
services and libraries, and `--made` a file of Crossref's records, of which sets are made
(`benchmarks.duplicate_sets`). Every set is measured twice: by what is certain, and by what is
likely as well. The search is timed beside the import of the same works, of which one in twenty is
there twice, abbreviated and misspelt.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from benchmarks.corpus import descriptions
from benchmarks.duplicate_sets import (
    as_search_engine,
    changed,
    crossref_works,
    neighbours,
    real_sets,
)
from refman.importers.bibtex import importer as bibtex
from refman.model import Date, Description, Name, Origin, OriginKind, Record
from refman.ports import ImportOptions
from refman.rules.duplicates import Kind, Pair, block_keys, compare, grouped, meeting
from refman.services import duplicates
from refman.services.importing import ImportPolicy, OnDuplicate, import_entries
from refman.services.library import Library
from refman.text.names import parse_name
from refman.text.reading import TextInput

_TWICE = 20
CERTAIN = (Kind.SAME,)
LIKELY = (Kind.SAME, Kind.LIKELY)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=Path, help="the folder with labelled sets")
    parser.add_argument("--collection", type=Path, help="the folder with files of services")
    parser.add_argument("--made", type=Path, help="Crossref's records, as JSON Lines")
    parser.add_argument("--works", type=int, nargs="*", default=[10_000, 100_000])
    options = parser.parse_args()
    head = f"{'':<26} {'pairs':>6} {'found':>6} {'wrong':>6} precision  recall  certain alone"
    if options.sets or options.collection:
        print(head)
    if options.sets is not None:
        _report("DBLP-ACM", *_dblp_acm(options.sets / "dblp-acm"))
        _report("DBLP, search engine", *_dblp_copies(options.sets / "dblp-acm"))
        _report("bib-dedupe", *_bib_dedupe(options.sets / "bib-dedupe-test-cases.json"))
    if options.collection is not None:
        for name, labelled in real_sets(options.collection):
            _report(name, *_by_label(labelled))
    if options.made is not None:
        _made(crossref_works(options.made))
    for count in options.works:
        _at_scale(count)


def _report(name: str, found: Mapping[tuple[str, str], bool], true: set[tuple[str, str]]) -> None:
    """`found` says of each pair whether it is certain."""
    right = len(found.keys() & true)
    certain = {pair for pair, is_certain in found.items() if is_certain}
    print(
        f"{name:<26} {len(true):>6,} {len(found):>6,} {len(found) - right:>6,} "
        f"{right / max(1, len(found)):>9.2%} {right / max(1, len(true)):>7.2%}  "
        f"{len(certain & true) / max(1, len(certain)):>7.2%} "
        f"{len(certain & true) / max(1, len(true)):>7.2%}"
    )


def _by_label(
    labelled: Sequence[tuple[str, Description]],
) -> tuple[dict[tuple[str, str], bool], set[tuple[str, str]]]:
    works = {f"{label}#{number:06}": said for number, (label, said) in enumerate(labelled)}
    same = defaultdict(list)
    for key in works:
        same[key.partition("#")[0]].append(key)
    true = {pair for keys in same.values() for pair in combinations(sorted(keys), 2)}
    found = {(min(a, b), max(a, b)): certain for a, b, certain in _in_one_group(works)}
    return found, true


def _made(works: Sequence[Description]) -> None:
    print(
        f"\n{len(works):,} records of Crossref's, changed {'pairs':>8} {'found':>7} {'certain':>8}"
    )
    for name, pairs in changed(works):
        kinds = [_kind(*pair) for pair in pairs]
        print(f"  {name:<38} {len(pairs):>9,} {_share(kinds, LIKELY)} {_share(kinds, CERTAIN)}")
    print(f"\n{'beside another work':<40} {'pairs':>9} {'found':>7} {'certain':>8}")
    others = defaultdict(list)
    for name, a, b in neighbours(works):
        others[name].append(_kind(a, b))
    for name, kinds in others.items():
        print(f"  {name:<38} {len(kinds):>9,} {_share(kinds, LIKELY)} {_share(kinds, CERTAIN)}")


def _share(kinds: Sequence[Kind], wanted: Sequence[Kind]) -> str:
    return f"{sum(kind in wanted for kind in kinds) / len(kinds):>7.2%}"


def _kind(a: Description, b: Description) -> Kind:
    """What two works are to each other, if they are compared at all."""
    return compare(a, b).kind if block_keys(a) & block_keys(b) else Kind.DIFFERENT


def _dblp_acm(folder: Path) -> tuple[dict[tuple[str, str], bool], set[tuple[str, str]]]:
    ours = {f"D:{key}": value for key, value in _table(folder / "DBLP2.csv")}
    theirs = {f"A:{key}": value for key, value in _table(folder / "ACM.csv")}
    with (folder / "DBLP-ACM_perfectMapping.csv").open(encoding="latin-1") as stream:
        pairs = [(f"D:{a}", f"A:{b}") for a, b in csv.reader(stream)]
    true = {(a, b) for a, b in pairs if a in ours and b in theirs}
    grouped = _in_one_group({**ours, **theirs})
    found = {(max(a, b), min(a, b)): certain for a, b, certain in grouped if a[0] != b[0]}
    return found, true


def _dblp_copies(folder: Path) -> tuple[dict[tuple[str, str], bool], set[tuple[str, str]]]:
    works = {f"D:{key}": value for key, value in _table(folder / "DBLP2.csv")}
    copies = list(as_search_engine(works))
    names = [f"S:{number}" for number in range(len(copies))]
    true = {(key, name) for (key, _), name in zip(copies, names)}
    grouped = _in_one_group({**works, **{n: copy for n, (_, copy) in zip(names, copies)}})
    return {(min(a, b), max(a, b)): sure for a, b, sure in grouped if a[0] != b[0]}, true


def _table(path: Path) -> Iterator[tuple[str, Description]]:
    with path.open(encoding="latin-1") as stream:
        for key, title, authors, venue, year in list(csv.reader(stream))[1:]:
            names = (parse_name(name.strip()) for name in authors.split(","))
            yield (
                key,
                Description(
                    title=title,
                    author=tuple(name for name in names if name is not None),
                    container_title=venue,
                    issued=Date(int(year)),
                ),
            )


def _in_one_group(works: Mapping[str, Description]) -> Iterator[tuple[str, str, bool]]:
    """The pairs that come into one group, and whether the group is certain."""
    keys = list(works)
    described = [works[key] for key in keys]
    pairs = (Pair(a, b, compare(described[a], described[b])) for a, b in meeting(described))
    groups, _ = grouped(pairs, lambda a, b: compare(described[a], described[b]))
    for group in groups:
        for a, b in combinations(group.works, 2):
            yield keys[a], keys[b], group.score == 1


def _bib_dedupe(path: Path) -> tuple[dict[tuple[str, str], bool], set[tuple[str, str]]]:
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    true = {(case["id"], "") for case in cases if case["expected_duplicate"]}
    found = {}
    for case in cases:
        kind = _kind(_described(case["record_a"]), _described(case["record_b"]))
        if kind in LIKELY:
            found[case["id"], ""] = kind is Kind.SAME
    return found, true


def _described(fields: Mapping[str, str]) -> Description:
    said = {name: value for name, value in fields.items() if name not in ("ENTRYTYPE", "ID")}
    if "author" in said:
        said["author"] = said["author"].replace("; ", " and ")
    body = ",\n".join(f"{name} = {{{value}}}" for name, value in said.items())
    text = f"@{fields['ENTRYTYPE']}{{{fields['ID']},\n{body}\n}}\n"
    read = bibtex.read(TextInput(io.BytesIO(text.encode()), "case"), ImportOptions())
    return next(item.description for item in read if isinstance(item, Record))


def _at_scale(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with Library(path, create=True) as library:
            begun = time.perf_counter()
            origin = Origin(kind=OriginKind.IMPORT, name="benchmark")
            records = (Record(description=d, origin=origin) for d in _some_twice(count))
            policy = ImportPolicy(on_duplicate=OnDuplicate.ADD)
            for _ in import_entries(library.store, records, "benchmark", policy):
                pass
            imported = time.perf_counter() - begun
            begun, worked = time.perf_counter(), time.process_time()
            found = duplicates.find(library.store)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            made = len(library) - count
    print(
        f"{count + made:,} works, {made:,} of them copies: {len(found.groups):,} groups found in "
        f"{took:.1f} s, {worked / (count + made) * 1e6:.0f} µs of the processor a work, "
        f"{took / imported:.2f} times as long as importing them"
    )


def _some_twice(count: int) -> Iterable[Description]:
    rng = random.Random(7)
    for number, description in enumerate(descriptions(count)):
        yield description
        if number % _TWICE == 0:
            yield _copied(description, rng)


def _copied(description: Description, rng: random.Random) -> Description:
    """As another database has it: no DOI, initials, an abbreviated journal, a slip in the title."""
    title = description.title or ""
    place = rng.randrange(len(title) // 2, len(title) - 1)
    return replace(
        description,
        DOI=None,
        ISSN=(),
        abstract=None,
        title=title[:place] + title[place + 1 :],
        author=tuple(Name(name.family, (name.given or "X")[0]) for name in description.author),
        container_title=" ".join(
            word[:4] for word in (description.container_title or "").split() if word != "of"
        ),
    )


if __name__ == "__main__":
    main()
