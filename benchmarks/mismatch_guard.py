"""How often the guard against wrong DOIs is wrong: `refman.rules.match.agrees`, measured.

    python -m benchmarks.mismatch_guard [WORKS.jsonl.gz] [--seed N] [--show KIND]

Real Crossref records are spoilt in the ways in which entries of real libraries are (the entry
still is the same work: a refusal is a false alarm), and are put beside the record of another work,
chosen at random or for its likeness (here consent is a miss). The default input is a small choice
of bare facts from Crossref, `tests/data/match/works.jsonl.gz`; any JSON Lines of Crossref works
will do. `tests/unit/rules/test_agreement.py` takes a part of the same pairs and bounds the rates.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Name
from refman.rules.likeness import bare_title
from refman.rules.match import agrees
from refman.text.markup import strip_markup

DEFAULT = Path(__file__).parent.parent / "tests" / "data" / "match" / "works.jsonl.gz"
Pair = tuple[str, Description, Description, bool]
Spoiling = Callable[[Description, random.Random], Description]


def load(path: Path) -> list[Description]:
    """The works of a file that have a title and were not deleted, as refman reads them."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    read = [description_from_message(json.loads(line)).description for line in lines]
    return [work for work in read if work.title]


# How entries are spoilt. Each takes a description and gives one of the same work.


def _title(work: Description, change: Callable[[str], str]) -> Description:
    return replace(work, title=change(work.title or "") or work.title)


def _cut(title: str, rng: random.Random) -> str:
    title = strip_markup(title)
    words = title.split()
    if len(words) < 7:
        return title
    return " ".join(words[: rng.randint(max(4, len(words) // 2), len(words) - 1)])


def _cut_in_word(title: str, rng: random.Random) -> str:
    title = strip_markup(title)
    if len(title) < 45:
        return title
    return title[: rng.randint(30, len(title) - 4)] + rng.choice(("", "…", "..."))


def _no_subtitle(title: str) -> str:
    main = re.split(r"[:.?] ", strip_markup(title), maxsplit=1)[0]
    return main if len(main.split()) >= 3 else title


def _slip(title: str, rng: random.Random) -> str:
    places = [m.start() for m in re.finditer(r"(?<=[a-z]{3})[a-z](?=[a-z]{2})", title)]
    if not places:
        return title
    at = rng.choice(places)
    return title[:at] + rng.choice(("", title[at] * 2, "e")) + title[at + 1 :]


def _no_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _retracted(title: str, rng: random.Random) -> str:
    marks = ("RETRACTED: ", "Retracted: ", "RETRACTED ARTICLE: ", "[Retracted] ", "WITHDRAWN: ")
    return rng.choice(marks) + title


def _joints(title: str, rng: random.Random) -> str:
    return title.replace("-", rng.choice((" ", "", "–")))


def _names(work: Description, change: Callable[[tuple[Name, ...]], Iterable[Name]]) -> Description:
    return replace(work, author=tuple(change(work.author)))


def _initials(name: Name, joint: str) -> Name:
    if not name.given:
        return name
    return replace(name, given=joint.join(part[0] + "." for part in name.given.split()))


def _swapped(name: Name) -> Name:
    return replace(name, family=name.given, given=name.family) if name.given else name


def _capitals(name: Name) -> Name:
    def up(text: str | None) -> str | None:
        return text.upper() if text else text

    return replace(name, family=up(name.family), given=up(name.given), literal=up(name.literal))


def _years_on(work: Description, step: int) -> Description:
    if work.issued is None or work.issued.year is None:
        return work
    return replace(
        work,
        issued=Date(work.issued.year + step),
        published_print=None,
        published_online=None,
        event_date=None,
    )


TITLES: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "in capitals": lambda w, _: _title(w, lambda t: strip_markup(t).upper()),
    "in lower case": lambda w, _: _title(w, str.lower),
    "cut after a word": lambda w, r: _title(w, lambda t: _cut(t, r)),
    "cut in a word": lambda w, r: _title(w, lambda t: _cut_in_word(t, r)),
    "no subtitle": lambda w, _: _title(w, _no_subtitle),
    "subtitle by dash": lambda w, _: _title(w, lambda t: t.replace(": ", " - ", 1)),
    "no marks": lambda w, _: _title(w, strip_markup),
    "no accents": lambda w, _: _title(w, _no_accents),
    "slip of the pen": lambda w, r: _title(w, lambda t: _slip(t, r)),
    "retracted": lambda w, r: _title(w, lambda t: _retracted(t, r)),
    "hyphens": lambda w, r: _title(w, lambda t: _joints(t, r)),
    "escaped": lambda w, _: _title(w, lambda t: t.replace("&", "&amp;").replace("'", "&#39;")),
    "missing": lambda w, _: replace(w, title=None),
}
PEOPLE: dict[str, Spoiling] = {
    "as they are": lambda w, _: w,
    "literal": lambda w, _: _names(w, lambda a: (Name(literal=n.display) for n in a)),
    "literal, turned": lambda w, _: _names(w, lambda a: (Name(literal=n.inverted) for n in a)),
    "initials": lambda w, _: _names(w, lambda a: (_initials(n, " ") for n in a)),
    "initials joined": lambda w, _: _names(w, lambda a: (_initials(n, "") for n in a)),
    "swapped": lambda w, _: _names(w, lambda a: (_swapped(n) for n in a)),
    "capitals": lambda w, _: _names(w, lambda a: (_capitals(n) for n in a)),
    "first and others": lambda w, _: _names(w, lambda a: (*a[:1], Name(literal="others"))),
    "last missing": lambda w, _: _names(w, lambda a: a[:-1] if len(a) > 1 else a),
    "other order": lambda w, _: _names(w, lambda a: a[::-1]),
    "no accents": lambda w, _: _names(
        w,
        lambda a: (
            replace(n, family=_no_accents(n.family), given=_no_accents(n.given or "") or None)
            if n.family
            else n
            for n in a
        ),
    ),
    "missing": lambda w, _: replace(w, author=(), editor=()),
}
YEARS: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "bare": lambda w, _: _years_on(w, 0),
    "a year later": lambda w, _: _years_on(w, 1),
    "a year earlier": lambda w, _: _years_on(w, -1),
    "two years later": lambda w, _: _years_on(w, 2),
    "missing": lambda w, _: replace(
        w, issued=None, published_print=None, published_online=None, event_date=None
    ),
}
PLACES: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "first page": lambda w, _: replace(w, page=re.split("[-–]", w.page)[0] if w.page else None),
    "missing": lambda w, _: replace(
        w, container_title=None, container_title_short=None, volume=None, issue=None, page=None,
        number=None, ISSN=(), ISBN=(), type=None,
    ),
}  # fmt: skip
GROUPS = {"title": TITLES, "people": PEOPLE, "year": YEARS, "place": PLACES}


def same(works: list[Description], rng: random.Random) -> Iterator[Pair]:
    """Each record beside itself, spoilt in one way, and in one way of each kind."""
    for work in works:
        for group, spoilings in GROUPS.items():
            for name, spoil in spoilings.items():
                yield f"{group} {name}", spoil(work, rng), work, True
        for _ in range(5):
            yield "all at once", _spoil(work, rng), work, True


def _spoil(work: Description, rng: random.Random) -> Description:
    for spoilings in GROUPS.values():
        work = rng.choice(list(spoilings.values()))(work, rng)
    return work


def different(works: list[Description], rng: random.Random) -> Iterator[Pair]:
    """Each record beside another one's: any, of the same journal, author, or a like title."""
    by_journal: dict[str, list[int]] = defaultdict(list)
    by_author: dict[str, list[int]] = defaultdict(list)
    titles = [bare_title(work.title or "") for work in works]
    for index, work in enumerate(works):
        if work.container_title:
            by_journal[work.container_title].append(index)
        if work.author and work.author[0].family:
            by_author[work.author[0].family.lower()].append(index)
    for index, work in enumerate(works):
        groups = {
            "any other": range(len(works)),
            "same journal": by_journal.get(work.container_title or "", ()),
            "same first author": by_author.get(
                (work.author[0].family or "").lower() if work.author else "", ()
            ),
        }
        for kind, group in groups.items():
            others = [i for i in group if titles[i] != titles[index]]
            if others:
                yield kind, work, works[rng.choice(others)], False
                yield f"{kind}, spoilt", _spoil(work, rng), works[rng.choice(others)], False
        best = process.extract(titles[index], titles, scorer=fuzz.token_sort_ratio, limit=4)
        near = next((i for title, _, i in best if title != titles[index]), None)
        if near is not None:
            yield "likest title", work, works[near], False
        yield from _sequels(work)


def _sequels(work: Description) -> Iterator[Pair]:
    """Another part of the same series, by the same people in the same year."""
    if len(bare_title(work.title or "")) < 15:
        return
    work = replace(work, original_title=None, title_short=None)
    other = replace(work, page="901-910", number=None, page_first=None)
    for one, two in (("Part I", "Part II"), ("2", "3"), ("A", "B")):
        mine = replace(work, title=f"{work.title}. {one}")
        yield "sequel", mine, replace(other, title=f"{work.title}. {two}"), False
        yield (
            "sequel without pages",
            replace(mine, page=None, number=None, page_first=None),
            replace(other, title=f"{work.title}. {two}", page=None),
            False,
        )


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
    parser.add_argument("works", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", metavar="KIND", help="print the wrong verdicts of one kind")
    options = parser.parse_args()
    works = load(options.works)
    rng = random.Random(options.seed)
    started = time.perf_counter()
    counts = measure((*same(works, rng), *different(works, rng)), options.show)
    seconds = time.perf_counter() - started
    print(f"{len(works)} works, {counts.total()} pairs, {counts.total() / seconds:.0f} a second")
    for expected, word in ((True, "false alarms"), (False, "misses")):
        kinds = list(dict.fromkeys(kind for kind, truth, _ in counts if truth is expected))
        total, wrong = 0, 0
        for kind in kinds:
            right, bad = counts[kind, expected, True], counts[kind, expected, False]
            total, wrong = total + right + bad, wrong + bad
            print(f"{word:12}  {kind:28} {bad:5} of {right + bad:6}  {bad / (right + bad):7.2%}")
        print(f"{word:12}  {'all':28} {wrong:5} of {total:6}  {wrong / total:7.2%}")


if __name__ == "__main__":
    main()
