"""`refman attach`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from refman.cli.commands.belongings import only
from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.services import belongings, file_check
from refman.services.belongings import FileState, Keeping
from refman.services.library import Library
from refman.text.counting import counted

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What was asked for on the command line."""

    key: str | None
    files: tuple[Path, ...]
    number: int | None
    link: bool
    move: bool
    remove: bool
    check: bool
    folder: Path | None
    prune: bool
    undoable: bool
    dry_run: bool
    yes: bool
    as_json: bool

    def refuse(self) -> None:
        """Raise `UsageError` for what contradicts itself."""
        asked = {
            "--remove": self.remove,
            "--check": self.check,
            "--relink": self.folder is not None,
            "--prune": self.prune,
        }
        deeds = [name for name, is_asked in asked.items() if is_asked]
        if len(deeds) > 1:
            raise UsageError(f"{' and '.join(deeds)} cannot be asked for at once.")
        if deeds and self.files:
            raise UsageError(f"{deeds[0]} takes no files.")
        if self.link and self.move:
            raise UsageError("A file is either linked or moved.")
        if self.key is not None and (self.prune or self.folder is not None):
            raise UsageError(f"{deeds[0]} is for the whole library, and takes no key.")
        if self.key is None and deeds in ([], ["--remove"]):
            raise UsageError(
                "Which work?", hint="Name its citation key, or use --check, --relink or --prune."
            )
        if self.undoable and not self.prune:
            raise UsageError("--with-undoable belongs to --prune.")
        if self.dry_run and not (self.prune or self.folder is not None):
            raise UsageError("--dry-run belongs to --relink and --prune.")


@click.command("attach")
@click.argument("key", required=False)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--link", is_flag=True, help="Leave the files where they are, and copy nothing.")
@click.option("--move", is_flag=True, help="Take the files away from where they were.")
@click.option("--remove", is_flag=True, help="Take a file off the work; the file itself stays.")
@click.option("--number", "-n", type=int, metavar="N", help="The file to take off.")
@click.option("--check", is_flag=True, help="Read all files, and tell what is wrong with them.")
@click.option(
    "--relink",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Look for files that are missing in a folder, by what is in them.",
)
@click.option("--prune", is_flag=True, help="Take away, for good, files nothing refers to.")
@click.option(
    "--with-undoable",
    "undoable",
    is_flag=True,
    help="With --prune: also those that no work has any more, and only an undo would need.",
)
@click.option("--dry-run", is_flag=True, help="Only say what --relink or --prune would do.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def attach_command(session: Session, /, **wanted: Any) -> int:
    """Attach files to a work, or, without a file, list those that are attached.

    They are copied into a folder beside the library, from where the two can be moved together.
    The same contents are kept once. --check exits with 1 where files are missing, changed, or
    among those of the library without belonging to it.
    """
    wish = _Wish(**wanted)
    wish.refuse()
    with session.open() as library:
        if wish.check:
            return _check(library, wish)
        if wish.folder is not None:
            return _relink(library, wish, wish.folder)
        if wish.prune:
            return _prune(session, library, wish)
        assert wish.key is not None
        if wish.remove:
            return _remove(library, wish, wish.key)
        if wish.files:
            return _attach(library, wish, wish.key)
        return _list(library, wish, wish.key)


@contextmanager
def _reading(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Progress in megabytes, of bytes that are told piece by piece."""
    line = Progress(f"{what}, MB", None if total is None else total // _MEGABYTE)
    read = 0

    def tell(size: int) -> None:
        nonlocal read
        read += size
        line(read // _MEGABYTE)

    try:
        yield tell
    finally:
        line.close()


def _attach(library: Library, wish: _Wish, key: str) -> int:
    work = library.get(key)
    keeping = Keeping.LINK if wish.link else Keeping.MOVE if wish.move else Keeping.COPY
    with _reading("Read") as progress:
        places = belongings.attach_all(
            library.store, library.path, work, wish.files, keeping, progress
        )
    if wish.as_json:
        return _list(library, wish, work.citation_key)
    for place in dict.fromkeys(places):
        say(f"{one_line(str(place))} is attached to {work.citation_key}.")
    return Exit.DONE


def _remove(library: Library, wish: _Wish, key: str) -> int:
    work = library.get(key)
    rows = library.store.attachments(work.id)
    number = only(wish.number, [row.id for row in rows], work, "file")
    path = belongings.detach(library.store, library.path, work, number)
    say(f"Took {one_line(path.name)} off {work.citation_key}; the file is still at {path}.")
    return Exit.DONE


def _list(library: Library, wish: _Wish, key: str) -> int:
    work = library.get(key)
    found = belongings.states(library.store, library.path, work)
    if wish.as_json:
        click.echo(json_text([_item(state) for state in found]))
    for state in () if wish.as_json else found:
        fault = f"  ({state.fault})" if state.fault else ""
        click.echo(f"[{state.row.id}] {one_line(str(state.path))}{fault}")
    if not found and not wish.as_json:
        say(f"{work.citation_key} has no files.")
    return Exit.DONE if found and not any(state.fault for state in found) else Exit.PARTLY


def _item(state: FileState) -> dict[str, object]:
    return {
        "number": state.row.id,
        "path": str(state.path),
        "media-type": state.row.media_type,
        "sha256": state.row.sha256,
        "added": state.row.added,
        "problem": state.fault,
    }


def _check(library: Library, wish: _Wish) -> int:
    work = None if wish.key is None else library.get(wish.key)
    use = file_check.use(library.store, library.path, work)
    items = []
    with _reading("Read", use.size) as progress:
        for found in file_check.check_files(library.store, library.path, work, progress):
            items.append(
                {
                    "problem": found.problem.value,
                    "path": str(found.path),
                    "citation_key": found.citation_key,
                    "number": found.number,
                }
            )
            if not wish.as_json:
                whose = f"{found.citation_key}: " if found.citation_key is not None else ""
                click.echo(one_line(f"{whose}{found.path}: {found.sentence}."))
    if wish.as_json:
        click.echo(json_text(items))
    kinds = {item["problem"] for item in items}
    if not items:
        say(f"{counted(use.files, 'file')}, all is well.")
    if "missing" in kinds:
        say("`refman attach --relink FOLDER` looks for files that were moved.")
    if "not-in-library" in kinds:
        say("`refman attach KEY FILE` takes a file in; `refman attach --prune` clears up.")
    return Exit.PARTLY if items else Exit.DONE


def _relink(library: Library, wish: _Wish, folder: Path) -> int:
    with _reading("Read") as progress:
        result = file_check.relink(
            library.store, library.path, folder, dry_run=wish.dry_run, progress=progress
        )
    if wish.as_json:
        found = [
            {
                "citation_key": each.citation_key,
                "number": each.number,
                "found": str(each.found),
                "path": str(each.place),
            }
            for each in result.found
        ]
        lost = [{"citation_key": key, "path": str(path)} for key, path in result.lost]
        click.echo(json_text({"found": found, "missing": lost}))
    for each in () if wish.as_json else result.found:
        back = f", copied back to {each.place}" if each.place == each.old else ""
        click.echo(one_line(f"{each.citation_key}: {each.found}{back}"))
    for key, path in () if wish.as_json else result.lost:
        say(f"{key}: {path} is still missing.")
    would = "Would find" if wish.dry_run else "Found"
    say(f"{would} {counted(len(result.found), 'file')}; {len(result.lost):,} still missing.")
    return Exit.PARTLY if result.lost else Exit.DONE


def _prune(session: Session, library: Library, wish: _Wish) -> int:
    paths = list(file_check.strays(library.store, library.path, undoable=wish.undoable))
    if paths and not wish.dry_run:
        if not wish.yes and session.is_interactive:
            for path in paths:
                say(one_line(str(path)))
        session.confirm(f"Take {counted(len(paths), 'file')} away for good?", yes=wish.yes)
        paths = file_check.prune(library.store, library.path, undoable=wish.undoable)
    if wish.as_json:
        click.echo(json_text([str(path) for path in paths]))
    for path in () if wish.as_json else paths:
        click.echo(one_line(str(path)))
    would = "Would take away" if wish.dry_run else "Took away"
    say(f"{would} {counted(len(paths), 'file')}.")
    return Exit.DONE
