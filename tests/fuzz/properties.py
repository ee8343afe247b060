"""What holds of an importer whatever it is given."""

from __future__ import annotations

import io
import re
import signal
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from refman import plugins
from refman.errors import InputError
from refman.model import Date, Description, Name, Record, Relation, Update, Work, stated
from refman.ports import ExportOptions, ImportOptions, Loss, Problem, Sample
from refman.text.reading import TextInput

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOCATION = re.compile(r"in:(\d+)")
_SECONDS = 2.0
_SECONDS_A_MEGABYTE = 20.0
"""Far above what any importer takes; an input of some kilobytes that needs it, explodes."""
_WRITTEN_BACK = ("bibtex", "biblatex", "ris", "csl-json", "csv", "endnote-xml")


class TooSlow(BaseException):
    """The time is over. Not an `Exception`, which an importer might take for its own."""


def check(name: str, data: bytes) -> int:
    """Read bytes with an importer, and assert all that is promised. Returns how many records.

    Raises `AssertionError`, `TooSlow`, or whatever the importer raises that it should not.
    """
    lines = _lines(data)
    records = []
    with _at_most(_SECONDS + _SECONDS_A_MEGABYTE * len(data) / 1e6):
        importer = plugins.importer(name)
        try:
            source = TextInput(io.BytesIO(data), "in")
        except InputError:
            # Damaged where it is compressed: it is refused as a whole.
            return 0
        sure = importer.recognise(Sample("in", source.head_text, source.head))
        assert 0 <= sure <= 1, f"it is {sure} sure"
        try:
            for entry in importer.read(source, ImportOptions()):
                if isinstance(entry, Problem):
                    _check_problem(entry, lines)
                else:
                    _check_record(entry, lines)
                    records.append(entry)
        except InputError as error:
            told = error.message
        else:
            told = "all was read"
    assert told, "an error without a word"
    _check_writing(records[:3])
    return len(records)


def _lines(data: bytes) -> int | None:
    """How many lines there are; None where they cannot be counted."""
    try:
        text = "".join(TextInput(io.BytesIO(data), "in").lines())
    except InputError:
        return None
    return text.count("\n") + 1


def _check_problem(problem: Problem, lines: int | None) -> None:
    assert problem.reason.strip(), "a problem without a reason"
    assert not _CONTROL.search(problem.reason), f"control characters in {problem.reason!r}"
    assert "\n" not in problem.reason, f"a reason of several lines: {problem.reason!r}"
    _check_line(problem.line, lines, problem.reason)


def _check_line(line: int | None, lines: int | None, what: str) -> None:
    if line is not None:
        assert line >= 1, f"line {line} of {what}"
        # Where a byte is no character, what it is read as may end a line.
        assert lines is None or line <= lines + 1, f"line {line} of {lines}: {what}"


def _check_record(record: Record, lines: int | None) -> None:
    assert isinstance(record, Record), f"a {type(record).__name__}"
    location = _LOCATION.fullmatch(record.origin.location or "")
    assert location, f"no location: {record.origin.location!r}"
    _check_line(int(location.group(1)), lines, "a record")
    assert record.guessed <= set(Description.__dataclass_fields__), f"guessed {record.guessed}"
    if record.citation_key is not None:
        _check_text("citation_key", record.citation_key)
        assert record.citation_key.strip(), "an empty key"
    for field, value in stated(record.description):
        for text in _texts(value):
            _check_text(field, text)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value of a description, but those kept as another format had them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, Name | Date | Update | Relation):
        for slot in value.__slots__:
            yield from _texts(getattr(value, slot))


def _check_text(field: str, text: str) -> None:
    assert text, f"{field} is an empty text"
    assert not _CONTROL.search(text), f"control characters in {field}: {text[:200]!r}"
    assert not _SURROGATE.search(text), f"half a character in {field}: {text[:200]!r}"
    assert unicodedata.is_normalized("NFC", text), f"{field} is not NFC: {text[:200]!r}"


def _check_writing(records: list[Record]) -> None:
    """What was read can be written, in whatever format, and says nothing to a terminal."""
    works = [
        Work(
            id=place,
            citation_key=record.citation_key or f"k{place}",
            description=record.description,
        )
        for place, record in enumerate(records, start=1)
    ]
    for name in _WRITTEN_BACK:
        if works and name in plugins.exporter_names():
            for piece in plugins.exporter(name).write(works, ExportOptions()):
                if not isinstance(piece, Loss):
                    bad = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", piece)
                    assert bad is None, f"{name} writes {bad and bad.group()!r}"
                    piece.encode("utf-8")


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` in what takes more processor time."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:.1f} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def clock() -> float:
    """Seconds of processor time."""
    return time.process_time()
