"""Deeds by which works are edited: in a form, several at once, as an entry in an editor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from refman.errors import EditConflict, UsageError
from refman.model import FIELDS, Description, Record, RecordState, Work
from refman.rules.check import Severity
from refman.services import bulk_editing, editing, entry_editing
from refman.services.bulk_editing import BulkEdit
from refman.services.editing import Revision
from refman.services.library import Library, utc_now
from refman.tui.display import counted, one_line
from refman.tui.draft import Draft, Remark
from refman.tui.screens.dialog import Confirm
from refman.tui.screens.editing import EditScreen, Present, Writing
from refman.tui.state import chosen
from refman.tui.summary import NO_TEXT, Entry, voice

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_MOST = 5_000
"""Works that are edited at once on the screen; `refman edit --query` takes more."""


Save = Callable[[Revision, Present], Awaitable[str]]


async def _nothing() -> None:
    return None


# In a form


async def edit(screen: MainScreen) -> None:
    """Edit the work under the cursor in a form; of several marked works, the same of all."""
    works = chosen(screen.view)
    if len(works) > 1:
        await _edit_several(screen, [*works])
        return
    entry = await screen.desk.entry(next(iter(works))) if works else None
    if entry is None:
        screen.say("There is no work to edit.")
        return
    work_id, now = entry.work.id, _present(entry)

    async def again() -> Present | None:
        found = await screen.desk.entry(work_id)
        return None if found is None else _present(found)

    async def save(revision: Revision, present: Present) -> str:
        changed = await screen.desk.writer.ask(
            lambda library: editing.revise(library.store, present.work, revision, utc_now())
        )
        return _told(revision, [*changed])

    heading = f"Edit {now.key}"
    draft = Draft(now.description, now.sources, now.key)
    await write_form(screen, heading, draft, now, save, again)


async def write_form(
    screen: MainScreen,
    heading: str,
    draft: Draft,
    present: Present,
    save: Save,
    again: Callable[[], Awaitable[Present | None]] = _nothing,
) -> str | None:
    """Show the form, and say what came of it. What was written before and not saved is offered."""
    own = None if present.work is None else present.work.id
    unsaved, is_kept = screen.desk.unsaved, False
    if not draft.several and (texts := unsaved.of(present.key)):
        fields = ", ".join(one_line(field.replace("_", " ")) for field in texts)
        question = Confirm("Go on with what was not saved?", f"Written: {fields}.", "Go on", "Drop")
        if await screen.app.push_screen_wait(question):
            draft.take_up(texts)
        is_kept = True

    async def look(key: str, doi: str | None) -> tuple[Remark | None, Remark | None]:
        return await screen.desk.reader.ask(partial(_looked_for, key=key, doi=doi, own=own))

    def elsewhere(text: str) -> str:
        return screen.desk.outside.edit(text, screen.app.suspend)

    def keep(texts: Mapping[str, str]) -> None:
        nonlocal is_kept
        if texts and not draft.several:
            unsaved.keep(present.key, texts)
        elif is_kept:  # and not what was written of another work
            unsaved.drop()
        is_kept = bool(texts)

    writing = Writing(save, look, again, elsewhere, keep)
    told = await screen.app.push_screen_wait(EditScreen(heading, draft, writing, present))
    if told is not None:
        keep({})
        screen.say(told)
        await screen.reload()
    return told


def _present(entry: Entry) -> Present:
    """What the form shows of a work: what it says, and who says it."""
    work = entry.work
    standing = [record for record in entry.records if record.state is RecordState.STANDING]
    by_id = {record.id: record for record in standing}
    sources = {}
    for field in FIELDS:
        if getattr(work.description, field) in (None, ()):
            continue
        record = by_id.get(work.attribution.get(field))
        if record is None and len(standing) == 1:
            record = standing[0]
        if record is not None:
            sources[field] = _who(record, field)
    return Present(work.description, sources, work.citation_key, work)


def _who(record: Record, field: str) -> str:
    return voice(record) + (", guessed" if field in record.guessed else "")


def _looked_for(
    library: Library, key: str, doi: str | None, own: int | None
) -> tuple[Remark | None, Remark | None]:
    """What there is to say of a key and a DOI in the light of the other works."""
    store = library.store
    key_remark = doi_remark = None
    holder = store.find(key) if key and store.taken_keys([key]) else None
    if holder not in (None, own):
        other = store.work(holder or 0)
        name = one_line(other.citation_key) if other is not None else "another work"
        words = f"{one_line(key)} is the key of {name}, or was."
        if name == one_line(key):
            words = f"Another work has the key {name}."
        key_remark = Remark(words, Severity.ERROR, refused=True)
    holder = store.find(doi) if doi else None
    if holder not in (None, own):
        other = store.work(holder or 0)
        if other is not None:
            words = f"{one_line(other.citation_key)} has this DOI, too."
            doi_remark = Remark(words, Severity.WARNING)
    return key_remark, doi_remark


def _told(revision: Revision, fields: Sequence[str]) -> str:
    named = [field.replace("_", " ") for field in fields]
    if revision.taken_over:
        named += [f"{field.replace('_', ' ')} (taken over)" for field in revision.values
                  if field not in fields]  # fmt: skip
    if revision.key:
        named.append(f"its key to {one_line(revision.key)}")
    return f"Changed {', '.join(named)}. u undoes." if named else "Nothing was changed."


# Several works at once


async def _edit_several(screen: MainScreen, ids: Sequence[int]) -> None:
    if len(ids) > _MOST:
        screen.say(f"Too many to edit here; `refman edit --query` edits {len(ids):,}.", "warning")
        return
    common = await screen.desk.reader.ask(lambda library: _common(library.store.works(ids)))
    draft = Draft(common.description, several=True, various=common.various)

    async def save(revision: Revision, _: Present) -> str:
        result = await screen.desk.writer.ask(
            lambda it: bulk_editing.apply(it.store, [*ids], BulkEdit(revision), utc_now())
        )
        fields = ", ".join(
            field.replace("_", " ") for field in (*revision.values, *revision.cleared)
        )
        done = counted(result.changed, "work")
        return f"Changed {fields} in {done}. u undoes." if result.changed else "Nothing changed."

    heading = f"Edit {counted(len(ids), 'work')}: what you write is for all of them"
    await write_form(screen, heading, draft, Present(common.description, {}, ""), save)


@dataclass(frozen=True, slots=True)
class _Common:
    """What works have in common, and the fields of which they say different things."""

    description: Description
    various: frozenset[str]


def _common(works: Sequence[Work]) -> _Common:
    same: dict[str, object] = {}
    various = set()
    for field in FIELDS:
        values = [getattr(work.description, field) for work in works]
        if field in NO_TEXT or not any(values):
            continue
        if all(value == values[0] for value in values[1:]):
            same[field] = values[0]
        else:
            various.add(field)
    return _Common(Description(**same), frozenset(various))  # type: ignore[arg-type]


# As an entry, in the user's editor


async def edit_entry(screen: MainScreen, format_name: str) -> None:
    """Edit the work under the cursor as an entry of a format, again if it cannot be read."""

    def read(work: Work, before: str, text: str) -> Revision:
        return entry_editing.revision_from_entry(work, before, text, format_name)

    await _in_editor(screen, lambda work: entry_editing.entry_text(work, format_name), read)


async def edit_text(screen: MainScreen) -> None:
    """Edit the work under the cursor as lines of `field: value`, again if it cannot be read."""

    def read(work: Work, _: str, text: str) -> Revision:
        return editing.revision_from_text(*editing.changes_from_form(work, text))

    await _in_editor(screen, editing.form_from_work, read)


async def _in_editor(
    screen: MainScreen,
    written: Callable[[Work], str],
    read: Callable[[Work, str, str], Revision],
) -> None:
    row = screen.view.current
    entry = None if row is None else await screen.desk.entry(row.id)
    if entry is None:
        screen.say("There is no work to edit.")
        return
    work = entry.work
    before = text = await screen.desk.renderer.ask(lambda _: written(work))
    while True:
        text = screen.desk.outside.edit(text, screen.app.suspend)
        if text == before:
            screen.say("Nothing was changed.")
            return
        try:
            now = text
            revision = await screen.desk.renderer.ask(lambda _: read(work, before, now))  # noqa: B023
            changed = await _revised(screen, work, revision)
            break
        except (UsageError, EditConflict) as error:
            question = Confirm(error.message, error.hint or "", "Edit again", "Drop it")
            if not await screen.app.push_screen_wait(question):
                return
            if isinstance(error, EditConflict):
                # Who saves again has seen what the others wrote, and means to replace it.
                entry = await screen.desk.entry(work.id)
                if entry is None:
                    screen.say(f"{one_line(work.citation_key)} is no longer in the library.")
                    return
                work = entry.work
    screen.say(_told(revision, [*changed]))
    await screen.reload()


async def _revised(
    screen: MainScreen, work: Work, revision: Revision
) -> Mapping[str, tuple[object, object]]:
    return await screen.desk.writer.ask(
        lambda library: editing.revise(library.store, work, revision, utc_now())
    )
