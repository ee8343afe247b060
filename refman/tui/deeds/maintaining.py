"""Deeds that look after a library: check it, make its keys anew, keep a file in step.

What they need is loaded when they are done: the first screen must not wait for it.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from refman.errors import UsageError
from refman.services import citing
from refman.services.library import Library
from refman.store import Order
from refman.tui import state
from refman.tui.display import counted, one_line
from refman.tui.screens.choosing import PickDialog
from refman.tui.screens.dialog import Prompt
from refman.tui.screens.lines import LinesDialog
from refman.tui.widgets.path_suggester import PathSuggester

if TYPE_CHECKING:
    from refman.rules.check import Finding
    from refman.services.rekeying import NewKey
    from refman.services.syncing import SyncReport
    from refman.tui.screens.main import MainScreen

_MOST_FINDINGS = 1_000
_MOST_KEYS = 100_000
_SHOWN_KEYS = 1_000
_BEST = "Relevance, the best match first"
_ORDER_NAMES = {
    Order.ADDED: "When it was added",
    Order.YEAR: "Year",
    Order.AUTHOR: "Author",
    Order.TITLE: "Title",
    Order.MODIFIED: "When it was changed",
    Order.CONTAINER: "Published in",
    Order.KEY: "Citation key",
    Order.TYPE: "Type",
    Order.DOI: "DOI",
}


async def sort_by(screen: MainScreen) -> None:
    """Sort by a column that is picked."""
    listing = screen.view.listing
    choices = {_ORDER_NAMES[order]: order for order in Order}
    names = [*choices]
    if screen.view.finder:
        names.append(_BEST)
    now = _BEST if listing.ranked else _ORDER_NAMES[listing.order]
    name = await screen.app.push_screen_wait(PickDialog("Sort by", names, now))
    if name is not None:
        view = screen.view
        screen.relist(state.ranked(view) if name == _BEST else state.ordered(view, choices[name]))


async def check(screen: MainScreen) -> None:
    """Show what is missing, malformed or doubtful in the works that are listed."""
    from refman.services import checking  # noqa: PLC0415

    node = screen.view.listing.node
    screen.say("Checking …")

    def ask(library: Library) -> list[tuple[int, str, Finding]]:
        found = checking.check_library(library.store, node)
        return [
            (work.id, work.citation_key, finding) for work, finding in islice(found, _MOST_FINDINGS)
        ]

    async with screen.desk.another() as thread:
        found = await thread.ask(ask)
    if not found:
        screen.say("Nothing to find fault with in what is listed.")
        return
    lines = [
        f"{finding.severity.value:<8} {one_line(key)}: {finding.message}"
        for _, key, finding in found
    ]
    more = f" (the first {_MOST_FINDINGS:,})" if len(found) == _MOST_FINDINGS else ""
    place = await screen.app.push_screen_wait(
        LinesDialog(f"{counted(len(found), 'finding')}{more}", lines, "Enter goes to the work.")
    )
    if place is not None:
        screen.go_to(found[place][0], found[place][1])


async def rekey(screen: MainScreen) -> None:
    """Make the citation keys of what is listed anew, by the template, after showing them."""
    from refman.services import rekeying  # noqa: PLC0415

    node, template = screen.view.listing.node, screen.desk.template

    def propose(library: Library) -> list[NewKey]:
        return list(islice(rekeying.propose(library.store, node, template), _MOST_KEYS))

    screen.say("Making keys …")
    async with screen.desk.another() as thread:
        keys = await thread.ask(propose)
    if not keys:
        screen.say("Every key is as the template gives it.")
        return
    lines = [f"{one_line(key.before)} → {one_line(key.after)}" for key in keys[:_SHOWN_KEYS]]
    if len(keys) > len(lines):
        lines.append(f"… and {len(keys) - len(lines):,} more")
    answer = await screen.app.push_screen_wait(
        LinesDialog(
            f"New keys for {counted(len(keys), 'work')}",
            lines,
            "The old keys still find the works.",
            "Give these keys",
        )
    )
    if answer is None:
        return
    done = await screen.desk.writer.ask(lambda library: library.rekey(keys))
    screen.say(f"Gave {counted(len(done), 'work')} new keys. u undoes.")
    await screen.reload()


async def sync(screen: MainScreen) -> None:
    """Bring a file into step with what is listed, once; edits in the file become proposals."""
    from refman.services import syncing  # noqa: PLC0415

    listing = screen.view.listing
    prompt = Prompt(
        "Keep a file in step with what is listed",
        "A .bib, .ris or .json; edits made in it are proposed (r reviews). → completes.",
        suggester=PathSuggester(),
    )
    answer = await screen.app.push_screen_wait(prompt)
    if answer is None:
        return
    path = Path(answer).expanduser()

    def ask(library: Library) -> SyncReport:
        format_name = syncing.format_for(path, None)
        file = syncing.FileSync(library.store, path, format_name, template=screen.desk.template)
        return file.run(
            lambda: list(
                library.store.iterate(listing.node, listing.order, descending=listing.descending)
            )
        )

    report = await screen.desk.writer.ask(ask)
    severity = "warning" if report.problems or report.deleted else "information"
    screen.say(sync_told(path, report), severity)
    await screen.reload()


def sync_told(path: Path, report: SyncReport) -> str:
    """What a round came to, in a few words."""
    if report.problems:
        first = report.problems[0]
        where = "" if first.line is None else f", line {first.line}"
        return f"{path}{where}: {one_line(first.reason)}. The file was left as it is."
    said = f"{path} has {counted(report.works, 'work')}"
    parts = [said if report.written else f"{said}, as before"]
    for count, what in (
        (len(report.imported), "imported from it"),
        (len(report.edits), "edited in it by hand, now proposed (r reviews)"),
        (len(report.deleted), "taken out by hand, put back"),
    ):
        if count:
            parts.append(f"{count:,} {what}")
    parts += map(one_line, report.remarks)
    return "; ".join(parts).rstrip(".") + "."


async def choose_style(screen: MainScreen) -> None:
    """Choose the style in which references are shown and copied."""
    names = await screen.desk.renderer.ask(lambda _: citing.style_names())
    if not names:
        raise UsageError("There are no styles.")
    dialog = PickDialog("Style of references", names, screen.style_name)
    name = await screen.app.push_screen_wait(dialog)
    if name is not None:
        screen.style = name
        screen.say(f"References are shown and copied as {name} has them.")
        screen.load_detail()
