"""Copying works to the terminal's clipboard (OSC 52), in the form that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from refman.model import Work
from refman.services import citing
from refman.services.library import Library
from refman.tui.display import counted, one_line
from refman.tui.screens.copying import FORMS, CopyDialog
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_MOST = 5_000
"""Works that are copied at once: no terminal takes more."""


async def copy(screen: MainScreen) -> None:
    """Copy what is chosen, in a form that is asked for."""
    works = chosen(screen.view)
    if not works:
        screen.say("There is no work to copy.")
        return
    what = one_line(next(iter(works.values()))) if len(works) == 1 else f"{len(works):,} works"
    form = await screen.app.push_screen_wait(CopyDialog(what))
    if form is not None:
        await _copy(screen, form)


async def copy_bibtex(screen: MainScreen) -> None:
    """Copy what is chosen as BibTeX."""
    await _copy(screen, "bibtex")


async def _copy(screen: MainScreen, form: str) -> None:
    works = chosen(screen.view)
    if not works or len(works) > _MOST:
        screen.say(f"Too many to copy; x exports {len(works):,} works." if works else "No work.")
        return
    style = screen.style_name

    def ask(library: Library) -> str:
        return formed(library, library.store.works([*works]), form, style)

    text = await screen.desk.renderer.ask(ask)
    if not text:
        screen.say("There is nothing of that kind to copy.", "warning")
        return
    screen.app.copy_to_clipboard(text)
    labels = {name: label for _, name, label in FORMS}
    shown = one_line(text) if form in ("key", "cite", "pandoc", "doi") else labels[form]
    if len(works) > 1:
        shown = f"{counted(len(works), 'work')}: {labels[form]}"
    screen.say(f"Copied {shown}.")


def formed(library: Library, works: Sequence[Work], form: str, style: str) -> str:
    """Works in a form. Raises `UsageError` for a style that there is none of."""
    keys = [work.citation_key for work in works]
    match form:
        case "cite":
            return f"\\cite{{{','.join(keys)}}}"
        case "pandoc":
            return f"[{'; '.join(f'@{key}' for key in keys)}]"
        case "reference":
            return "\n".join(citing.cite(works, style, citing.CiteFormat.TEXT))
        case "bibtex" | "ris" | "csl-json":
            pieces = library.export(form, works)
            return "".join(piece for piece in pieces if isinstance(piece, str))
        case "doi":
            return "\n".join(work.description.DOI for work in works if work.description.DOI)
        case _:
            return ",".join(keys)
