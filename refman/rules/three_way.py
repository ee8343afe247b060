"""What somebody edited in a file by hand, by three descriptions of a work.

One is what the file was last given, one what it says now, one what the library says now, all of
them read from the same format, so that what the format cannot carry plays no part. A field that
says another thing than it was given is an edit by hand; where the library says another thing, too,
the two contradict each other. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from refman.model import FIELDS, Description, Extra, Record, stated


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A field that was edited by hand: as it was given, as the file and the library have it now."""

    field: str
    given: Any
    file: Any
    library: Any

    @property
    def contradicts(self) -> bool:
        """Whether the library has changed the field as well."""
        return bool(self.library != self.given)


def hand_edits(
    given: Description | None, file: Description, library: Description
) -> list[HandEdit]:
    """The fields that were edited by hand and that the library does not have like that.

    Where it is not known what the file was given, all is an edit that the file says and the
    library does not, and nothing is that it does not say.
    """
    if file in (given, library):
        return []
    base = library if given is None else given
    found: list[HandEdit] = []
    for name in FIELDS:
        if name == "extra":
            continue
        old, new, now = (getattr(each, name) for each in (base, file, library))
        if new not in (old, now) and not (given is None and _is_empty(new)):
            found.append(HandEdit(name, old, new, now))
    # What has no field of its own can be added by hand, but not be taken out again.
    extra = tuple(each for each in file.extra if each not in base.extra + library.extra)
    if extra:
        found.append(HandEdit("extra", (), extra, ()))
    return found


def as_statements(edits: Iterable[HandEdit]) -> tuple[Description, frozenset[str]]:
    """What a file says by its edits: a description of those fields, and the fields it cleared."""
    values = {edit.field: edit.file for edit in edits}
    cleared = frozenset(name for name, value in values.items() if _is_empty(value))
    kept = {name: value for name, value in values.items() if name not in cleared}
    return Description(**kept), cleared


def overlaid(description: Description, proposal: Record) -> Description:
    """A description with what is proposed in place of what it says."""
    values = {name: value for name, value in stated(description) if name not in proposal.cleared}
    for name, value in stated(proposal.description):
        values[name] = _united(description.extra, value) if name == "extra" else value
    return Description(**values)


def is_settled(description: Description, proposal: Record) -> bool:
    """Whether a description says all that is proposed."""
    return overlaid(description, proposal) == description


def together(
    before: Record | None,
    edits: Collection[HandEdit],
    given: Description | None,
    file: Description,
) -> tuple[Description, frozenset[str]]:
    """What is proposed of a work: what was before, as far as the file still says it, and edits.

    A field of an earlier proposal that was edited again counts as it is now.
    """
    description, cleared = as_statements(edits)
    if before is None:
        return description, cleared
    touched = {
        name
        for name in FIELDS
        if name != "extra" and given is not None and getattr(given, name) != getattr(file, name)
    }
    values = {name: value for name, value in stated(before.description) if name not in touched}
    kept = tuple(each for each in values.pop("extra", ()) if each in file.extra)
    extra = _united(kept, description.extra)
    values |= {name: value for name, value in stated(description) if name != "extra"}
    if extra:
        values["extra"] = extra
    return Description(**values), (before.cleared - touched) | cleared


def _united(some: tuple[Extra, ...], more: tuple[Extra, ...]) -> tuple[Extra, ...]:
    return (*some, *(each for each in more if each not in some))


def _is_empty(value: Any) -> bool:
    return value is None or value == ()
