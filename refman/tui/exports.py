"""What an export is to be, what it would look like, and what of that is remembered.

Nothing here knows of Textual; what asks the library runs in a library's thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path

from refman import plugins
from refman.errors import PluginError, UsageError
from refman.model import Work
from refman.ports import ExportOptions, FormatInfo, JournalForm, Loss, TextEncoding
from refman.services.cited import cited_works, read_manuscript
from refman.services.exporting import ALWAYS, field_names
from refman.services.library import Library
from refman.tui.display import counted, one_line
from refman.tui.state import Listing

PREVIEWED = 3
"""Works that a preview shows."""
_LOOKED_AT = 50
"""Works whose losses a preview tells."""
_LONGEST = 6_000
_LOSSES_NAMED = 4


class Scope(StrEnum):
    """Which works are written."""

    MARKED = "marked"
    LISTED = "listed"
    CITED = "cited"
    """Those that a manuscript cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWishes:
    """What was chosen, as typed. It is remembered by format, but for scope and manuscript."""

    scope: Scope = Scope.LISTED
    manuscript: str = ""
    format: str = "bibtex"
    path: str = ""
    journals: str = ""
    ascii: bool = False
    doi_as_url: bool = False
    fields: str = ""
    without: str = ""
    style: str = ""

    @property
    def options(self) -> ExportOptions:
        """What is asked of the exporter. Raises `UsageError` for fields that there are none of."""
        chosen = tuple(field_names(self.fields, always=ALWAYS))
        return ExportOptions(
            encoding=TextEncoding.ASCII if self.ascii else TextEncoding.UNICODE,
            omit=frozenset(field_names(self.without)),
            fields=chosen or (("type",) if self.fields.strip() else ()),
            journals=JournalForm(self.journals) if self.journals else None,
            doi_as_url=self.doi_as_url,
            style=self.style.strip() or None,
        )

    @property
    def kept(self) -> dict[str, str]:
        """What is remembered of it."""
        switches = {"ascii": self.ascii, "doi_as_url": self.doi_as_url}
        texts = {name: getattr(self, name) for name in _TEXTS}
        on = {name: "yes" for name, value in switches.items() if value}
        return {name: text for name, text in texts.items() if text} | on


_TEXTS = ("path", "journals", "fields", "without", "style")


def remembered(format_name: str, kept: Mapping[str, str]) -> ExportWishes:
    """The wishes that were kept for a format. What makes no sense any more is left out."""
    texts = {name: kept.get(name, "") for name in _TEXTS}
    if texts["journals"] not in ("", *JournalForm):
        texts["journals"] = ""
    if texts["path"] and not Path(texts["path"]).expanduser().absolute().parent.is_dir():
        texts["path"] = ""
    return ExportWishes(
        format=format_name,
        ascii=kept.get("ascii") == "yes",
        doi_as_url=kept.get("doi_as_url") == "yes",
        path=texts["path"],
        journals=texts["journals"],
        fields=texts["fields"],
        without=texts["without"],
        style=texts["style"],
    )


@dataclass(slots=True)
class Written:
    """What went out, or would."""

    count: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    """What a manuscript cites and is not there."""

    def counting(self, works: Iterable[Work]) -> Iterator[Work]:
        """The works, counted as they pass."""
        for work in works:
            self.count += 1
            yield work

    def texts(self, pieces: Iterable[str | Loss]) -> Iterator[str]:
        """The text of what an exporter gives, its losses counted."""
        for piece in pieces:
            if isinstance(piece, Loss):
                self.losses[piece.field] += 1
            else:
                yield piece

    @property
    def lost(self) -> str:
        """The fields that had no room, with how often: `annote (2), note (1)`."""
        named = [
            f"{one_line(name).replace('_', ' ')} ({count})"
            for name, count in self.losses.most_common(_LOSSES_NAMED)
        ]
        if len(self.losses) > _LOSSES_NAMED:
            named.append(f"{len(self.losses) - _LOSSES_NAMED} more fields")
        return ", ".join(named)

    @property
    def missed(self) -> str:
        """What is cited and not there, in a sentence, or nothing."""
        if not self.missing:
            return ""
        first = ", ".join(map(one_line, self.missing[:_LOSSES_NAMED]))
        more = " …" if len(self.missing) > _LOSSES_NAMED else ""
        return f"Cited but not here: {first}{more} ({len(self.missing):,})."


def works_of(
    library: Library, wishes: ExportWishes, marked: list[int], listing: Listing, written: Written
) -> Iterator[Work]:
    """The works that are meant. Raises `InputError` for a manuscript that cannot be read."""
    store = library.store
    if wishes.scope is Scope.CITED:
        if not wishes.manuscript.strip():
            raise UsageError("Name the manuscript.")
        manuscript = read_manuscript(Path(wishes.manuscript.strip()).expanduser())
        yield from cited_works(store, manuscript.cited, written.missing)
    elif wishes.scope is Scope.MARKED:
        for start in range(0, len(marked), 500):
            yield from store.works(marked[start : start + 500])
    elif listing.ranked:
        yield from library.works_of(library.ranked(listing.node))
    else:
        yield from store.iterate(listing.node, listing.order, descending=listing.descending)


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """How the first works would be written, and what would be lost."""

    text: str
    note: str = ""


def preview(
    library: Library, wishes: ExportWishes, marked: list[int], listing: Listing
) -> ExportPreview:
    """What an export would begin with. Raises `RefmanError` for wishes that cannot be met."""
    written = Written()
    options = wishes.options
    info = info_of(wishes.format)
    most = PREVIEWED if info is None or info.for_readers else _LOOKED_AT
    works = list(islice(works_of(library, wishes, marked, listing, written), most))
    text = "".join(written.texts(library.export(wishes.format, works[:PREVIEWED], options)))
    for _ in written.texts(library.export(wishes.format, works[PREVIEWED:], options)):
        pass
    notes = []
    if written.losses:
        of = counted(len(works), "work")
        notes.append(f"Of the first {of}, no room, or not for all, of {written.lost}.")
    if written.missed:
        notes.append(written.missed)
    if not works:
        notes.append("Nothing to write.")
    return ExportPreview(text[:_LONGEST], " ".join(notes))


def info_of(format_name: str) -> FormatInfo | None:
    """A format's names; None where its plug-in does not work."""
    try:
        return plugins.exporter(format_name).info
    except PluginError:
        return None


def extension_of(format_name: str) -> str:
    """How files of a format end."""
    info = info_of(format_name)
    return info.extensions[0] if info is not None and info.extensions else ".txt"
