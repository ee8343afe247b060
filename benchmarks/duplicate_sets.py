"""Labelled sets for `benchmarks.duplicates` beside those that others have labelled.

The truth of the **real** ones is the DOI, which is hidden from the comparison together with all
other identifiers: records of one work as several services, databases, libraries and citing papers
describe it, and many works that are not one. The **made** ones are Crossref's records beside
themselves, changed in one way in which collections differ, or beside a near neighbour.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from benchmarks.guard_records import PEOPLE, TITLES, YEARS, Spoiling, different
from refman import plugins
from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Name, Record
from refman.model.identifier import doi_key
from refman.ports import ImportOptions
from refman.rules.evidence import PARTS
from refman.rules.likeness import bare_title, is_generic
from refman.services.importing import choose_importer
from refman.text.reading import TextInput

Labelled = tuple[str, Description]
"""What a record is of, and the record with its identifiers hidden."""

_SECOND_EDITION = re.compile(r"\.3\.\d\.co;2-\w$")
_UNTITLED = frozenset(
    (
        "elsevier-without-titles",
        "american-chemical-society",
        "american-institute-of-physics",
        "american-institute-of-physics-noise",
        "degraded_title_scrambled",
    )
)
"""Styles of references that name no title, or none that is one."""


def real_sets(folder: Path) -> Iterator[tuple[str, list[Labelled]]]:
    """The sets that the files in a folder give; a file that is missing is left out."""
    services = (
        "crossref/crossref-works.jsonl.gz",
        "openalex/openalex-works.jsonl",
        "datacite/datacite-works.jsonl.gz",
        "pubmed/*.xml.gz",
        "pubmed/*.medline",
        "pubmed/metapub-xml/*",
        "portals/pubmed-summary-a.txt",
        "wos/metaknowledge/testFile.isi",
        "bibtex/vendor/*",
        "csv/scopus-export-a.csv",
    )
    yield "services", _labelled(_read(folder, services))
    yield "database exports", _labelled(_read(folder, ("ris/citesource/*",)))
    yield "libraries", _labelled(_read(folder, ("bibtex/large/*",)))
    strings = folder / "refs" / "crossref-styled-references.jsonl.gz"
    yield "references", _labelled(_references(strings))


def _read(folder: Path, names: Iterable[str]) -> Iterator[Description]:
    for name in names:
        for path in sorted(folder.glob(name)):
            with path.open("rb") as stream:
                source = TextInput(stream, str(path))
                importer = choose_importer(source, None)
                for item in plugins.entries(importer, source, ImportOptions()):
                    if isinstance(item, Record):
                        yield item.description


def _references(path: Path) -> Iterator[Description]:
    """The references that name a title, as the importer of text reads them."""
    importer = plugins.importer("text")
    for line in gzip.decompress(path.read_bytes()).splitlines() if path.exists() else ():
        said = json.loads(line)
        if said["style"] in _UNTITLED:
            continue
        source = TextInput(io.BytesIO((said.get("ref_string") or "").encode()), "reference")
        read = [r for r in importer.read(source, ImportOptions()) if isinstance(r, Record)]
        if len(read) == 1 and read[0].description.title:
            yield replace(read[0].description, DOI=said["doi"])


def _labelled(descriptions: Iterable[Description]) -> list[Labelled]:
    return [
        (_work_of(said.DOI), hidden(said))
        for said in descriptions
        if said.DOI and said.DOI.startswith("10.") and said.title
    ]


def _work_of(doi: str) -> str:
    """A DOI, of those that were registered twice in another form the one."""
    return _SECOND_EDITION.sub("", doi_key(doi).replace("//", "/"))


def hidden(description: Description) -> Description:
    """A description without what identifies the work."""
    return replace(
        description, DOI=None, PMID=None, PMCID=None, arXiv=None, URL=None, relations=(),
        updates=(), extra=(),
    )  # fmt: skip


# Made pairs


def as_search_engine(works: Mapping[str, Description]) -> Iterator[tuple[str, Description]]:
    """None to four copies of each work as a search engine shows them, and which work each is of.

    One in eight has something wrong in its title, one in twenty-five another year, and one in ten
    a venue that is none.
    """
    rng = random.Random(5)
    slips: Sequence[Spoiling] = (
        TITLES["slip of the pen"], TITLES["cut after a word"], _scanned, TITLES["in capitals"],
    )  # fmt: skip
    for key, work in works.items():
        for _ in range(rng.choice((0, 1, 1, 2, 3, 4))):
            copy = _as_scholar(work, rng)
            if rng.random() < 0.13:
                copy = replace(rng.choice(slips)(copy, rng), container_title=copy.container_title)
            if copy.issued and copy.issued.year and rng.random() < 0.04:
                copy = replace(copy, issued=Date(copy.issued.year + rng.choice((-1, 1))))
            if rng.random() < 0.1:
                copy = replace(copy, container_title=rng.choice(("Technical report", "Citeseer")))
            if rng.random() < 0.1:
                copy = replace(copy, author=copy.author[:1])
            yield key, copy


def crossref_works(path: Path) -> list[Description]:
    """The works of a file of Crossref's messages that a reference could be to."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    works = (description_from_message(json.loads(line)).description for line in lines)
    return [
        hidden(work)
        for work in works
        if work.title and (work.author or work.editor) and not is_generic(bare_title(work.title))
    ]


def _abbreviated(work: Description, _rng: random.Random) -> Description:
    """The journal as databases abbreviate it, and no ISSN."""
    words = [w for w in (work.container_title or "").split() if w.lower() not in _SMALL]
    short = " ".join(word if len(word) < 6 else f"{word[:4]}." for word in words)
    return replace(work, container_title=short or None, container_title_short=None, ISSN=())


_SMALL = frozenset("of the and for in on & de la et der für und".split())


def _short_range(work: Description, _rng: random.Random) -> Description:
    """`123-8` for 123-128."""
    match = re.fullmatch(r"(\d+)[-–](\d+)", work.page or "")
    if match is None or len(match[1]) != len(match[2]):
        return work
    common = next((i for i, (a, b) in enumerate(zip(*match.groups())) if a != b), 0)
    return replace(work, page=f"{match[1]}-{match[2][common:]}")


def _misread(text: str, rng: random.Random) -> str:
    """With the slips of a scanner: about one letter in thirty."""
    known = {"l": "1", "i": "l", "o": "0", "e": "c", "h": "b", "m": "rn", "u": "n", "s": "5"}
    return "".join(known.get(c, c) if c in known and rng.random() < 0.06 else c for c in text)


def _scanned(work: Description, rng: random.Random) -> Description:
    return replace(
        work,
        title=_misread(work.title or "", rng),
        container_title=_misread(work.container_title or "", rng) or None,
        ISSN=(),
    )


def _bare(work: Description, _rng: random.Random) -> Description:
    """Title, authors and year, as little more than a list of publications has."""
    kept = ("title", "author", "editor", "issued", "type")
    return Description(**{name: getattr(work, name) for name in kept})


def _as_scholar(work: Description, rng: random.Random) -> Description:
    """As a search engine shows it: initials, four authors, a cut venue, often no year."""
    people = tuple(
        replace(n, given=" ".join(p[0] for p in n.given.split())) if n.given else n
        for n in work.author[:4]
    )
    year = work.issued if rng.random() < 0.6 else None
    venue = (work.container_title or "")[:24] if rng.random() < 0.7 else None
    return Description(
        title=work.title, author=people, issued=Date(year.year) if year and year.year else None,
        container_title=venue or None,
    )  # fmt: skip


def _as_medline(work: Description, rng: random.Random) -> Description:
    """As a database of medicine has it: initials without points, abbreviations, short ranges."""
    people = tuple(
        Name(family=n.family, given="".join(p[0] for p in n.given.split())) if n.given else n
        for n in work.author
    )
    return _short_range(_abbreviated(replace(work, author=people), rng), rng)


def _no_place(work: Description, _rng: random.Random) -> Description:
    return replace(work, volume=None, issue=None, page=None, number=None, page_first=None)


OTHERS: dict[str, Spoiling] = {
    "journal abbreviated": _abbreviated,
    "journal missing": lambda w, _: replace(
        w, container_title=None, container_title_short=None, ISSN=()
    ),
    "pages 123-8": _short_range,
    "volume and pages missing": _no_place,
    "title, authors, year": _bare,
    "title in brackets": lambda w, _: replace(w, title=f"[{w.title}]."),
    "type unknown": lambda w, _: replace(w, type=None),
    "scanned": _scanned,
    "as Scholar": _as_scholar,
    "as MEDLINE": _as_medline,
}
_LEFT_OUT = frozenset(("as it is", "as they are", "missing", "the original's", "retracted"))


def changed(works: Sequence[Description]) -> Iterator[tuple[str, list[tuple[Description, ...]]]]:
    """Each way of changing a record, and the records that it changes, beside what it makes."""
    groups = {"title": TITLES, "authors": PEOPLE, "year": YEARS, "": OTHERS}
    for group, changes in groups.items():
        for name, change in changes.items():
            if name in _LEFT_OUT and (group, name) not in (
                ("authors", "missing"),
                ("year", "missing"),
            ):
                continue
            pairs = _changed_by(change, works)
            if pairs:
                yield f"{group} {name}".strip(), pairs


def _changed_by(
    change: Callable[[Description, random.Random], Description], works: Sequence[Description]
) -> list[tuple[Description, ...]]:
    rng = random.Random(11)
    pairs = ((work, change(work, rng)) for work in works)
    return [(work, made) for work, made in pairs if made != work]


def neighbours(works: Sequence[Description]) -> Iterator[tuple[str, Description, Description]]:
    """Pairs that are not one work, though much is the same."""
    for kind, a, b, _ in different(works, random.Random(13)):
        if "spoilt" not in kind and "in one line" not in kind and "any other" not in kind:
            yield kind, a, b
    for work in works:
        yield from _yearly(work)
    for a, b in combinations([w for w in works if w.type in PARTS][:200], 2):
        if a.container_title == b.container_title and a.title != b.title:
            yield "chapters of one book", a, b


def _yearly(work: Description) -> Iterator[tuple[str, Description, Description]]:
    """A report that comes every year, and a talk of the same title years before the paper."""
    if work.issued is None or work.issued.year is None:
        return
    year = work.issued.year
    earlier = replace(
        _no_place(work, random.Random(0)),
        issued=Date(year - 1), published_print=None, published_online=None, event_date=None,
    )  # fmt: skip
    yield (
        "yearly report",
        replace(_no_place(work, random.Random(0)), title=f"{work.title} {year}"),
        replace(earlier, title=f"{work.title} {year - 1}"),
    )
    supplement = replace(earlier, volume="7", issue="Suppl 1", page="S901")
    yield "abstract a year before", work, supplement
