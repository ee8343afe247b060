"""Changing works by hand. An edit is a record of the user's, which outranks every source.

Fields are given as text, as a person writes them: names as `Family, Given; Family, Given` (or a
name without a comma for an organisation or a name that is not to be split), dates as EDTF, lists
with `;` between their items.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from refman.errors import EditConflict, NotFoundError, UsageError
from refman.model import (
    DATE_FIELDS,
    FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    Date,
    Description,
    Name,
    Origin,
    OriginKind,
    Record,
    Work,
    stated,
)
from refman.model.identifier import parse_doi
from refman.model.vocabulary import is_csl_type, similar_types
from refman.rules import citekey, merge
from refman.services.labels import CONTROL, known_name
from refman.store import Store
from refman.text.counting import counted
from refman.text.names import parse_name

_ALIASES = {
    "journal": "container_title",
    "booktitle": "container_title",
    "year": "issued",
    "date": "issued",
    "pages": "page",
    "address": "publisher_place",
    "authors": "author",
    "editors": "editor",
    "keywords": "keyword",
}
_BY_LOWER = {name.lower(): name for name in FIELDS}
_NOT_AS_TEXT = ("updates", "relations", "extra")
_RANGES = ("page", "volume", "issue")
_DASHES = re.compile(r"[ \t]*(?:-{2,}|[‒–—―])[ \t]*")
"""What BibTeX and typography write for the hyphen of a range."""


def field_named(name: str) -> str:
    """The field that a user means by a name. Raises `UsageError` for a name that is none."""
    folded = name.strip().lower().replace("-", "_")
    field = _BY_LOWER.get(_ALIASES.get(folded, folded))
    if field is None or field in _NOT_AS_TEXT:
        near = [known for known in FIELDS if known.lower().startswith(folded[:4])]
        hint = f"Did you mean {', '.join(near)}?" if near else "Names are those of CSL."
        raise UsageError(f"There is no field {name!r}.", hint=hint)
    return field


def value_from_text(field: str, text: str) -> Any:
    """The value of a field as a user writes it. Raises `UsageError` for one it cannot hold."""
    text = unicodedata.normalize("NFC", CONTROL.sub("", text)).strip()
    if field in NAME_FIELDS:
        return tuple(_name(part) for part in _items(text))
    if field in LIST_FIELDS:
        return tuple(_items(text))
    if field in DATE_FIELDS:
        date = Date.parse(text)
        if date is None or date.literal is not None:
            raise UsageError(
                f"{text!r} is no date for {field}.",
                hint="Write 2021, 2021-08, 2021-08-15, 2020/2021 or 2021-21 (spring).",
            )
        return date
    if field == "type" and not is_csl_type(text):
        near = similar_types(text)
        hint = f"Did you mean {', '.join(near)}?" if near else "Types are those of CSL."
        raise UsageError(f"There is no type {text!r}.", hint=hint)
    if field == "DOI":
        doi = parse_doi(text)
        if doi is None:
            raise UsageError(f"{text!r} is no DOI.", hint="A DOI looks like 10.1000/xyz123.")
        return doi
    return _DASHES.sub("-", text) if field in _RANGES else text


def text_from_value(field: str, value: Any) -> str:
    """The inverse of `value_from_text`, as far as names go without their identifiers."""
    if field in NAME_FIELDS:
        return "; ".join(_name_text(name) for name in value)
    if field in LIST_FIELDS:
        return "; ".join(value)
    if field in DATE_FIELDS:
        return str(value.edtf)
    return str(value)


def _items(text: str) -> list[str]:
    return [item for part in text.split(";") if (item := " ".join(part.split()))]


def _name(text: str) -> Name:
    family, comma, rest = text.partition(",")
    if comma and not rest.strip() and family.strip():
        return Name(family.strip())
    return parse_name(text) if "," in text else Name(literal=text)


def _name_text(name: Name) -> str:
    return name.inverted if name.literal is not None or name.given else f"{name.full_family},"


def edit(
    store: Store, work: Work, changes: Mapping[str, str], clear: Iterable[str], now: str
) -> Mapping[str, tuple[Any, Any]]:
    """Set and clear fields of a work. Returns before and after of what that changed.

    `work` is what the user saw. Raises `UsageError`, and `EditConflict` where one of the fields has
    got another value since, from another process or a source. Nothing is written where nothing
    changes.
    """
    return revise(store, work, revision_from_text(changes, clear), now)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a user wants of a work: fields with their values, fields without one, another key."""

    values: Mapping[str, Any]
    cleared: frozenset[str] = frozenset()
    key: str | None = None
    taken_over: bool = False
    """Whether fields that have these values already become the user's own word."""

    def __bool__(self) -> bool:
        return bool(self.values or self.cleared or self.key)


def revision_from_text(changes: Mapping[str, str], clear: Iterable[str]) -> Revision:
    """What a user wants, given as text. Raises `UsageError` for what a field cannot hold."""
    values = {
        (field := field_named(name)): value_from_text(field, text) for name, text in changes.items()
    }
    cleared = {field_named(name) for name in clear}
    if both := cleared & values.keys():
        raise UsageError(f"{', '.join(sorted(both))} cannot be set and unset at once.")
    # A value of nothing is a field without one.
    cleared |= {field for field, value in values.items() if value in ("", ())}
    values = {field: value for field, value in values.items() if field not in cleared}
    return Revision(values, frozenset(cleared))


def revise(store: Store, work: Work, revision: Revision, now: str) -> Mapping[str, tuple[Any, Any]]:
    """Make a work what the user wants, as one change. Returns before and after of what it changed.

    `work` is what the user saw. Raises `UsageError` for a key that is unfit or in use, and
    `EditConflict` where one of the fields has got another value since, from another process or a
    source. Nothing is written where nothing changes.
    """
    record = Record(
        description=Description(**revision.values),
        cleared=revision.cleared,
        origin=Origin(kind=OriginKind.USER, name="user", retrieved=now),
    )
    key = None if revision.key == work.citation_key else revision.key
    if key is not None:
        check_key(key)
    with store.writing() as writer:
        before = writer.work(work.id)
        if before is None:
            raise NotFoundError(f"{work.citation_key} is no longer in the library.")
        _conflicts(work, before, {**dict.fromkeys(revision.cleared), **revision.values})
        records = writer.records(work.id)
        changed = merge.changes(before.description, merge.reconcile([*records, record]).description)
        told = list(changed)
        if revision.taken_over:
            own = merge.locked_fields(records)
            told += [name for name in revision.values if name not in own and name not in changed]
        if told or key is not None:
            fields = ", ".join([*told, *(["citation key"] if key is not None else [])])
            change = writer.change("user", "edit", f"edit of {before.citation_key}: {fields}")
            if told:
                writer.append(change, [(work.id, record)])
            if key is not None:
                writer.rename(change, work.id, key)
    return changed


def _conflicts(seen: Work, now: Work, wanted: Mapping[str, Any]) -> None:
    """Raise `EditConflict` for fields that are not as the user saw them, nor as they are wanted."""
    if seen.description == now.description:
        return
    told = []
    for field, value in wanted.items():
        was, is_now = getattr(seen.description, field), getattr(now.description, field)
        if is_now not in (was, value or None, value):
            text = text_from_value(field, is_now) if is_now not in (None, ()) else "empty"
            told.append(f"{field} is {text[:200]}")
    if told:
        raise EditConflict(
            f"{now.citation_key} was changed meanwhile: {'; '.join(told)}.",
            hint="Nothing was saved. Edit it again to decide.",
        )


def check_key(key: str) -> None:
    """Raise `UsageError` for what cannot be a citation key."""
    if not citekey.is_valid_key(key):
        raise UsageError(
            f"{key!r} cannot be a citation key.",
            hint="No blanks, commas, braces, quotes, #, %, ~ or backslashes.",
        )


def rename(store: Store, work: Work, key: str) -> None:
    """Give a work another citation key. Raises `UsageError` for a key that is in use or unfit."""
    check_key(key)
    if key == work.citation_key:
        return
    with store.writing() as writer:
        change = writer.change("user", "rename", f"{work.citation_key} is now {key}")
        writer.rename(change, work.id, key)


def delete(store: Store, works: Iterable[Work]) -> int:
    """Take works out of the library, so that undoing brings them back. Returns how many."""
    chosen = list(works)
    if not chosen:
        return 0
    what = chosen[0].citation_key if len(chosen) == 1 else f"{len(chosen)} works"
    with store.writing() as writer:
        change = writer.change("user", "delete", f"deletion of {what}")
        count = writer.remove(change, (work.id for work in chosen))
        writer.forget_if_empty(change)
    return count


class Identified(Protocol):
    """A work, or the line of a list that stands for one."""

    @property
    def id(self) -> int:
        """The work's number."""


def label(store: Store, table: str, name: str, works: Iterable[Identified], *, on: bool) -> int:
    """Put works under a name in `tags` or `collections`, or take them out. Returns how many.

    `works` may be lines of a list as well, of which a hundred thousand need little memory.
    """
    name = known_name(store, table, name)
    ids = [work.id for work in works]
    with store.writing() as writer:
        change = writer.change("user", table.removesuffix("s"), "")
        count = writer.label(change, table, name, ids, on=on)
        told = counted(count, "work")
        deed = f"put {told} under {name}" if on else f"took {told} out of {name}"
        writer.summarise(change, deed)
        writer.forget_if_empty(change)
    return count


# The form in which a work is edited as text


def form_from_work(work: Work) -> str:
    """A work as lines of `field: value`, for an editor; further lines of a value are indented."""
    lines = [
        f"# {work.citation_key}: change, add or remove fields, then save. An empty one is cleared.",
        "# Names: Family, Given; Family, Given. Dates: 2021-08-15. Lists: with ; between.",
    ]
    for field, value in stated(work.description):
        if field not in _NOT_AS_TEXT:
            text = text_from_value(field, value).replace("\n", "\n    ")
            lines.append(f"{field}: {text}")
    return "\n".join(lines) + "\n"


def changes_from_form(work: Work, form: str) -> tuple[dict[str, str], set[str]]:
    """What a user changed in a form: fields with their new text, and fields that are gone.

    Raises `UsageError`, with the line, for a line that is no field.
    """
    now: dict[str, str] = {}
    field: str | None = None
    # Not `splitlines`, which cuts at signs that a title may hold (U+2028).
    for number, line in enumerate(form.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith("#"):
            continue
        if line[:1].isspace() and field is not None:
            now[field] += "\n" + line.strip()
            continue
        if not line.strip():
            continue
        name, colon, text = line.partition(":")
        if not colon:
            raise UsageError(f"Line {number} is no field: {line.strip()[:60]!r}.")
        field = field_named(name)
        now[field] = text.strip()
    before = {
        field: text_from_value(field, value)
        for field, value in stated(work.description)
        if field not in _NOT_AS_TEXT
    }
    changed = {field: text for field, text in now.items() if text != before.get(field)}
    return changed, before.keys() - now.keys()
