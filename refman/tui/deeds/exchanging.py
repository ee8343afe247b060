"""Deeds by which works come in, are completed from sources, and go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from refman import plugins
from refman.errors import PluginBroken
from refman.model import EnrichmentStatus, Work
from refman.services.exporting import write_file
from refman.services.library import Library
from refman.store import Order, Wanted
from refman.tui import exports, preview
from refman.tui.display import counted
from refman.tui.dropped import dropped_path
from refman.tui.exports import ExportPreview, ExportWishes, Scope, Written
from refman.tui.preview import ImportReport, Material, Preview, Wishes
from refman.tui.screens.enriching import EnrichDialog
from refman.tui.screens.exporting import ExportDialog
from refman.tui.screens.importing import ImportDialog
from refman.tui.state import LibraryView, chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_SLOW = 5000
"""Works from which on an export is announced, for it takes a while."""


async def bring_in(screen: MainScreen, pasted: str = "") -> None:
    """Import pasted text or a file."""
    writer, template = screen.desk.writer, screen.desk.template

    async def look(material: Material, wishes: Wishes) -> Preview:
        return await writer.ask(lambda library: preview.look(library, material, template, wishes))

    async def do_it(
        material: Material,
        wishes: Wishes,
        progress: Callable[[int], None],
        is_stopped: Callable[[], bool],
    ) -> ImportReport:
        return await writer.ask(
            lambda library: preview.bring_in(
                library, material, progress, is_stopped, template, wishes
            )
        )

    path = dropped_path(pasted)
    dialog = ImportDialog(
        look,
        do_it,
        "" if path else pasted,
        path=str(path or ""),
        extensions=_importable,
    )
    report = await screen.app.push_screen_wait(dialog)
    if report is None:
        return
    stopped = "Stopped: " if report.stopped else ""
    severity = "warning" if report.failed or report.stopped else "information"
    undo = " u undoes." if report.changed else ""
    screen.say(f"{stopped}{report.words}.{undo}", severity)
    await screen.reload()
    listing = screen.view.listing
    if report.changed and listing.order is Order.ADDED and listing.descending:
        screen.table.cursor = 0  # where the new ones are
    screen.set_focus(screen.table)


def _importable() -> frozenset[str]:
    """How files end that can be read."""
    return frozenset(
        extension
        for _, importer in plugins.importers()
        if not isinstance(importer, PluginBroken)
        for extension in importer.info.extensions
    )


async def enrich(screen: MainScreen) -> None:
    """Enrich what is chosen, or all that is listed, in the background."""
    if screen.is_enriching:
        screen.say("An enrichment is under way; Esc stops it.")
        return
    view = screen.view
    works = chosen(view)
    if not works:
        screen.say("There is no work to enrich.")
        return
    dialog = EnrichDialog(
        len(works),
        bool(view.marked),
        view.window.total,
        screen.desk.enrichment.description,
        [*view.saved],
    )
    choice = await screen.app.push_screen_wait(dialog)
    if choice is None:
        return
    refresh, ids, node = choice.policy.refresh, [*works], view.listing.node

    def targets(library: Library) -> Iterator[tuple[int, str]]:
        if choice.search is not None:
            query = library.saved_searches().get(choice.search, "")
            return library.targets(query, Wanted(all=refresh))
        if choice.everything_shown:
            return library.targets(node, Wanted(all=refresh))
        return _targets_among(library.store.works(ids), refresh=refresh)

    policy = replace(choice.policy, template=screen.desk.template)
    screen.start_enrichment(targets, policy)


def _targets_among(works: Iterable[Work], *, refresh: bool) -> Iterator[tuple[int, str]]:
    for work in works:
        answered = work.enrichment not in (None, EnrichmentStatus.PENDING, EnrichmentStatus.FAILED)
        if work.description.DOI and (refresh or not answered):
            yield work.id, work.description.DOI


async def export(screen: MainScreen) -> None:
    """Write works to a file: those marked, all that are listed, or what a manuscript cites."""
    view = screen.view
    if not view.window.height:
        screen.say("There is nothing to export.")
        return
    desk, marked, listing = screen.desk, [*view.marked], view.listing

    def meant(wishes: ExportWishes) -> ExportWishes:
        return wishes if wishes.style else replace(wishes, style=screen.style_name)

    async def look(wishes: ExportWishes) -> ExportPreview:
        return await desk.renderer.ask(
            lambda library: exports.preview(library, meant(wishes), marked, listing)
        )

    formats = _preferred(desk.export_formats())
    dialog = ExportDialog(_scopes(view), formats, look, screen.exports)
    wishes = await screen.app.push_screen_wait(dialog)
    if wishes is None:
        return
    screen.exports.pop(wishes.format, None)
    screen.exports[wishes.format] = wishes.kept
    written = Written()
    path = Path(wishes.path).expanduser()

    def ask(library: Library) -> bool:
        works = exports.works_of(library, wishes, marked, listing, written)
        pieces = library.export(wishes.format, written.counting(works), meant(wishes).options)
        return write_file(path, written.texts(pieces))

    if (len(marked) or view.window.height) > _SLOW:
        screen.say(f"Writing {path} …")
    async with desk.another() as thread:
        changed = await thread.ask(ask)
    careful = written.losses or written.missing
    screen.say(_told(wishes, path, written, changed), "warning" if careful else "information")


def _scopes(view: LibraryView) -> dict[Scope, str]:
    """Which works there are to choose from, the likeliest first."""
    total = view.window.total
    listed = "All that are listed" if total is None else counted(total, "listed work")
    scopes = {Scope.LISTED: listed, Scope.CITED: "What a manuscript cites"}
    if view.marked:
        return {Scope.MARKED: counted(len(view.marked), "marked work"), **scopes}
    return scopes


def _told(wishes: ExportWishes, path: Path, written: Written, changed: bool) -> str:
    text = f"Wrote {counted(written.count, 'work')} to {path}."
    if not changed:
        text = f"{path} says just that already."
    if written.losses:
        text += f" No room in {wishes.format}, or not for all, of {written.lost}."
    return f"{text} {written.missed}".rstrip()


def _preferred(formats: Sequence[str]) -> list[str]:
    """BibTeX first, for it is what most people come for."""
    return sorted(formats, key=lambda name: (name != "bibtex", name))
