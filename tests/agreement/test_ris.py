"""RIS beside Zotero's RIS translator, and over every file of the collection."""

from __future__ import annotations

import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from pathlib import Path

import rispy

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.ris import description_from_tags
from refman.crosswalk.ris_values import one_line, read_name
from refman.exporters.ris import exporter
from refman.importers.ris import _split, importer
from refman.model import Description, Record, Work, stated
from refman.ports import ExportOptions, ImportOptions, Loss, Problem
from refman.text.reading import TextInput
from tests.agreement.zotero import Agreement, agree
from tests.corpus import corpus

# Why we differ where we do; `docs/formats/ris.md` has it for readers.
NO_TYPE_FOR_IT = "Zotero has no type for it and takes the nearest; we have CSL's own"
COMPOSER = "who made a song or score is its author, for that is where styles look"
KNOWN = {
    (1, 18, "type"): "INPR, a work in press, is an article rather than a manuscript",
    (1, 22, "type"): NO_TYPE_FOR_IT,  # JFULL, a periodical
    (1, 27, "type"): NO_TYPE_FOR_IT,  # MUSIC, a musical score
    (1, 27, "composer"): COMPOSER,
    (1, 27, "performer"): "EndNote's MUSIC has editors under A2, and nobody performs a score",
    (1, 32, "composer"): COMPOSER,
    (1, 34, "type"): "CTLG, a catalogue, is a book rather than an article in a magazine",
    (1, 35, "type"): "UNBILL, an unenacted bill, is a bill rather than a manuscript",
    (1, 36, "type"): "UNPB, an unpublished work, is what preprints are written as",
}


def _without_placeholders(found: Agreement) -> None:
    """Zotero writes the year 0000 where it finds none; we find none either."""
    found.differences = [
        difference
        for difference in found.differences
        if not (
            difference.place[2] == "issued"
            and str(difference.expected).startswith("0000 ")
            and getattr(difference.found, "year", 0) is None
        )
    ]


def test_agrees_with_zotero() -> None:
    found = agree("ris", "ris")
    _without_placeholders(found)
    print(found)
    assert found.differing == KNOWN.keys()
    assert found.share >= 0.98


# Every file


def _files() -> list[Path]:
    endings = (".ris", ".txt", ".gz")
    return sorted(path for path in corpus("ris").rglob("*") if path.name.endswith(endings))


@cache
def _bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@cache
def _items(path: Path) -> list[Record | Problem]:
    return _read(_bytes(path))


def _read(raw: bytes) -> list[Record | Problem]:
    options = ImportOptions(recase_titles=False)
    return list(importer.read(TextInput(io.BytesIO(raw), "x"), options))


def _records(raw: bytes) -> list[Record]:
    return [item for item in _read(raw) if isinstance(item, Record)]


def _written(records: list[Record]) -> str:
    works = [
        Work(id=n, citation_key=record.citation_key or f"key{n}x", description=record.description)
        for n, record in enumerate(records)
    ]
    return "".join(item for item in exporter.write(works, ExportOptions()) if isinstance(item, str))


def test_every_record_is_accounted_for() -> None:
    total = 0
    for path in _files():
        raw = _bytes(path)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        begun = len(re.findall(r"^\s*TY {0,2}- ?", text, re.MULTILINE))
        items = _items(path)
        records = [item for item in items if isinstance(item, Record)]
        lost = [item for item in items if isinstance(item, Problem) and not item.partial]
        assert all(item.line and item.reason for item in lost)
        if path.name == "example_wos.ris":
            # Web of Science's own format, by a wrong name.
            assert (begun, len(records)) == (0, 0)
            assert lost
        elif path.name == "RisImporterCorrupted.ris":
            assert (begun, len(records)) == (0, 1)
        else:
            # One record after another that says nothing but its type.
            silent = [item for item in lost if item.reason == "a record that says nothing"]
            assert begun in (len(records), len(records) + len(silent)), path
            assert lost == silent, path
        total += len(records)
    assert total > 3700


_WORD = re.compile(r"\w+")
_SAID_OTHERWISE = frozenset(("TY", "ER", "DA", "Y1", "Y2", "PY", "SN", "DO"))
"""Tags whose values are brought into one form; dates and numbers are tested in their own way."""


def _words(text: str) -> set[str]:
    return {word.lstrip("0") for word in _WORD.findall(text.lower())}


def test_every_value_is_mapped_or_kept() -> None:
    values = 0
    for path in _files():
        for item in _split(TextInput(io.BytesIO(_bytes(path)), "x").lines()):
            if isinstance(item, Problem):
                continue
            read = description_from_tags(item.tags)
            said = f"{stated(read.description)!r}{read.citation_key!r}".replace("\\n", " ")
            words = _words(unicodedata.normalize("NFC", said))
            for tag, found in item.tags.items():
                if tag in _SAID_OTHERWISE:
                    continue
                for value in found:
                    values += 1
                    missing = _words(one_line(value.replace("\n", " "))) - words
                    assert not missing, (path, item.line, tag, value)
    assert values > 70_000


def test_what_is_written_stays_as_it_is() -> None:
    for path in _files():
        written = _written([item for item in _items(path) if isinstance(item, Record)])
        assert _written(_records(written.encode())) == written, path


# Crossref's records


@cache
def _crossref_works() -> list[Description]:
    return list(_crossref("crossref-works.jsonl.gz"))


def _crossref(*names: str) -> Iterator[Description]:
    for name in names:
        with gzip.open(corpus("crossref", name), "rt", encoding="utf-8") as lines:
            for line in lines:
                yield description_from_message(json.loads(line)).description


def test_crossref_records_come_back_but_for_what_is_said_to_be_lost() -> None:
    count = 0
    # Of the second file, which is bulk and much alike, every fifth.
    bulk = islice(_crossref("crossref-dump-part.jsonl.gz"), 0, None, 5)
    for description in chain(_crossref_works(), bulk):
        work = Work(id=1, citation_key="key1", description=description)
        items = list(exporter.write([work], ExportOptions()))
        lost = {item.field for item in items if isinstance(item, Loss)}
        text = "".join(item for item in items if isinstance(item, str))
        (record,) = _records(text.encode())
        before = _comparable(description)
        after = _comparable(record.description)
        for field in before.keys() | after.keys():
            if before.get(field) != after.get(field):
                assert field in lost, (description.DOI, field, before.get(field), after.get(field))
        count += 1
    assert count > 1600


def _comparable(description: Description) -> dict[str, object]:
    """What is said, without the fields of other formats, which RIS is not meant to carry."""
    own = tuple(extra for extra in description.extra if extra.format == "ris")
    return dict(stated(replace(description, extra=own)))


def test_rispy_reads_the_same() -> None:
    works = [
        Work(id=n, citation_key=f"key{n}x", description=d) for n, d in enumerate(_crossref_works())
    ]
    items = exporter.write(works, ExportOptions())
    text = "".join(item for item in items if isinstance(item, str))
    ours = _records(text.encode())
    theirs = rispy.loads(text)
    assert len(ours) == len(theirs) == len(works)
    for record, entry in zip(ours, theirs, strict=True):
        description = record.description
        assert entry.get("id") == record.citation_key
        assert entry.get("title") == description.title
        assert entry.get("doi") == description.DOI
        issue_too = f"{description.volume} ({description.issue})"  # One volume says both.
        assert entry.get("volume") in (description.volume, issue_too)
        assert entry.get("abstract") == description.abstract
        # One keyword with commas is parted here, as Zotero does it.
        assert ", ".join(entry.get("keywords", ())) == ", ".join(description.keyword)
        assert [read_name(text) for text in entry.get("authors", ())] == [*description.author]
        assert entry.get("publisher") == description.publisher
        year = description.issued.year if description.issued is not None else None
        assert entry.get("year") == (f"{year:04d}" if year is not None else None)
