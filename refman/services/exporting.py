"""Exporting: works in a format, written to a file all at once or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from refman import plugins
from refman.errors import InputError
from refman.model import Work
from refman.ports import ExportOptions, Loss


def export(
    format_name: str, works: Iterable[Work], options: ExportOptions | None = None
) -> Iterator[str | Loss]:
    """The works in a format, in pieces of text, and what it could not carry.

    Raises `PluginNotFound` for a format that cannot be written.
    """
    return plugins.exporter(format_name).write(works, options or ExportOptions())


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
