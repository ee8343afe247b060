"""Every file of the collection of real files: recognised, read without an exception, accounted for.

Entries are counted by simple means of other kinds than the importers', and each has to come out as
a record or as a problem. Words are compared, too: what stands in a file must stand in the records,
be it in a field, kept as the format had it, or told in a problem. Files that are in no format that
refman reads are named here with the reason.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from refman import plugins
from refman.errors import UnknownFormat
from refman.model import Record, stated
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.corpus import corpus

_LARGEST = 60_000
"""Letters of a file that are read; what is longer is cut at the end of a line."""

FORMATS = (
    ("bibtex/bbt-export/*.biblatex", "biblatex"),
    ("bibtex/*", "bibtex"),
    ("crossref/crossref-csl-json.jsonl", "csl-json"),
    ("crossref/*", "crossref-json"),
    ("csl-json/*", "csl-json"),
    ("csv/*", "csv"),
    ("dedup/dblp-acm/ACM.csv", "csv"),
    ("dedup/dblp-acm/DBLP2.csv", "csv"),
    ("dois*", "doi-list"),
    ("endnote/*.xml*", "endnote-xml"),
    ("endnote/endnote-test.enw", "wos"),
    ("endnote/*", "enw"),
    ("html/papis/*.html", "html"),
    ("datacite/*", "datacite-json"),
    ("openalex/*", "openalex-json"),
    ("mods/gvk_empty*", None),
    ("mods/gvk_*", "picaxml"),
    ("mods/*", "mods"),
    ("portals/garuda/*", "garuda"),
    ("portals/google-scholar/*", "html"),
    ("portals/jalc_rdf*", "zotero-rdf"),
    ("portals/pubmed-summary*", "text"),
    ("pubmed/*.xml*", "pubmed-xml"),
    ("pubmed/*", "nbib"),
    ("retraction-watch/*", "csv"),
    ("ris/rispy-tests/example_wos.ris", "wos"),
    ("ris/*", "ris"),
    ("wos/jabref-tests/Ovid*", "ovid"),
    ("wos/*", "wos"),
)
"""Which format a file is in, by its path; the first pattern that fits. None: see `OTHERS`."""

OTHERS = (
    ("PROVENANCE.md", "says where the others come from"),
    ("unpaywall/*", "answers of Unpaywall's service, whose records are no bibliographic ones"),
    ("portals/dblp.xml.gz", "the dump of DBLP, a format of its own"),
    ("portals/doaj-articles.jsonl", "answers of DOAJ's service"),
    ("refs/*", "reference lines in JSON, for benchmarks"),
    ("dedup/bib-dedupe-test-cases.json", "pairs of works in JSON, for benchmarks"),
    ("dedup/dblp-acm/*", "which rows of two tables are one work"),
    ("bibtex/bibtex-tidy-others/orcid-citation.bib.bib", "a script, whatever its name says"),
    ("bibtex/bibtex-tidy-php-bibtex-parser/comment-only.bib", "a line of prose"),
    ("bibtex/jabref-tests/MedlineImporterTestMinimalEntry.bib", "a remark and no entry"),
    ("pubmed/jabref-tests/MedlinePlainImporterTestInvalidFormat.xml", "a script in place of XML"),
    ("pubmed/jabref-tests/MedlinePlainImporterTestMultiTitle.txt", "a part of a record"),
    ("wos/jabref-tests/IsiImporterTestEmpty.isi", "nothing but a blank"),
    ("html/papis/*.json", "what papis makes of the pages beside them"),
    ("mods/gvk_empty*", "the answer of a catalogue that it has nothing"),
    ("zotero-testcases/*", "test cases in JSON; tests/agreement reads them"),
    ("wos/jabref-tests/Copac*", "COPAC's export, of a service that ended in 2019"),
    ("wos/jabref-tests/Inspec*", "INSPEC's export of the nineties"),
    ("wos/jabref-tests/SilverPlatter*", "SilverPlatter's export, of a program that ended in 2005"),
)
"""Files in no format that refman reads, and why."""


def _format(path: str) -> str | None:
    return next((name for pattern, name in FORMATS if fnmatch(path, pattern)), None)


def _other(path: str) -> str | None:
    return next((reason for pattern, reason in OTHERS if fnmatch(path, pattern)), None)


@cache
def _files() -> tuple[str, ...]:
    root = corpus()
    return tuple(
        path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()
    )


@cache
def _data(path: str) -> bytes:
    """A file, unpacked, or the beginning of it."""
    data = corpus(*path.split("/")).read_bytes()
    if path.endswith(".gz"):
        with gzip.open(io.BytesIO(data)) as stream:
            data = stream.read(_LARGEST * 4)
    if len(data) <= _LARGEST or path.endswith((".json", ".html")):
        return data
    end = data.rfind(b"\n", 0, _LARGEST) + 1
    return data[: end if end > _LARGEST // 2 else _LARGEST]


def _is_cut(path: str) -> bool:
    data = _data(path)
    return len(data) >= _LARGEST // 2 and not path.endswith((".json", ".html"))


@cache
def _read(path: str, name: str) -> tuple[Record | Problem, ...]:
    source = TextInput(io.BytesIO(_data(path)), path)
    return tuple(plugins.importer(name).read(source, ImportOptions()))


def _text(path: str) -> str:
    return "".join(TextInput(io.BytesIO(_data(path)), path).lines())


def _of_format(name: str) -> list[str]:
    return [path for path in _files() if _format(path) == name and _other(path) is None]


INSTALLED = sorted({name for _, name in FORMATS if name} & set(plugins.importer_names()))


def test_every_file_is_accounted_for() -> None:
    unknown = [path for path in _files() if _format(path) is None and _other(path) is None]
    assert unknown == []


@pytest.mark.parametrize("name", INSTALLED)
def test_files_are_recognised(name: str) -> None:
    mistaken = {}
    for path in _of_format(name):
        source = TextInput(io.BytesIO(_data(path)), Path(path).name.removesuffix(".gz"))
        try:
            found = plugins.recognise(Sample(source.name, source.head_text, source.head)).info.name
        except UnknownFormat:
            found = "none"
        if found != name and {found, name} != {"bibtex", "biblatex"}:
            mistaken[path] = found
    assert mistaken == {}


def _lines_that(pattern: str) -> Callable[[str], int]:
    expression = re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    return lambda text: len(expression.findall(text))


def _rows(text: str) -> int:
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    return sum(1 for row in rows if any(cell.strip() for cell in row)) - 1


def _items(text: str) -> int:
    try:
        found = json.loads(text)
    except ValueError:
        return sum(1 for line in text.splitlines() if line.strip())
    if isinstance(found, dict) and isinstance(found.get("items"), list):
        found = found["items"]
    return len(found) if isinstance(found, list) else 1


COUNTERS: dict[str, Callable[[str], int]] = {
    "bibtex": _lines_that(r"^@(?!comment|string|preamble|xdata|set)\w+[ \t]*[{(][ \t]*[^\s=,{}]+,"),
    "crossref-json": _items,
    "csl-json": _items,
    "csv": _rows,
    "datacite-json": _items,
    "doi-list": _lines_that(r"^.*10\.\d{4,}/.*$"),
    "endnote-xml": _lines_that(r"<record[ >]"),
    "enw": _lines_that(r"^%0 .*\n(?!%0 )"),
    "mods": _lines_that(r"<(?:\w+:)?mods[ >]"),
    "nbib": _lines_that(r"^PMID ?- "),
    "openalex-json": _items,
    "ovid": _lines_that(r"^<\d+>"),
    "pubmed-xml": _lines_that(r"<Pubmed(?:Book)?Article[ >]"),
    "ris": _lines_that(r"^TY {1,2}- ?"),
    "wos": _lines_that(r"^PT [A-Z]"),
}
COUNTERS["biblatex"] = COUNTERS["bibtex"]


@pytest.mark.parametrize("name", [name for name in INSTALLED if name in COUNTERS])
def test_every_entry_is_a_record_or_a_problem(name: str) -> None:
    lost = {}
    for path in _of_format(name):
        there = COUNTERS[name](_text(path)) - _is_cut(path)
        entries = _read(path, name)
        came = sum(1 for entry in entries if isinstance(entry, Record) or not entry.partial)
        if came < there:
            lost[path] = (there, came)
    assert lost == {}


@pytest.mark.parametrize("name", INSTALLED)
def test_something_is_said_of_every_file(name: str) -> None:
    assert [path for path in _of_format(name) if not _read(path, name)] == []


_NOT_BY_WORDS = (
    "crossref-json", "datacite-json", "garuda", "html", "openalex-json", "picaxml", "text",
)  # fmt: skip
"""Pages have much on them that is no reference, services' records much that is no description."""
_WORD = re.compile(r"[a-z]{5,}")
_SHARES = {"mods": 91.0, "biblatex": 98.2, "ris": 99.7, "csv": 99.5, "nbib": 99.5}
"""How much of the words has to come through, in hundredths, where that is not 99.

What does not are words for what is kept in another way: `{\\"u}` as ü, `english` as `en`, `still
image` as a type.
"""
_NOT_OF_THE_WORK = {
    "pubmed-xml": (
        r"<ReferenceList>.*?</ReferenceList>|<History>.*?</History>|<PublicationStatus>.*?<"
        r"|<CommentsCorrectionsList>.*?</CommentsCorrectionsList>"
    ),
    "mods": r"<(?:\w+:)?recordInfo>.*?</(?:\w+:)?recordInfo>",
    "ovid": r"^(?:[A-Z][A-Za-z, ]+)$|^CR[ -].*(?:\n[ ].*)*",
}
"""Lists of the works cited, the days on which a record was changed, and the names of fields."""


def _words(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return set(_WORD.findall(folded))


def _said(entries: tuple[Record | Problem, ...]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, Problem):
            yield entry.raw
            yield entry.reason
            continue
        yield entry.citation_key or ""
        yield from (text for _, text in entry.verbatim)
        yield from (_all_text(value) for _, value in stated(entry.description))


def _all_text(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(map(_all_text, value))
    if isinstance(value, str):
        return value
    return " ".join(_all_text(getattr(value, slot)) for slot in getattr(value, "__slots__", ()))


@pytest.mark.parametrize("name", [name for name in INSTALLED if name not in _NOT_BY_WORDS])
def test_words_come_through(name: str) -> None:
    missing: dict[str, int] = {}
    total = 0
    for path in _of_format(name):
        if "crossref" in path:
            continue  # Its records tell of the works they cite.
        there = _words(_values(name, _text(path)))
        gone = there - _words(" ".join(_said(_read(path, name))))
        total += len(there)
        for word in gone:
            missing[word] = missing.get(word, 0) + 1
    share = 100 * (1 - sum(missing.values()) / max(total, 1))
    most = sorted(missing, key=lambda word: -missing[word])[:30]
    assert share >= _SHARES.get(name, 99), f"{share:.2f} %; {most}"


_MARKUP = {
    "bibtex": r"^[ \t]*[\w:+-]+[ \t]*=|@[ \t]*\w+[ \t]*[{(]|\\[A-Za-z]+",
    "csl-json": r"\"[\w-]+\"[ \t]*:",
    "csv": r"\A.*",
    "endnote-xml": r"<[^>]*>",
    "mods": r"<[^>]*>",
    "pubmed-xml": r"<[^>]*>",
    "zotero-rdf": r"<[^>]*>",
}
_MARKUP["biblatex"] = _MARKUP["bibtex"]


def _values(name: str, text: str) -> str:
    """A file without what is no value: names of fields and columns, commands, tags."""
    beside = _NOT_OF_THE_WORK.get(name)
    if beside is not None:
        text = re.sub(beside, " ", text, flags=re.MULTILINE | re.DOTALL)
    markup = _MARKUP.get(name)
    return html.unescape(re.sub(markup, " ", text, flags=re.MULTILINE)) if markup else text
