"""Notes on works, and files that belong to them.

Files are copied into a folder beside the library, `library-files/KEY/`, and found there by a path
relative to the library, so that both can be moved together. What is only linked stays where it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from refman.errors import InputError, NotFoundError, UsageError
from refman.model import Work
from refman.services.labels import CONTROL
from refman.store import AttachmentRow, Store

MAX_NOTE = 1_000_000
"""Characters in one note."""

_BLOCK = 1 << 20
_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class FileState:
    """An attached file: where it is, and what is wrong with it, in words; None if nothing is."""

    row: AttachmentRow
    path: Path
    fault: str | None


def add_note(store: Store, work: Work, text: str) -> int:
    """Put a note on a work. Returns its number. Raises `UsageError` for an empty or huge one."""
    text = _checked(text)
    with store.writing() as writer:
        change = writer.change("user", "note", f"note on {work.citation_key}")
        return writer.add_note(change, work.id, text)


def change_note(store: Store, work: Work, number: int, text: str | None) -> None:
    """Give a note of a work another text, or take it away with None. Raises `NotFoundError`."""
    if all(note.id != number for note in store.notes(work.id)):
        raise NotFoundError(f"{work.citation_key} has no note {number}.")
    checked = None if text is None else _checked(text)
    with store.writing() as writer:
        what = "note taken off" if text is None else "change of a note on"
        change = writer.change("user", "note", f"{what} {work.citation_key}")
        writer.change_note(change, number, checked)


def _checked(text: str) -> str:
    text = unicodedata.normalize("NFC", CONTROL.sub("", text.replace("\r\n", "\n"))).strip()
    if not text:
        raise UsageError("The note is empty.")
    if len(text) > MAX_NOTE:
        raise UsageError(f"The note is longer than {MAX_NOTE:,} characters; attach it as a file.")
    return text


def files_folder(library: Path) -> Path:
    """Where a library's files are: `library-files` beside `library.db`."""
    return library.with_name(f"{library.stem}-files")


def attach(store: Store, library: Path, work: Work, path: Path, *, link: bool = False) -> Path:
    """Attach a file to a work: a copy of it, or with `link` the file where it is.

    Returns where it is now. One that the work has already is not attached again. Raises
    `InputError` for what cannot be read or copied.
    """
    if not path.is_file():
        raise InputError(f"{path} is no file that can be attached.")
    digest = _digest(path)
    for known in store.attachments(work.id):
        if known.sha256 == digest:
            return located(library, known.path)
    place = path.resolve() if link else _copied(path, _place_for(library, work, path.name))
    with store.writing() as writer:
        change = writer.change("user", "attach", f"{place.name} attached to {work.citation_key}")
        writer.attach(
            change,
            work.id,
            _relative(library, place),
            mimetypes.guess_type(place.name)[0],
            digest,
        )
    return place


def detach(store: Store, library: Path, work: Work, number: int) -> Path:
    """Take a file off a work; the file itself stays. Returns where. Raises `NotFoundError`."""
    for known in store.attachments(work.id):
        if known.id == number:
            path = located(library, known.path)
            with store.writing() as writer:
                change = writer.change(
                    "user", "attach", f"{path.name} taken off {work.citation_key}"
                )
                writer.detach(change, number)
            return path
    raise NotFoundError(f"{work.citation_key} has no file {number}.")


def located(library: Path, path: str) -> Path:
    """Where an attached file is, by its path in the library."""
    return library.resolve().parent / Path(PurePosixPath(path))


def states(
    store: Store, library: Path, work: Work | None = None, *, thorough: bool = False
) -> list[FileState]:
    """How the files of a work are, or of all works; `thorough` compares what is in them, too."""
    found = []
    for row in store.attachments(None if work is None else work.id):
        path = located(library, row.path)
        fault = None
        if not path.is_file():
            fault = "it is not there"
        elif thorough and row.sha256 is not None and _digest(path) != row.sha256:
            fault = "it was changed since it was attached"
        found.append(FileState(row, path, fault))
    return found


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def _place_for(library: Path, work: Work, name: str) -> Path:
    """A name that is free, in the work's own folder."""
    folder = files_folder(library.resolve()) / (_plain_name(work.citation_key) or str(work.id))
    plain = Path(_plain_name(name) or "file")
    place, count = folder / plain, 2
    while place.exists():
        place = folder / f"{plain.stem}-{count}{plain.suffix}"
        count += 1
    return place


def _plain_name(name: str) -> str:
    """A name that every file system takes, and that leads nowhere else."""
    name = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    path = PurePosixPath(name)
    suffix = path.suffix[:16]
    return path.stem[: 120 - len(suffix)] + suffix


def _copied(source: Path, target: Path) -> Path:
    """Copy a file so that the copy is whole or not there at all."""
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as to, source.open("rb") as stream:
            while block := stream.read(_BLOCK):
                to.write(block)
            to.flush()
            os.fsync(to.fileno())
        temporary.chmod(source.stat().st_mode & 0o666 | 0o600)
        temporary.replace(target)
    except OSError as error:
        raise InputError(f"{source} cannot be copied to {target}: {error.strerror}.") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
    return target


def _relative(library: Path, place: Path) -> str:
    try:
        return place.relative_to(library.resolve().parent).as_posix()
    except ValueError:
        return str(place)
