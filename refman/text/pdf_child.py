"""The process that takes a PDF file apart; `refman.text.pdf_file` starts it.

It reads a PDF from standard input and writes what it found as JSON to standard output. It is a
process of its own because a PDF can be made so that reading it takes for ever or all memory: here
both are bounded, and whatever happens ends with this process.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_MEMORY = 3 * 1024 * 1024 * 1024
MAX_SECONDS = 20
PAGES = 3
"""Pages whose text is read, from the first."""

_MAX_TEXT = 60_000
_MAX_XMP = 2 * 1024 * 1024
_MAX_VALUE = 5000
_MAX_VALUES = 100
_MAX_RUNS = 4000


def main() -> None:
    """Read standard input, write standard output."""
    _limit()
    logging.disable(logging.CRITICAL)
    try:
        found = contents(sys.stdin.buffer.read())
    except MemoryError:
        found = {"fault": "it would take too much memory"}
    sys.stdout.write(json.dumps(found))


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))


def contents(data: bytes) -> dict[str, Any]:
    """What a PDF says of itself.

    That is its `info`, `xmp`, `language`, the `count` of its pages, the `texts` of the first ones,
    the `largest` text on the first; with `fault`, why there is nothing or not all.
    """
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError  # noqa: PLC0415

    found: dict[str, Any] = {}
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            return {"fault": "it is encrypted, and opens with a password only"}
    except DependencyError:
        return {"fault": "it is encrypted in a way that cannot be read here"}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001,RUF100 - pypdf raises whatever comes of bad bytes
        return {"fault": f"it is damaged ({type(error).__name__})"}
    _try(found, "count", lambda: len(reader.pages))
    _try(found, "info", lambda: _info(reader))
    _try(found, "xmp", lambda: _xmp(reader))
    _try(found, "language", lambda: str(reader.root_object.get("/Lang", ""))[:50])
    found["texts"] = []
    for number in range(min(PAGES, found.get("count") or 0)):
        page: dict[str, Any] = {}
        _try(page, "text", lambda number=number: _text(reader.pages[number], found))  # type: ignore[misc]
        found["texts"].append(page.get("text") or "")
    if not found.get("count"):
        found["fault"] = "it is damaged, and no page of it can be found"
    return found


def _try(found: dict[str, Any], name: str, work: Callable[[], Any]) -> None:
    try:
        found[name] = work()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001,S110,RUF100 - as above
        pass


def _info(reader: PdfReader) -> dict[str, str]:
    info: dict[str, str] = {}
    for name, value in list((reader.metadata or {}).items())[:_MAX_VALUES]:
        with contextlib.suppress(Exception):
            info[str(name).lstrip("/")[:100]] = _clean(str(value))[:_MAX_VALUE]
    return info


def _xmp(reader: PdfReader) -> str:
    stream: Any = reader.root_object.get("/Metadata")
    if stream is None:
        return ""
    data: bytes = stream.get_object().get_data()
    return data[:_MAX_XMP].decode("utf-8", "replace")


def _text(page: PageObject, found: dict[str, Any]) -> str:
    runs: list[tuple[float, str]] = []

    def visit(text: str, _cm: Any, matrix: Any, _font: Any, size: float | None) -> None:
        if len(runs) < _MAX_RUNS and text.strip():
            scale = max(abs(float(matrix[3])), abs(float(matrix[1]))) or 1.0
            runs.append((round(float(size or 0) * scale, 1), _clean(text)[:500]))

    text = _clean(page.extract_text(visitor_text=visit) or "")[:_MAX_TEXT]
    if "largest" not in found:
        found["largest"] = _largest(runs)
    return text


def _largest(runs: list[tuple[float, str]]) -> str:
    """The text in the largest letters, as titles are, unless it is only a letter or a number."""
    groups = [
        (size, " ".join(" ".join(text for _, text in group).split()))
        for size, group in itertools.groupby(runs, key=lambda run: run[0])
    ]
    smallest = min((size for size, _ in runs), default=0.0)
    fit = [(size, words) for size, words in groups if len(words) >= 12 and " " in words]
    size, words = max(fit, key=lambda group: group[0], default=(0.0, ""))
    return words[:1000] if size > smallest else ""


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


if __name__ == "__main__":
    main()
