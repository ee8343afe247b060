"""Looking after attached files: what is wrong with them, finding moved ones, clearing up.

A file that belongs to no work any more is kept as long as an undo could need it. What nothing
refers to, not even the history, lies about: somebody put it there, or a copy was never finished.
"""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from refman.errors import InputError
from refman.model import Work
from refman.services import belongings
from refman.services.file_places import (
    Progress,
    digest_of,
    files_folder,
    files_in,
    is_kept,
    is_unfinished,
    leads_out,
    located,
    path_in_library,
    settled,
    staged,
)
from refman.store import AttachmentRow, Reader, Store
from refman.text.counting import counted

_BATCH = 500
_SQLITE = b"SQLite format 3\0"


class FileProblem(StrEnum):
    """What can be wrong with a file."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    OUTSIDE = "outside"
    """Its path leads out of the library's folder, which refman never writes: it is not opened."""
    STRAY = "not-in-library"
    """It lies among the library's files, and nothing refers to it."""


_PROBLEMS = {
    belongings.MISSING: FileProblem.MISSING,
    belongings.CHANGED: FileProblem.CHANGED,
    belongings.UNREADABLE: FileProblem.UNREADABLE,
    belongings.OUTSIDE: FileProblem.OUTSIDE,
}


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something wrong with a file; without a work if it belongs to none."""

    problem: FileProblem
    path: Path
    sentence: str
    citation_key: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class FileUse:
    """How much there is to look at."""

    files: int
    size: int
    """Bytes."""


def use(store: Store, library: Path, work: Work | None = None) -> FileUse:
    """How many files are attached, and how much is in them, each counted once."""
    sizes = []
    for path in {located(library, row.path) for row in _rows(store, work)}:
        with contextlib.suppress(OSError):
            sizes.append(path.stat().st_size)
    return FileUse(len(sizes), sum(sizes))


def check_files(
    store: Store, library: Path, work: Work | None = None, progress: Progress = lambda _: None
) -> Iterator[FileFinding]:
    """What is wrong with the files of a work, or of all and with the folder where they are kept.

    Every file is read. `progress` is told of the bytes.
    """
    known: dict[tuple[str, str | None], str | None] = {}
    for key, row in _with_keys(store, _rows(store, work)):
        path = located(library, row.path)
        what = (row.path, row.sha256)
        if what not in known:
            known[what] = belongings.fault_of(row, path, thorough=True, progress=progress)
        fault = known[what]
        if fault is not None:
            yield FileFinding(_PROBLEMS[fault], path, fault, key, row.id)
    if work is None and sharer(library) is None:
        for path in strays(store, library):
            yield FileFinding(FileProblem.STRAY, path, "nothing refers to it")


def sharer(library: Path) -> Path | None:
    """Another library that keeps its files in the same folder, for its name begins the same."""
    real = library.resolve()
    for other in sorted(real.parent.glob(f"{glob.escape(real.stem)}.*")):
        if other.stem == real.stem and other != real:
            with contextlib.suppress(OSError), other.open("rb") as stream:
                if stream.read(len(_SQLITE)) == _SQLITE:
                    return other
    return None


def strays(store: Reader, library: Path, *, undoable: bool = False) -> Iterator[Path]:
    """The files among those of the library that nothing refers to.

    With `undoable`, also those to which only an undo could bring a work back.
    """
    paths = store.paths_in_use() if undoable else store.paths_remembered()
    known = {located(library, path) for path in paths}
    for path in files_in(files_folder(library.resolve())):
        if path not in known and not is_unfinished(path):
            yield path


def prune(store: Store, library: Path, *, undoable: bool = False) -> list[Path]:
    """Take away for good what `strays` gives, and folders that are empty then.

    Returns what is gone; nothing brings it back. Files that are being attached meanwhile are safe.
    Raises `InputError` for one that cannot be taken away.
    """
    if (other := sharer(library)) is not None:
        raise InputError(
            f"{other} may have files in the same folder; nothing is taken away.",
            hint="Give one of the two another name, or move it to another folder.",
        )
    gone = []
    # Nobody can attach anything while this is open.
    with store.writing() as writer:
        for path in list(strays(writer, library, undoable=undoable)):
            try:
                path.unlink()
            except OSError as error:
                raise InputError(f"{path} cannot be taken away: {error.strerror}.") from error
            gone.append(path)
            with contextlib.suppress(OSError):
                path.parent.rmdir()
    return gone


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """An attached file that was missing, and where it was found."""

    citation_key: str
    number: int
    old: Path
    found: Path
    place: Path
    """Where it belongs now: where it was, if it was copied back, or where it was found."""


@dataclass(frozen=True, slots=True)
class Relinked:
    """What came of looking for missing files."""

    found: Sequence[FoundAgain]
    lost: Sequence[tuple[str, Path]]
    """Those that were not found, each with the key of its work."""


def relink(
    store: Store,
    library: Path,
    folder: Path,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Relinked:
    """Look for missing files in a folder and below, by what is in them; one change.

    A file of the library's own folder that is found outside is copied back to its place; else the
    work has it where it was found. Raises `InputError` where there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.")
    missing = [
        (key, row)
        for key, row in _with_keys(store, _rows(store, None))
        if not leads_out(row.path) and not located(library, row.path).is_file()
    ]
    digests = {row.sha256 for _, row in missing if row.sha256 is not None}
    names = {located(library, row.path).name for _, row in missing}
    at = _look_for(digests, names, folder.resolve(), progress) if digests else {}
    found = [_found(library, key, row, at[row.sha256]) for key, row in missing if row.sha256 in at]
    numbers = {each.number for each in found}
    lost = [(key, located(library, row.path)) for key, row in missing if row.id not in numbers]
    if found and not dry_run:
        _put_right(store, library, found)
    return Relinked(found, lost)


def _look_for(
    digests: set[str], names: set[str], folder: Path, progress: Progress
) -> dict[str | None, Path]:
    """Where contents are found; files of the names that are missed are looked at first."""
    at: dict[str | None, Path] = {}
    suffixes = {Path(name).suffix.lower() for name in names}

    def unlikeliness(path: Path) -> int:
        return 0 if path.name in names else 1 if path.suffix.lower() in suffixes else 2

    for path in sorted(files_in(folder), key=unlikeliness):
        if len(at) == len(digests):
            break
        try:
            digest = digest_of(path, progress) if path.is_file() else None
        except (InputError, OSError):
            continue
        if digest in digests:
            at.setdefault(digest, path)
    return at


def _found(library: Path, key: str, row: AttachmentRow, found: Path) -> FoundAgain:
    old = located(library, row.path)
    back = is_kept(library, old) and not is_kept(library, found)
    return FoundAgain(key, row.id, old, found, old if back else found)


def _put_right(store: Store, library: Path, found: Sequence[FoundAgain]) -> None:
    for each in found:
        if each.place == each.old and not each.old.exists():
            copy, _ = staged(each.found, each.old.parent)
            settled(copy, each.old.name)
    with store.writing() as writer:
        change = writer.change("user", "attach", f"{counted(len(found), 'file')} found again")
        for each in found:
            if each.place != each.old:
                writer.relocate(change, each.number, path_in_library(library, each.place))
        writer.forget_if_empty(change)


def _rows(store: Store, work: Work | None) -> list[AttachmentRow]:
    return store.attachments(None if work is None else work.id)


def _with_keys(store: Store, rows: Iterable[AttachmentRow]) -> Iterator[tuple[str, AttachmentRow]]:
    """Attachments with the keys of their works."""
    listed = list(rows)
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        keys = {work.id: work.citation_key for work in store.works([row.work_id for row in batch])}
        for row in batch:
            if row.work_id in keys:
                yield keys[row.work_id], row
