"""What comes into a library and goes out of it: files, text, and the answers of sources."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from refman.model import Work
from refman.rules.query import EVERYTHING, Node
from refman.services.library.looking import LookingLibrary
from refman.store import Wanted

if TYPE_CHECKING:
    from refman.ports import ExportOptions, ImportOptions, Loss
    from refman.services.enriching import EnrichItem, EnrichPolicy, Sources
    from refman.services.hand_edits import Edits, SyncReport
    from refman.services.importing import ImportItem, ImportPolicy, ImportRun, Progress

# Loaded when they are called: nobody who only looks must pay for asyncio and the plug-ins.
# ruff: noqa: PLC0415


class ExchangingLibrary(LookingLibrary):
    """Importing, exporting, enriching, and files that are kept in step."""

    # Bringing in

    def import_stream(
        self,
        stream: BinaryIO,
        name: str = "-",
        *,
        format: str | None = None,  # noqa: A002
        policy: ImportPolicy | None = None,
        options: ImportOptions | None = None,
        progress: Progress | None = None,
    ) -> ImportRun:
        """Import what a stream holds, in a format given or recognised.

        The run yields what became of each entry. Raises `InputError` for an input that is empty,
        binary or in no known format.
        """
        from refman.services import importing

        return importing.import_stream(
            self.store,
            stream,
            name,
            format_name=format,
            policy=policy,
            options=options,
            progress=progress,
        )

    def import_text(
        self, text: str, name: str = "pasted", policy: ImportPolicy | None = None
    ) -> list[ImportItem]:
        """Import what somebody pasted. Returns what became of each entry."""
        stream = io.BytesIO(text.encode("utf-8", "replace"))
        return list(self.import_stream(stream, name, policy=policy))

    def import_file(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002
        policy: ImportPolicy | None = None,
    ) -> list[ImportItem]:
        """Import a file. Returns what became of each entry. Raises `InputError`, `OSError`."""
        with Path(path).open("rb") as stream:
            return list(self.import_stream(stream, str(path), format=format, policy=policy))

    # Enriching

    def waiting(self, work_ids: Iterable[int]) -> list[tuple[int, str]]:
        """Those of some works that wait for enrichment, as (id, DOI)."""
        return self.store.dois_of(work_ids)

    def targets(self, query: str | Node, wanted: Wanted | None = None) -> Iterator[tuple[int, str]]:
        """Works that a query finds and that are to be enriched, as (id, DOI).

        By default those that have not been answered.
        """
        return self.store.dois_to_enrich(self.node(query), wanted or Wanted())

    def count_targets(self, query: str | Node, wanted: Wanted | None = None) -> int:
        """How many works `targets` gives."""
        return self.store.count_to_enrich(self.node(query), wanted or Wanted())

    def begin_refresh(self, query: str | Node, sources: Sequence[str]) -> Wanted:
        """Have what these sources said of the works of a query asked for again.

        Gives the works that this leaves to be enriched: all of the query, or those that a refresh
        was stopped before.
        """
        node = self.node(query)
        stopped = Wanted(stale=sources)
        only_open = self.store.count_to_enrich(node, Wanted())
        if self.store.count_to_enrich(node, stopped) > only_open:
            return stopped
        with self.store.writing() as writer:
            writer.mark_stale(node, sources)
        return Wanted(all=True)

    def enrich(
        self,
        targets: Iterable[tuple[int, str]],
        sources: Sources,
        policy: EnrichPolicy | None = None,
    ) -> AsyncIterator[EnrichItem]:
        """Enrich works, given by id and DOI, as `refman.services.enriching` says."""
        from refman.services import enriching

        return enriching.enrich(self.store, targets, sources, policy or enriching.EnrichPolicy())

    # Taking out

    def export(
        self,
        format: str,  # noqa: A002
        works: Iterable[Work],
        options: ExportOptions | None = None,
    ) -> Iterator[str | Loss]:
        """The works in a format, in pieces of text, and what it could not carry."""
        from refman.services import exporting

        return exporting.export(format, works, options)

    def sync(
        self,
        path: str | Path,
        query: str | Node = EVERYTHING,
        *,
        format: str | None = None,  # noqa: A002
        edits: Edits | None = None,
    ) -> SyncReport:
        """Bring a file into step with the works of a query, as `refman.services.syncing` says.

        What was edited in it by hand is proposed, unless `edits` says otherwise. Raises
        `InputError` for a file that cannot be read or written, `UsageError` for its format.
        """
        from refman.services import syncing

        file = Path(path)
        sync = syncing.FileSync(self.store, file, syncing.format_for(file, format))
        return sync.run(lambda: list(self.search(query)), edits=edits or syncing.Edits.PROPOSE)

    def export_text(
        self,
        format: str,  # noqa: A002
        works: Iterable[Work],
        options: ExportOptions | None = None,
    ) -> str:
        """The works as one text in a format. What it could not carry is left out."""
        pieces = self.export(format, works, options)
        return "".join(piece for piece in pieces if isinstance(piece, str))

    def export_file(
        self,
        path: str | Path,
        works: Iterable[Work],
        *,
        format: str | None = None,  # noqa: A002
        options: ExportOptions | None = None,
    ) -> list[Loss]:
        """Write the works to a file, all at once or not at all. Returns what was lost.

        Without a format the name of the file says which. Raises `UsageError` for a name that says
        none, `InputError` where the file cannot be written.
        """
        from refman.services import exporting, syncing

        losses: list[Loss] = []

        def text() -> Iterator[str]:
            for piece in self.export(name, works, options):
                if isinstance(piece, str):
                    yield piece
                else:
                    losses.append(piece)

        name = syncing.format_for(Path(path), format)
        exporting.write_file(Path(path), text())
        return losses

    def cite(
        self,
        works: Iterable[Work],
        style: str = "apa",
        form: str = "text",
        locale: str | None = None,
    ) -> list[str]:
        """The references as a style formats them, as text, html or markdown.

        Raises `UsageError` for a style or a locale that there is none of.
        """
        from refman.services import citing

        return citing.cite(works, style, citing.CiteFormat(form), locale)
