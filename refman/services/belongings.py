"""Notes on works, and files that belong to them.

Files are copied into a folder beside the library, or on request moved there; what is only linked
stays where it is. The same contents are kept once, however many works they belong to.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from refman.errors import EditConflict, InputError, NotFoundError, UsageError
from refman.model import Work
from refman.services.file_places import (
    Progress,
    check_readable,
    digest_of,
    files_folder,
    is_kept,
    leads_out,
    located,
    path_in_library,
    plain_name,
    settled,
    staged,
)
from refman.services.labels import CONTROL
from refman.store import AttachmentRow, Store
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.store.belongings import BelongingsWriter


MAX_NOTE = 1_000_000
"""Characters in one note."""


class Keeping(StrEnum):
    """What is done with a file that is attached."""

    COPY = "copy"
    MOVE = "move"
    """It is copied, and then taken away from where it was."""
    LINK = "link"
    """It stays where it is, and belongs to the work there."""


MISSING = "it is not there"
CHANGED = "it was changed since it was attached"
UNREADABLE = "it cannot be read"
OUTSIDE = "its path leads out of the library's folder"


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


def change_note(
    store: Store, work: Work, number: int, text: str | None, *, seen: str | None = None
) -> None:
    """Give a note of a work another text, or take it away with None.

    `seen` is the text that the user saw. Raises `NotFoundError`, and `EditConflict` where it is
    another one by now.
    """
    checked = None if text is None else _checked(text)
    with store.writing() as writer:
        now = [note.text for note in writer.notes(work.id) if note.id == number]
        if not now:
            raise NotFoundError(f"{work.citation_key} has no note {number}.")
        if seen is not None and now[0] not in (seen, checked):
            raise EditConflict(
                f"Note {number} on {work.citation_key} was changed meanwhile.",
                hint="Nothing was saved. Edit it again to decide.",
            )
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


def attach(store: Store, library: Path, work: Work, path: Path, *, link: bool = False) -> Path:
    """Attach a file to a work: a copy of it, or with `link` the file where it is.

    Returns where it is now. As `attach_all` does it, and raises.
    """
    keeping = Keeping.LINK if link else Keeping.COPY
    return attach_all(store, library, work, [path], keeping)[0]


def attach_all(
    store: Store,
    library: Path,
    work: Work,
    paths: Sequence[Path],
    keeping: Keeping = Keeping.COPY,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Attach files to a work, as one change. Returns where each is now.

    One that the work has already is not attached again, and one whose contents are kept already,
    for whichever work, is not copied again. What lies in the folder of the library's files stays
    there. Raises `InputError` for what cannot be read or copied, and then none is attached;
    `NotFoundError` where the work is gone.
    """
    for path in paths:
        check_readable(path)
    with _copies() as made:
        offers = [_offer(store, library, work, path, keeping, progress) for path in paths]
        made += [offer.copy for offer in offers if offer.copy is not None]
        with store.writing() as writer:
            if writer.work(work.id) is None:
                raise NotFoundError(f"{work.citation_key} is no longer in the library.")
            places = _settle(writer, library, work, offers, made)
    if keeping is Keeping.MOVE:
        for path, place in zip(paths, places, strict=True):
            _take_away(path, place)
    return places


@dataclass(frozen=True, slots=True)
class _Offer:
    """A file that is to be attached."""

    name: str
    digest: str
    place: Path | None
    """Where it is to stay; None for what is copied."""
    copy: Path | None = None
    """The copy, still without its name."""


@contextmanager
def _copies() -> Iterator[list[Path]]:
    """A list of files that go again if anything is raised."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _offer(
    store: Store, library: Path, work: Work, path: Path, keeping: Keeping, progress: Progress
) -> _Offer:
    digest = digest_of(path, progress)
    for known in store.attachments(work.id):
        if known.sha256 == digest:
            return _Offer(path.name, digest, located(library, known.path))
    real = path.resolve()
    if keeping is Keeping.LINK or is_kept(library, real):
        path_in_library(library, real)
        return _Offer(path.name, digest, real)
    for known_path in store.paths_with(digest):
        place = located(library, known_path)
        if not leads_out(known_path) and is_kept(library, place) and _holds(place, digest):
            return _Offer(path.name, digest, place)
    folder = files_folder(library.resolve()) / (plain_name(work.citation_key) or str(work.id))
    copy, digest = staged(path, folder, progress)
    return _Offer(path.name, digest, None, copy)


def _holds(place: Path, digest: str) -> bool:
    try:
        return place.is_file() and digest_of(place) == digest
    except (InputError, OSError):
        return False


def _settle(
    writer: BelongingsWriter, library: Path, work: Work, offers: Sequence[_Offer], made: list[Path]
) -> list[Path]:
    """Give copies their names, and note what belongs to the work. Returns where each is."""
    known = {row.sha256: located(library, row.path) for row in writer.attachments(work.id)}
    new: dict[str, _Offer] = {}
    for offer in offers:
        if offer.digest not in known:
            new.setdefault(offer.digest, offer)
    names = [plain_name(offer.name) for offer in new.values()]
    told = names[0] if len(names) == 1 else counted(len(names), "file")
    change = writer.change("user", "attach", f"{told} attached to {work.citation_key}")
    for digest, offer in new.items():
        place = offer.place
        if offer.copy is not None:
            place = settled(offer.copy, offer.name)
            made.append(place)
        assert place is not None
        known[digest] = place
        path, kind = path_in_library(library, place), media_type(place)
        writer.attach(change, work.id, path, kind, digest)
    writer.forget_if_empty(change)
    for offer in offers:
        if offer.copy is not None:
            offer.copy.unlink(missing_ok=True)
    return [known[offer.digest] for offer in offers]


def media_type(path: Path) -> str | None:
    """The media type of a file: by its name, or where that says nothing, a PDF by its beginning."""
    kind = mimetypes.guess_type(path.name)[0]
    if kind is None:
        with path.open("rb") as stream:
            if stream.read(5) == b"%PDF-":
                return "application/pdf"
    return kind


def _take_away(path: Path, place: Path) -> None:
    """Take a file away that is kept elsewhere now."""
    try:
        if not path.samefile(place):
            path.unlink()
    except OSError as error:
        raise InputError(
            f"{path} is attached, but cannot be taken away from there: {error.strerror}."
        ) from error


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


def states(
    store: Store, library: Path, work: Work | None = None, *, thorough: bool = False
) -> list[FileState]:
    """How the files of a work are, or of all works; `thorough` compares what is in them, too."""
    found = []
    for row in store.attachments(None if work is None else work.id):
        path = located(library, row.path)
        found.append(FileState(row, path, fault_of(row, path, thorough=thorough)))
    return found


def fault_of(
    row: AttachmentRow, path: Path, *, thorough: bool, progress: Progress = lambda _: None
) -> str | None:
    """What is wrong with an attached file that is to be at a path, in words; None if nothing is."""
    if leads_out(row.path):
        return OUTSIDE
    try:
        if not path.is_file():
            return MISSING
        if thorough and row.sha256 is not None and digest_of(path, progress) != row.sha256:
            return CHANGED
    except (InputError, OSError):
        return UNREADABLE
    return None
