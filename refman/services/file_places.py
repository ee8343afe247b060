"""Where attached files lie, under which names, and how they get there whole.

Copies are in a folder beside the library, `library-files/KEY/`, and found there by a path relative
to the library, so that both can be moved together.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from refman.errors import InputError
from refman.store.copying import sync_folder

Progress = Callable[[int], object]
"""Is told how many bytes were read, each time anew."""

MAX_NAME = 120
_MAX_BYTES = 200
"""File systems take 255; a number may still come to it."""
_BLOCK = 1 << 20
_STAGED = ".refman-"
_ABANDONED_SECONDS = 24 * 3600
"""A copy that was not finished for so long never will be."""
_NOT_IN_NAMES = re.compile(
    '[\\\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+'
)
"""What some system forbids, and what makes a name look like another one."""
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that mean devices in Windows, whatever follows the dot."""


def files_folder(library: Path) -> Path:
    """Where a library's files are: `library-files` beside `library.db`."""
    return library.with_name(f"{library.stem}-files")


def located(library: Path, path: str) -> Path:
    """Where an attached file is, by its path in the library."""
    return library.resolve().parent / Path(PurePosixPath(path))


def leads_out(path: str) -> bool:
    """Whether a path that is to be relative to the library's folder leaves it."""
    return ".." in PurePosixPath(path).parts


def path_in_library(library: Path, place: Path) -> str:
    """The path by which the library knows a place. Raises `InputError` for one that is no text."""
    try:
        path = place.relative_to(library.resolve().parent).as_posix()
    except ValueError:
        path = str(place)
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "replace").decode()
        raise InputError(
            f"The name {shown} is no text, so that the file cannot be linked.",
            hint="Without --link a copy of it gets a name that is.",
        ) from None
    return path


def is_kept(library: Path, place: Path) -> bool:
    """Whether a place is in the folder of the library's files."""
    return place.is_relative_to(files_folder(library.resolve()))


def plain_name(name: str) -> str:
    """A name that every file system takes, and that leads nowhere else; it may be empty."""
    name = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    if _DEVICES.match(name):
        name = f"_{name}"
    path = PurePosixPath(name)
    suffix = _cut(path.suffix, 16, 32)
    stem = _cut(path.stem, MAX_NAME - len(suffix), _MAX_BYTES - len(suffix.encode()))
    return stem.rstrip(" .") + suffix if stem else suffix


def _cut(text: str, letters: int, size: int) -> str:
    return text[:letters].encode()[:size].decode(errors="ignore")


def names_for(name: str) -> Iterator[str]:
    """Names for a file, the plain one first, then with numbers."""
    plain = Path(plain_name(name) or "file")
    yield plain.name
    for number in count(2):
        yield f"{plain.stem}-{number}{plain.suffix}"


def check_readable(path: Path) -> None:
    """Raise `InputError` for what is no file, or cannot be read."""
    try:
        if not path.is_file():
            raise InputError(f"{path} is no file that can be attached.")
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def digest_of(path: Path, progress: Progress = lambda _: None) -> str:
    """The SHA-256 of a file. Raises `InputError` for one that cannot be read."""
    try:
        with path.open("rb") as stream:
            return _through(stream, None, progress)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _through(source: BinaryIO, target: BinaryIO | None, progress: Progress) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        if target is not None:
            target.write(block)
        progress(len(block))
    return digest.hexdigest()


def staged(source: Path, folder: Path, progress: Progress = lambda _: None) -> tuple[Path, str]:
    """Copy a file into a folder under a name of no meaning. Returns where, and its SHA-256.

    Raises `InputError` for what cannot be read or written.
    """
    temporary: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_STAGED, dir=folder)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as to, source.open("rb") as stream:
            digest = _through(stream, to, progress)
            to.flush()
            os.fsync(to.fileno())
        temporary.chmod(source.stat().st_mode & 0o666 | 0o600)
    except BaseException as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(
                f"{source} cannot be copied into {folder}: {error.strerror}."
            ) from error
        raise
    return temporary, digest


def settled(copy: Path, name: str) -> Path:
    """Give a staged copy its name, or the next that is free. Nothing is written over."""
    for candidate in names_for(name):
        place = copy.with_name(candidate)
        if place.exists():
            continue
        try:
            # Unlike a renaming this fails where somebody else was quicker.
            os.link(copy, place)
        except FileExistsError:
            continue
        except OSError:
            copy.replace(place)
        else:
            copy.unlink()
        sync_folder(place.parent)
        return place
    raise AssertionError("names do not end")


def is_unfinished(path: Path) -> bool:
    """Whether a file is a copy that is perhaps still being made."""
    if not path.name.startswith(_STAGED):
        return False
    try:
        return time.time() - path.stat().st_mtime < _ABANDONED_SECONDS
    except OSError:
        return True


def files_in(folder: Path) -> Iterator[Path]:
    """The files in a folder and below, in order of name; links to folders are not followed."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(parent, name)
