"""Changing many works by hand in one go: the same fields of all that a query finds.

What was asked for is worked out for each work anew. What it would come to can be looked at before;
then works that somebody else has changed in between are left as they are, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from refman.errors import UsageError
from refman.model import (
    LIST_FIELDS,
    NAME_FIELDS,
    Description,
    Name,
    Origin,
    OriginKind,
    Record,
)
from refman.rules import merge
from refman.rules.query import Node
from refman.services.editing import (
    Revision,
    field_named,
    revision_from_text,
    text_from_value,
    value_from_text,
)
from refman.store import Reader, Store
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.store import Writer

_BATCH = 500

Selection = Node | Sequence[int]
"""Works, as a query or by their ids."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text that takes another's place in a field, letter for letter."""

    field: str
    old: str
    new: str
    whole: bool = False
    """Whether only where it is the whole value, or a whole item of a list."""


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """What is to become of each work."""

    revision: Revision
    replacements: Sequence[Replacement] = ()

    @property
    def fields(self) -> Sequence[str]:
        """The fields that it touches."""
        replaced = (each.field for each in self.replacements)
        return sorted({*self.revision.values, *self.revision.cleared, *replaced})


@dataclass(frozen=True, slots=True)
class WorkEdit:
    """What an edit comes to for one work."""

    work_id: int
    citation_key: str
    changed: Mapping[str, tuple[Any, Any]]
    """Before and after of the fields that it changes."""
    fault: str | None = None
    """Why nothing is changed, in a sentence."""


@dataclass(slots=True)
class BulkResult:
    """What an edit came to."""

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    change: int | None = None
    """The change in the history, if anything was changed; the last one where there are more."""

    @property
    def seen(self) -> int:
        """How many works were looked at."""
        return self.changed + self.unchanged + self.failed


def bulk_edit(
    changes: Mapping[str, str], clear: Iterable[str], replacements: Iterable[Replacement] = ()
) -> BulkEdit:
    """What a user asks for, checked. Raises `UsageError` for an unknown field, or a wrong value."""
    revision = revision_from_text(changes, clear)
    checked = []
    for wanted in replacements:
        named = replace(wanted, field=field_named(wanted.field))
        if not named.old:
            raise UsageError(
                f"Which text of {named.field} is to be replaced?",
                hint="--set gives a field a value whatever it was.",
            )
        if named.field in revision.values or named.field in revision.cleared:
            raise UsageError(f"{named.field} cannot be set, or unset, and replaced in at once.")
        checked.append(named)
    return BulkEdit(revision, tuple(checked))


def preview(store: Reader, chosen: Selection, wanted: BulkEdit, now: str) -> Iterator[WorkEdit]:
    """What an edit would come to for each of the works; nothing is changed."""
    for ids in _batches(store, chosen):
        for edit, _ in _edits(store, ids, wanted, now):
            yield edit


def apply(
    store: Store,
    chosen: Selection,
    wanted: BulkEdit,
    now: str,
    *,
    seen: Mapping[int, int] | None = None,
    tell: Callable[[WorkEdit], object] = lambda _: None,
    progress: Callable[[int], object] = lambda _: None,
) -> BulkResult:
    """Edit works, as one change. `tell` is given what changes, and what cannot be changed.

    They are written some at a time, so that others can write in between; where it is stopped, what
    was done stays. `seen` is what the user saw: `fingerprint` of what `preview` gave, by the work's
    id. A work that is not as it was then is left alone. `progress` is told how many have been
    looked at.
    """
    result = BulkResult()
    for ids in _batches(store, chosen):
        additions = []
        with store.writing() as writer:
            for edit, record in _edits(writer, ids, wanted, now):
                known = edit if record is None or seen is None else _unless_changed(edit, seen)
                if known.fault is not None:
                    result.failed += 1
                elif record is None:
                    result.unchanged += 1
                    continue
                else:
                    result.changed += 1
                    additions.append((edit.work_id, record))
                tell(known)
            if additions:
                _write(writer, result, wanted, additions)
        progress(result.seen)
    return result


def _write(
    writer: Writer, result: BulkResult, wanted: BulkEdit, additions: Sequence[tuple[int, Record]]
) -> None:
    told = f"edit of {counted(result.changed, 'work')}: {', '.join(wanted.fields)}"
    known = result.change
    # What was undone meanwhile stays undone: the rest is a change of its own, then.
    result.change = writer.go_on(known, "user", "edit", told)
    if result.change == known:
        writer.summarise(known, told)
    writer.append(result.change, additions)


def fingerprint(edit: WorkEdit) -> int:
    """A number for what a user saw of a work; it means nothing to another process."""
    return hash(tuple((name, old, new) for name, (old, new) in sorted(edit.changed.items())))


def _unless_changed(edit: WorkEdit, seen: Mapping[int, int]) -> WorkEdit:
    if seen.get(edit.work_id) == fingerprint(edit):
        return edit
    fields = ", ".join(edit.changed)
    fault = f"it was changed meanwhile, and is left as it is ({fields})"
    return replace(edit, changed={}, fault=fault)


def _batches(store: Reader, chosen: Selection) -> Iterator[list[int]]:
    """The works some at a time. They are met in the order of their ids, which no edit changes."""
    ids = iter(chosen) if isinstance(chosen, Sequence) else (row.id for row in store.rows(chosen))
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _edits(
    store: Reader, ids: Sequence[int], wanted: BulkEdit, now: str
) -> Iterator[tuple[WorkEdit, Record | None]]:
    """What the edit comes to for some works, each with the record that says it, if any."""
    works = store.works(ids)
    revisions: dict[int, Revision] = {}
    faults: dict[int, str] = {}
    for work in works:
        try:
            revision = _revision_of(work.description, wanted)
        except UsageError as error:
            faults[work.id] = error.message.removesuffix(".")
            continue
        if _differs(work.description, revision):
            revisions[work.id] = revision
    records = store.records_by_work([*revisions])
    for work in works:
        edit = WorkEdit(work.id, work.citation_key, {}, faults.get(work.id))
        record = None
        if work.id in revisions:
            record = _record(revisions[work.id], now)
            after = merge.reconcile([*records[work.id], record]).description
            edit = replace(edit, changed=merge.changes(work.description, after))
        yield edit, record if edit.changed else None


def _record(revision: Revision, now: str) -> Record:
    return Record(
        description=Description(**revision.values),
        cleared=revision.cleared,
        origin=Origin(kind=OriginKind.USER, name="user", retrieved=now),
    )


def _differs(description: Description, revision: Revision) -> bool:
    """Whether a description does not say what is wanted already."""
    return any(
        getattr(description, field) != value for field, value in revision.values.items()
    ) or any(getattr(description, field) not in (None, ()) for field in revision.cleared)


def _revision_of(description: Description, wanted: BulkEdit) -> Revision:
    """What is asked of one work. Raises `UsageError` where that gives a value that cannot be."""
    values, cleared = dict(wanted.revision.values), set(wanted.revision.cleared)
    for replacement in wanted.replacements:
        field = replacement.field
        before = values.get(field, getattr(description, field))
        if before in (None, ()) or field in cleared:
            continue
        after = _replaced(before, replacement)
        if after in ("", ()):
            cleared.add(field)
            values.pop(field, None)
        elif after != before:
            values[field] = after
    return Revision(values, frozenset(cleared))


def _replaced(value: Any, wanted: Replacement) -> Any:
    """The value of a field with a text in place of another."""
    if wanted.field in NAME_FIELDS:
        return tuple(new for name in value for new in _names_replaced(name, wanted))
    if wanted.field in LIST_FIELDS:
        items = [new for item in value for new in _items_replaced(item, wanted)]
        return value if items == [*value] else tuple(dict.fromkeys(items))
    before = text_from_value(wanted.field, value)
    after = _text_replaced(before, wanted)
    if after == before:
        return value
    return value_from_text(wanted.field, after) if after.strip() else ""


def _text_replaced(text: str, wanted: Replacement) -> str:
    if wanted.whole:
        return wanted.new if text == wanted.old else text
    return text.replace(wanted.old, wanted.new)


def _items_replaced(item: str, wanted: Replacement) -> Iterable[str]:
    """An item of a list with a text replaced; it may become several, or none."""
    after = _text_replaced(item, wanted)
    new: Iterable[str] = (item,) if after == item else value_from_text(wanted.field, after)
    return new


def _names_replaced(name: Name, wanted: Replacement) -> Iterable[Name]:
    """A name with a text replaced. Who has another name is still the same person."""
    before = text_from_value(wanted.field, (name,))
    after = _text_replaced(before, wanted)
    if after == before:
        return (name,)
    new: tuple[Name, ...] = value_from_text(wanted.field, after)
    if len(new) > 1:
        return new
    return [replace(one, ORCID=name.ORCID, affiliation=name.affiliation) for one in new]
