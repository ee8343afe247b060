"""Exporting: works in a format, written to a file all at once or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from refman import plugins
from refman.errors import InputError
from refman.model import Work
from refman.ports import ExportOptions, Loss
from refman.rules.export_view import BESIDE_FIELDS, view
from refman.rules.journal_names import JournalNames
from refman.text.reading import MAX_TEXT, TextInput

ALWAYS = ("key", "citation_key", "citation-key", "id")
"""Names that a user may have for what every entry has."""
_FOREIGN = re.compile(r"[a-z][a-z0-9-]*:\S(.*\S)?")


def export(
    format_name: str,
    works: Iterable[Work],
    options: ExportOptions | None = None,
    journal_lists: Sequence[Path] = (),
) -> Iterator[str | Loss]:
    """The works in a format, in pieces of text, and what it could not carry.

    `journal_lists` are the user's own lists of names of journals, read where `options` asks for
    their names in full or abbreviated. Raises `PluginNotFound` for a format that cannot be
    written, `PluginBroken` for one whose plug-in fails, `InputError` for a list that cannot be
    read.
    """
    options = options or ExportOptions()
    exporter = plugins.exporter(format_name)
    if options.omit or options.fields or options.journals or options.doi_as_url:
        journals = journal_names(journal_lists if options.journals else ())
        works = (view(work, options, journals) for work in works)
    return plugins.pieces(exporter, works, options)


def field_names(text: str | None, always: Collection[str] = ()) -> Iterator[str]:
    """The fields that a list names, parted by commas. Raises `UsageError` for what is none.

    Names of what an export `always` has are passed over.
    """
    from refman.services.editing import field_named  # noqa: PLC0415

    for name in (part.strip() for part in (text or "").split(",")):
        folded = name.lower()
        if folded in always:
            continue
        if folded in BESIDE_FIELDS or _FOREIGN.fullmatch(folded):
            yield folded
        elif name:
            yield field_named(name)


def journal_names(lists: Iterable[Path]) -> JournalNames:
    """The names of journals that lists have. Raises `InputError` for one that cannot be read."""
    texts = []
    for path in lists:
        try:
            with path.expanduser().open("rb") as stream:
                if os.fstat(stream.fileno()).st_size > MAX_TEXT:
                    raise InputError(f"{path} is too large for a list of journals.")
                texts.append(TextInput(stream, str(path)).text())
        except OSError as error:
            raise InputError(
                f"The list of journals {path} cannot be read: {error.strerror}."
            ) from error
    return JournalNames.of(texts)


def write_file(path: Path, pieces: Iterable[str]) -> bool:
    """Write text to a file so that it is the old one or the new one, never a part.

    A file that would not change is left alone, and so keeps its time. Returns whether it was
    written. Raises `InputError` where it cannot be.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        # A pipe or a device cannot be replaced, and must not.
        return _write_through(target, pieces)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        if _same(temporary, target):
            return False
        # The mode of a new file is that of any other new file, not the private one of mkstemp.
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode & 0o777)
        temporary.replace(target)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    else:
        return True
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _write_through(target: Path, pieces: Iterable[str]) -> bool:
    try:
        with target.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    return True


def _same(a: Path, b: Path) -> bool:
    if not b.is_file() or a.stat().st_size != b.stat().st_size:
        return False
    with a.open("rb") as one, b.open("rb") as other:
        while block := one.read(1 << 20):
            if block != other.read(1 << 20):
                return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
