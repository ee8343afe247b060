"""How much of plain references the importer `text` reads, and how often it is right, by style.

    python -m benchmarks.text_references FOLDER [--half tune|held|all] [--show STYLE FIELD VERDICT]

FOLDER is the collection of real files (its `refs/` and `crossref/` are read). Three kinds of
references are held against what is true of the work, field by field: right, wrong or not stated.

- Styled: references that Crossref made of its own records in eleven styles and states of decay. The
  records are not with them, so the truth is taken from the one style that keeps all fields apart;
  which part of that is the title, the quotation marks of another style of the same work show.
- PMC: references as they stand in articles of PubMed Central. GROBID's reading of them is beside;
  it is not always right, and has the first author only; a title that it cut is not judged.
- Formatted here: Crossref's records in a dozen more styles, by citeproc.

The halves are by a hash of the DOI: rules were tuned on one, and the figures of
`docs/formats/text.md` are of the other. A name counts as right by its family name; a list that the
reference cut (`et al.`) where those it has are right; a first page alone where the reference has no
more; a container abbreviated in the reference as it is there. In the two noisy styles, which have
wrong letters in them, what is nearly the same is right.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import io
import json
import re
import time
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.reference_records import by_doi, read_lines
from refman.crosswalk.reference import read_reference
from refman.model import Description
from refman.text.joining import join_lines
from refman.text.titles import fold

FIELDS = ("author", "year", "title", "container", "volume", "issue", "page")
Truth = dict[str, Any]

_QUOTED = re.compile("“(.+)”")
_SENTENCE = re.compile(r"[.?!] ")
CITEPROC_STYLES = (
    "apa", "modern-language-association", "chicago-author-date", "harvard-cite-them-right", "ieee",
    "elsevier-vancouver", "american-medical-association", "nature", "american-chemical-society",
    "springer-basic-author-date", "elsevier-harvard", "elsevier-with-titles", "science", "cell",
    "bmj", "royal-society-of-chemistry", "american-sociological-association",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A reference and what is true of its work; a field that is not known is not in `truth`."""

    style: str
    DOI: str
    text: str
    truth: Truth


def squeezed(text: str) -> str:
    """Letters and digits alone, folded."""
    folded = unicodedata.normalize("NFKC", fold(re.sub(r"</?\w[^<>]*>", "", text)))
    return re.sub(r"[\W_]+", "", folded)


def half_of(doi: str) -> str:
    """`tune` or `held`."""
    return ("tune", "held")[hashlib.sha256(doi.lower().encode()).digest()[0] % 2]


# Crossref's own references


def styled_cases(path: Path) -> Iterator[Case]:
    """The references of `crossref-styled-references.jsonl.gz`."""
    for doi, styles in by_doi(read_lines(path)).items():
        truth = _truth_of_styles(styles)
        if truth is None:
            continue
        for style, text in styles.items():
            known = dict(truth)
            if style == "degraded_one_author" and "author" in known:
                known["author"] = known["author"][:1]
            if style == "degraded_title_scrambled":
                known.pop("title", None)
            yield Case(style, doi, text, known)


def _truth_of_styles(styles: dict[str, str]) -> Truth | None:
    quoted = [
        match[1]
        for style in ("chicago-author-date", "modern-language-association")
        if (match := _QUOTED.search(styles.get(style, "")))
    ]
    for style in ("degraded_all_authors", "degraded_one_author"):
        fields = styles.get(style, "").rsplit(". ", 4)
        if len(fields) == 5:
            year, volume, issue, page = (field.strip(" .") for field in fields[1:])
            truth: Truth = {"year": year, "volume": volume, "issue": issue, "page": page}
            people = _split_rest(fields[0], quoted[0] if quoted else None, truth)
            if people is not None and style == "degraded_all_authors":
                chunks = [chunk.strip() for chunk in people.split(", ")]
                if len(chunks) % 2 == 0 and all(chunks[::2]):
                    truth["author"] = chunks[::2]
            return truth
    return None


def _split_rest(rest: str, title: str | None, truth: Truth) -> str | None:
    """Take title and container out of `People. Title. Container`; the people."""
    if title is not None:
        wanted = squeezed(title)
        for start in [0, *(match.end() for match in re.finditer(r"\. ", rest))]:
            if wanted and squeezed(rest[start:]).startswith(wanted):
                truth["title"] = wanted
                truth["container"] = squeezed(rest[start:])[len(wanted) :]
                return rest[: max(0, start - 2)]
        return None
    if rest.startswith((". ", ", . ")):
        ends = list(_SENTENCE.finditer(rest.lstrip(" .,")))
        if len(ends) == 1:
            bare = rest.lstrip(" .,")
            truth |= {
                "title": squeezed(bare[: ends[0].start()]),
                "container": squeezed(bare[ends[0].end() :]),
                "author": [],
            }
    return None


# References out of PubMed Central


def pmc_cases(path: Path) -> Iterator[Case]:
    """The references of `pmc-references.jsonl.gz`."""
    for row in read_lines(path):
        truth: Truth = {
            "title": squeezed(row.get("atitle") or ""),
            "container": squeezed(row.get("jtitle") or ""),
            "volume": row.get("volume") or "",
            "page": row.get("firstPage") or "",
        }
        truth = {name: value for name, value in truth.items() if value}
        if row.get("firstAuthor"):
            truth["first"] = row["firstAuthor"]
        yield Case("pmc", row["doi"], join_lines(row["reference"].splitlines()), truth)


# Records that citeproc formats


def citeproc_cases(paths: Iterable[Path], limit: int) -> Iterator[Case]:
    """Crossref's records in the styles of `CITEPROC_STYLES`."""
    for style in CITEPROC_STYLES:
        yield from _formatted(style, list(_records(paths, limit)))


def _records(paths: Iterable[Path], limit: int) -> Iterator[tuple[str, Description]]:
    from refman.crosswalk.crossref import description_from_message

    for path in paths:
        found: list[tuple[str, Description]] = []
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                description = description_from_message(message).description
                ends = (description.page or "").split("-")
                odd = (description.container_title or "").count(". ") > 3 or len(ends) > 2
                if description.title and description.type in _WANTED_TYPES and not odd:
                    found.append((message["DOI"], description))
        yield from found[:: max(1, len(found) // limit)][:limit]


_WANTED_TYPES = frozenset(("article-journal", "chapter", "paper-conference", "book"))


def _formatted(style: str, records: list[tuple[str, Description]]) -> Iterator[Case]:
    from refman.model import Work
    from refman.services.citing import CiteFormat, cite

    for number, (doi, description) in enumerate(records):
        work = Work(id=number, citation_key=f"k{number}", description=description)
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                (text,) = cite([work], style=style, form=CiteFormat.TEXT)
            except Exception:  # citeproc-py fails on some records in some styles
                continue
        yield Case(f"citeproc: {style}", doi, text, _truth_of_description(description))


def _truth_of_description(description: Description) -> Truth:
    return {
        "author": [name.full_family for name in description.author],
        "year": str(description.year or ""),
        "title": squeezed(description.title or ""),
        "container": squeezed(description.container_title or ""),
        "whole": description.container_title or "",
        "short": squeezed(description.container_title_short or ""),
        "volume": description.volume or "",
        "issue": description.issue or "",
        "page": description.page or "",
    }


# What was read


def value_of(field: str, description: Description) -> Any:
    """A field of a description in the form in which it is compared; None where not stated."""
    if field == "author":
        names = [name.full_family for name in description.author if name.literal != "others"]
        return names or None
    if field == "year":
        return str(description.year) if description.year else None
    if field == "title":
        return squeezed(description.title or "") or None
    if field == "container":
        return squeezed(description.container_title or "") or None
    return getattr(description, field)


def verdict(field: str, description: Description, case: Case) -> str | None:
    """`right`, `wrong`, `not stated`; None where it cannot be told or there is nothing to state."""
    truth, text = case.truth, case.text
    stated = value_of(field, description)
    if field == "author" and "first" in truth and "author" not in truth:
        if stated is None:
            return "not stated"
        return "right" if _same_family(stated[0], truth["first"]) else "wrong"
    if field not in truth:
        return None
    wanted = truth[field]
    if stated is None:
        return "not stated" if wanted and _is_there(field, truth, text) else None
    if not wanted:
        return "wrong"
    if _same(field, stated, wanted, description, truth):
        return "right"
    if field == "container" and _abbreviates(
        description.container_title or "", truth.get("whole", "")
    ):
        return "right"
    if case.style.endswith("-noise"):
        return "right" if _alike(field, stated, wanted) else "wrong"
    if field == "title" and case.style == "pmc" and stated.startswith(wanted):
        return None  # GROBID drops what stands in italics
    if field in ("title", "container") and not _is_there(field, truth, text):
        return None  # the style took another of the record's titles
    return "wrong"


def _abbreviates(short: str, whole: str) -> bool:
    """Whether every word of a name is the beginning of one of another's, in order."""
    rest = iter(fold(whole).split())
    return bool(whole) and all(
        any(word.startswith(part) for word in rest) for part in fold(short).split()
    )


def _alike(field: str, stated: Any, wanted: Any) -> bool:
    """Whether what was read of a text with wrong letters is what stands there."""
    if field == "author":
        pairs = zip(map(squeezed, stated), map(squeezed, wanted))
        return len(stated) == len(wanted) and all(fuzz.ratio(*pair) >= 60 for pair in pairs)
    return fuzz.ratio(squeezed(stated), squeezed(wanted)) >= (
        85 if field in ("title", "container") else 60
    )


def _is_there(field: str, truth: Truth, text: str) -> bool:
    """Whether the reference has the field at all, as styles leave out some."""
    if field == "author":
        return squeezed(truth["author"][0]) in squeezed(text)
    wanted = truth[field]
    if field == "container":
        names = [name for name in (wanted, truth.get("short")) if name]
        return any(name in squeezed(text) for name in names)
    if field in ("title", "year"):
        return wanted in squeezed(text)
    return squeezed(wanted.split("-")[0]) in squeezed(text)


def _same(field: str, stated: Any, wanted: Any, description: Description, truth: Truth) -> bool:
    if field == "author":
        if description.author[-1].literal == "others":
            wanted = wanted[: len(stated)]
        return len(stated) == len(wanted) and all(map(_same_family, stated, wanted))
    if field == "page":
        ours, theirs = (re.sub(r"[–—−]", "-", text).lower().split("-") for text in (stated, wanted))
        if len(ours) == 2 and len(theirs) == 2:
            return ours[0] == theirs[0] and theirs[1].endswith(ours[1])
        return ours[0] == theirs[0] or squeezed(stated) == squeezed(wanted)
    if field == "volume":
        return squeezed(stated) == squeezed(wanted).removeprefix("volume").removeprefix("vol")
    if field == "container":
        return stated in (wanted, truth.get("short"))
    return squeezed(stated) == squeezed(wanted)


def _same_family(one: str, other: str) -> bool:
    a, b = squeezed(one), squeezed(other)
    return a == b or (len(a) > 2 and b.endswith(a)) or (len(b) > 2 and a.endswith(b))


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "held", "all"), default="held")
    parser.add_argument("--only", choices=("styled", "pmc", "citeproc"))
    parser.add_argument("--records", type=int, default=250, help="of each file, for citeproc")
    parser.add_argument("--show", nargs=3, metavar=("STYLE", "FIELD", "VERDICT"))
    options = parser.parse_args()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    seconds = 0.0
    for case in _cases(options.folder, options.only, options.records):
        if options.half not in ("all", half_of(case.DOI)):
            continue
        start = time.process_time()
        read = read_reference(case.text)
        seconds += time.process_time() - start
        sizes[case.style] += 1
        for field in FIELDS:
            judged = verdict(field, read.description, case)
            if judged is not None:
                counts[case.style, field][judged] += 1
                if options.show == [case.style, field, judged]:
                    said = value_of(field, read.description)
                    print(read.form, case.text, said, case.truth.get(field), sep=" | ")
    _print(sizes, counts)
    print(f"\n{sum(sizes.values()):,} references, {sum(sizes.values()) / seconds:,.0f} a second")


def _cases(folder: Path, only: str | None, limit: int) -> Iterator[Case]:
    if only in (None, "styled"):
        yield from styled_cases(folder / "refs" / "crossref-styled-references.jsonl.gz")
    if only in (None, "pmc"):
        yield from pmc_cases(folder / "refs" / "pmc-references.jsonl.gz")
    if only in (None, "citeproc"):
        names = ("crossref-works.jsonl.gz", "crossref-dump-part.jsonl.gz")
        yield from citeproc_cases([folder / "crossref" / name for name in names], limit)


_FEWEST = 8
"""Statements of which a share is told; styles that have no issues state one by mistake only."""


def _print(sizes: Counter[str], counts: dict[tuple[str, str], Counter[str]]) -> None:
    """Two shares a field: of what is stated, right; of what could be stated, right."""
    print("| style | references | " + " | ".join(FIELDS) + " |")
    print("|" + "---|" * (2 + len(FIELDS)))
    for style, size in sizes.items():
        cells = []
        for field in FIELDS:
            count = counts[style, field]
            stated = count["right"] + count["wrong"]
            every = stated + count["not stated"]
            cells.append(
                f"{100 * count['right'] / stated:.1f} / {100 * count['right'] / every:.0f}"
                if stated >= _FEWEST
                else "–"
            )
        print(f"| {style} | {size:,} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
