"""Deeds by which a work is added: by an identifier, or described by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refman.errors import NotFoundError, SourceError, UsageError
from refman.model import Description
from refman.model.vocabulary import CSL_TYPES
from refman.services import creating
from refman.services.editing import Revision
from refman.services.enriching import EnrichPolicy
from refman.services.importing import ImportPolicy, ImportStatus
from refman.services.library import Library, utc_now
from refman.services.resolving import scheme_of
from refman.tui.deeds.writing import write_form
from refman.tui.display import one_line
from refman.tui.draft import Draft
from refman.tui.screens.adding import AddDialog
from refman.tui.screens.choosing import PickDialog
from refman.tui.screens.dialog import Confirm
from refman.tui.screens.editing import Present

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_FIRST_TYPES = ("article-journal", "book", "chapter", "paper-conference", "thesis", "report",
                "webpage", "dataset")  # fmt: skip


async def add(screen: MainScreen) -> None:
    """Add a work by an identifier, or by hand: its type first, then a form."""
    answer = await screen.app.push_screen_wait(AddDialog())
    if answer is None:
        return
    if answer:
        await _add_by_identifier(screen, answer)
    else:
        await _add_by_hand(screen)


async def _add_by_hand(screen: MainScreen) -> None:
    types = [*_FIRST_TYPES, *sorted(CSL_TYPES - {*_FIRST_TYPES})]
    type_ = await screen.app.push_screen_wait(PickDialog("What is it?", types))
    if type_ is None:
        return
    added: list[tuple[int, str]] = []
    template = screen.desk.template

    async def save(revision: Revision, _: Present) -> str:
        values = {"type": type_, **revision.values}
        if "type" in revision.cleared:
            del values["type"]
        now = utc_now()
        same = await screen.desk.writer.ask(
            lambda library: creating.known_as(library.store, values, now)
        )
        if same is not None:
            words = same if same.startswith("may be") else f"is {same}"
            words = f"It {words.replace('is same work', 'is the same work')}."
            question = Confirm(words, "Add it all the same?", "Add it", "Go on writing")
            if not await screen.app.push_screen_wait(question):
                raise UsageError("It was not added.")
        added.append(
            await screen.desk.writer.ask(
                lambda library: creating.create(
                    library.store, values, now, key=revision.key, template=template
                )
            )
        )
        return f"Added {one_line(added[-1][1])}. u undoes."

    blank = Description(type=type_)
    draft = Draft(blank, {})
    told = await write_form(screen, "A new work", draft, Present(blank, {}, ""), save)
    if told is not None and added:
        screen.go_to(*added[-1])


async def _add_by_identifier(screen: MainScreen, text: str) -> None:
    if scheme_of(text) is None:
        raise UsageError(f"{one_line(text)} is no DOI, arXiv identifier, ISBN or PMID.")
    screen.say("Looking it up …")
    try:
        doi = await screen.desk.enrichment.doi_of(text)
    except (NotFoundError, SourceError) as error:
        told = f"{one_line(text)}: {error.message.removesuffix('.')}."
        raise UsageError(told, hint=error.hint) from error
    template = screen.desk.template

    def bring_in(library: Library) -> tuple[int, str, bool, int | None]:
        before = library.history(limit=1)
        policy = ImportPolicy(enrich=True, template=template)
        [item] = library.import_text(doi, "add", policy)
        latest = library.history(limit=1)
        change = latest[0].id if latest and latest != before else None
        new = item.status is ImportStatus.IMPORTED
        return item.work_id or 0, item.citation_key or "", new, change

    work_id, key, is_new, change = await screen.desk.writer.ask(bring_in)
    await screen.reload()
    screen.go_to(work_id, key)
    if not is_new:
        screen.say(f"It is there already, as {one_line(key)}.")
        return
    if screen.is_enriching:
        screen.say(f"Added {doi}; e enriches it when the enrichment under way is done.")
        return
    screen.say(f"Added {doi}. u undoes.")
    policy = EnrichPolicy(settle_keys=True, template=template, change_id=change)
    screen.start_enrichment(lambda library: library.waiting([work_id]), policy)
