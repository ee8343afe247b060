"""How often a DOI that is found for a reference or an entry is the right one.

    python -m benchmarks.find_dois PMC.jsonl.gz STYLED.jsonl.gz [WORKS.jsonl.gz…]
        [--sample N] [--seed N] [--show right|wrong|proposed|none]

The loopback Crossref server holds the records (see `benchmarks.reference_records`), all their
likes, and the real records of the other files. A fifth of the works is left out of it. For these,
and for a tenth of the others, it holds five records that are easily mistaken for them: an erratum,
a comment, a preprint, a second part and a talk of the same title. Asked for are references as they
stand in articles, entries as importers deliver them, whole and spoilt, and both for the works that
were left out: those must not be found. The search, the reading of its answer and the judgement are
refman's own.

"Precision" is the part of what was taken that is right, "recall" the part of the works whose
record is there that got their DOI, "proposed" what a person is asked about.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.reference_records import (
    RICHEST,
    Json,
    by_doi,
    neighbours,
    read_lines,
    record_of_fields,
    record_of_styles,
)
from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Name
from refman.model.identifier import doi_key
from refman.net import Net, NetSettings
from refman.net.limits import Grant
from refman.rules.candidate import Choice, Judgement, judge
from refman.services.finding import candidates_of, question_of, search_request
from tests.crossref_server import CrossrefServer, Speed, no_limits

_DOI = re.compile(
    r"\(?\b(?:doi:?|https?://(?:dx\.)?doi\.org/|10\.\d{4}).*", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Case:
    """One question: its group, what is known of the work, and its DOI if the server has it."""

    group: str
    wanted: Description | str
    doi: str | None


@dataclass(frozen=True, slots=True)
class Collection:
    """What the server holds, and what it is asked for."""

    records: list[Json]
    cases: list[Case]


# What is asked


def as_imported(entry: Json, record: Json) -> Description:
    """An entry as importers deliver it: the fields that were read from the reference."""
    known = description_from_message(record).description
    return Description(
        type="article-journal",
        title=known.title,
        author=known.author or tuple(filter(None, [_first(entry)])),
        container_title=entry.get("jtitle") or known.container_title,
        issued=known.issued,
        volume=known.volume,
        page=known.page,
    )


def _first(entry: Json) -> Name | None:
    return Name(entry["firstAuthor"]) if entry.get("firstAuthor") else None


def _cut(entry: Description, rng: random.Random) -> Description:
    words = (entry.title or "").split()
    kept = rng.randint(max(3, len(words) // 2), max(3, len(words)))
    return replace(entry, title=" ".join(words[:kept]))


def _slipped(entry: Description, rng: random.Random) -> Description:
    title = entry.title or ""
    at = rng.randrange(len(title))
    return replace(entry, title=title[:at] + title[at + 1 :])


def _year_off(entry: Description, rng: random.Random) -> Description:
    year = (entry.year or 2000) + rng.choice((-1, 1))
    return replace(entry, issued=Date(year), volume=None, page=None)


SPOILINGS: dict[str, Callable[[Description, random.Random], Description]] = {
    "whole": lambda entry, _: entry,
    "no volume and page": lambda entry, _: replace(entry, volume=None, page=None),
    "no authors": lambda entry, _: replace(entry, author=()),
    "title cut": _cut,
    "a letter lost": _slipped,
    "year off, no page": _year_off,
    "first author only": lambda entry, _: replace(entry, author=entry.author[:1]),
    "title, author, year": lambda entry, _: Description(
        title=entry.title, author=entry.author[:1], issued=entry.issued
    ),
    "title alone": lambda entry, _: Description(type="article-journal", title=entry.title),
}


def _articles(path: Path, sample: int, rng: random.Random) -> Iterator[Case | Json]:
    """References and entries of articles, and the records."""
    held = [(entry, record_of_fields(entry)) for entry in read_lines(path)]
    rng.shuffle(held)
    seen: dict[str, bool] = {}
    for place, (entry, record) in enumerate(held):
        if record is None:
            continue
        doi = record["DOI"]
        first = doi not in seen
        absent = seen.setdefault(doi, place % 5 == 0)
        if not absent:
            yield record
        if first and place % 10 in (0, 5, 7):
            yield from (neighbours(record, number) for number in range(5))
        if place >= sample * (3 if absent else 2):
            continue
        answer = None if absent else doi
        end = ", record absent" if absent else ""
        yield Case(f"PMC reference{end}", _DOI.sub("", entry["reference"]), answer)
        name = list(SPOILINGS)[place % len(SPOILINGS)]
        made = SPOILINGS[name](as_imported(entry, record), rng)
        yield Case("entry, record absent" if absent else f"entry, {name}", made, answer)


def _styled(path: Path, sample: int, rng: random.Random) -> Iterator[Case | Json]:
    """References in Crossref's styles, and the records."""
    works = sorted(by_doi(read_lines(path)).items())
    rng.shuffle(works)
    for place, (doi, styles) in enumerate(works):
        record, absent = record_of_styles(doi, styles), place % 5 == 0
        if record is not None and not absent:
            yield record
        if record is not None and place % 10 in (0, 5, 7):
            yield from (neighbours(record, number) for number in range(5))
        if place >= sample:
            continue
        for style, text in styles.items():
            if style in RICHEST and record is not None:
                continue
            group = style if record is not None and not absent else "styled, record absent"
            yield Case(group, text, doi if group == style else None)


def collect(
    pmc: Path, styled: Path, others: Iterable[Path], *, sample: int, seed: int
) -> Collection:
    """What the server holds and is asked for; the same for the same seed."""
    rng = random.Random(seed)
    records = [record for path in others for record in read_lines(path)]
    cases = []
    for found in (*_articles(pmc, sample, rng), *_styled(styled, sample, rng)):
        if isinstance(found, Case):
            cases.append(found)
        else:
            records.append(found)
    return Collection(records, cases)


# Asking and counting


async def ask(collection: Collection) -> list[tuple[Case, Judgement, list[Description]]]:
    """What becomes of each case: asked of the server as `refman enrich --find-dois` does."""
    grants = {"array": Grant(1000, concurrency=4), "single": Grant(1000, concurrency=4)}
    told: list[tuple[Case, Judgement, list[Description]]] = []
    with CrossrefServer(collection.records, limits=no_limits(), speed=Speed()) as server:
        async with Net(NetSettings(grants=grants, retries=1)) as net:
            for case in collection.cases:
                request = search_request(question_of(case.wanted), server.url, None)
                found: list[Description] = []
                if request is not None:
                    found = candidates_of((await net.fetch(request)).body)
                told.append((case, judge(case.wanted, found), found))
    return told


def outcome(case: Case, judgement: Judgement) -> str:
    """`right`, `wrong`, `proposed`, `proposed wrong` or `none`."""
    right = case.doi is not None and (judgement.DOI or "").lower() == case.doi
    if judgement.choice is Choice.TAKE:
        return "right" if right else "wrong"
    if judgement.choice is Choice.PROPOSE:
        return "proposed" if right else "proposed wrong"
    return "none"


def table(told: Sequence[tuple[Case, Judgement, list[Description]]]) -> Iterator[str]:
    """Lines of a table in Markdown, a group a line, and one for all."""
    groups: dict[str, Counter[str]] = {}
    everything: Counter[str] = Counter()
    for case, judgement, _ in told:
        what = outcome(case, judgement)
        for counts in (groups.setdefault(case.group, Counter()), everything):
            counts[what] += 1
            counts["there"] += case.doi is not None
            counts["asked"] += 1
    yield "| asked for | number | taken | wrong | precision | recall | proposed | of them right |"
    yield "|---|---|---|---|---|---|---|---|"
    for group, counts in (*sorted(groups.items()), ("**all**", everything)):
        taken = counts["right"] + counts["wrong"]
        precision = f"{counts['right'] / taken:.2%}" if taken else "–"
        recall = f"{counts['right'] / counts['there']:.1%}" if counts["there"] else "–"
        proposed = counts["proposed"] + counts["proposed wrong"]
        yield (
            f"| {group} | {counts['asked']:,} | {taken:,} | {counts['wrong']:,} | {precision} "
            f"| {recall} | {proposed:,} | {counts['proposed']:,} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pmc", type=Path)
    parser.add_argument("styled", type=Path)
    parser.add_argument("others", type=Path, nargs="*")
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", choices=("right", "wrong", "proposed", "proposed wrong", "none"))
    options = parser.parse_args()
    collection = collect(
        options.pmc, options.styled, options.others, sample=options.sample, seed=options.seed
    )
    begun = time.perf_counter()
    told = asyncio.run(ask(collection))
    for case, judgement, _ in told:
        if options.show and outcome(case, judgement) == options.show:
            print(f"{case.group}\n  {case.wanted!r}\n  {case.doi} {judgement}")
    print("\n".join(table(told)))
    first = sum(bool(found) and doi_key(found[0].DOI or "") == case.doi for case, _, found in told)
    print(f"\nThe first candidate, taken unseen: {first / len(told):.1%} right.")
    seconds = time.perf_counter() - begun
    print(f"{len(collection.records):,} records, {len(told):,} questions, {seconds:.0f} s")


if __name__ == "__main__":
    main()
