"""Deeds by which works come in, are completed from sources, and go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refman import plugins
from refman.errors import PluginBroken, PluginError
from refman.model import EnrichmentStatus, Work
from refman.ports import Loss
from refman.services.exporting import write_file
from refman.services.library import Library
from refman.store import Wanted
from refman.tui import preview
from refman.tui.display import counted, one_line
from refman.tui.dropped import dropped_path
from refman.tui.preview import ImportReport, Material, Preview, Wishes
from refman.tui.screens.enriching import EnrichDialog
from refman.tui.screens.exporting import ExportChoice, ExportDialog
from refman.tui.screens.importing import ImportDialog
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_LOSSES_NAMED = 4
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
        len(works), bool(view.marked), view.window.total, screen.desk.enrichment.description
    )
    choice = await screen.app.push_screen_wait(dialog)
    if choice is None:
        return
    refresh, ids, node = choice.policy.refresh, [*works], view.listing.node

    def targets(library: Library) -> Iterator[tuple[int, str]]:
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
    """Write the marked works, or all that are listed, to a file."""
    view = screen.view
    if not view.window.height:
        screen.say("There is nothing to export.")
        return
    if view.marked:
        what = counted(len(view.marked), "marked work")
    else:
        total = view.window.total
        what = "all that are listed" if total is None else counted(total, "listed work")
    formats = _preferred(screen.desk.export_formats())
    choice = await screen.app.push_screen_wait(ExportDialog(what, formats, _extension))
    if choice is None:
        return
    ids = [*view.marked]
    listing = view.listing
    losses: list[Loss] = []
    written = 0

    def ask(library: Library) -> bool:
        works = (
            library.store.works(ids)
            if ids
            else library.store.iterate(listing.node, listing.order, descending=listing.descending)
        )

        def counting() -> Iterator[Work]:
            nonlocal written
            for work in works:
                written += 1
                yield work

        pieces = library.export(choice.format, counting())
        return write_file(choice.path, _texts(pieces, losses))

    if (len(ids) or view.window.height) > _SLOW:
        screen.say(f"Writing {choice.path} …")
    async with screen.desk.another() as thread:
        changed = await thread.ask(ask)
    screen.say(_told(choice, written, losses, changed), "warning" if losses else "information")


def _texts(pieces: Iterator[str | Loss], losses: list[Loss]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Loss):
            losses.append(piece)
        else:
            yield piece


def _told(choice: ExportChoice, written: int, losses: list[Loss], changed: bool) -> str:
    text = f"Wrote {counted(written, 'work')} to {choice.path}."
    if not changed:
        text = f"{choice.path} says just that already."
    if losses:
        fields = Counter(loss.field for loss in losses)
        named = [
            f"{one_line(field).replace('_', ' ')} ({count})"
            for field, count in fields.most_common(_LOSSES_NAMED)
        ]
        if len(fields) > _LOSSES_NAMED:
            named.append(f"{len(fields) - _LOSSES_NAMED} more fields")
        text += f" No room in {choice.format}, or not for all, of {', '.join(named)}."
    return text


def _preferred(formats: Sequence[str]) -> list[str]:
    """BibTeX first, for it is what most people come for."""
    return sorted(formats, key=lambda name: (name != "bibtex", name))


def _extension(format_name: str) -> str:
    try:
        extensions = plugins.exporter(format_name).info.extensions
    except PluginError:
        return ".txt"
    return extensions[0] if extensions else ".txt"
