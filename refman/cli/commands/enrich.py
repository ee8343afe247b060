"""`refman enrich`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.enrichment import advise, enrich, find, sources_of
from refman.cli.plain import one_line
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text
from refman.cli.render import json_text
from refman.cli.reports import check_report_name, write_report
from refman.cli.session import Session, pass_session
from refman.cli.spool import Spool
from refman.model import EnrichmentStatus
from refman.ports import WebSource
from refman.rules.query import parse
from refman.services.editing import text_from_value
from refman.services.enriching import EnrichItem, EnrichPolicy, MergePolicy, Sources
from refman.services.finding import FoundDoi, FoundStatus
from refman.services.items import changes_as_items
from refman.services.library import Library
from refman.store import Row, Wanted

_COLUMNS = ("citation_key", "doi", "status", "source", "changed", "reason")
_TOLD = ("mismatch", "failed", "not_found")


@click.command("enrich", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Ask this source; several are asked in order.",
)
@click.option(
    "--policy",
    type=click.Choice([policy.value for policy in MergePolicy]),
    default="fill",
    show_default=True,
    help="How far a source is believed.",
)
@click.option("--find-dois", is_flag=True, help="First search for the DOIs of works without one.")
@click.option("--refresh", is_flag=True, help="Ask again for what has been answered.")
@click.option("--dry-run", is_flag=True, help="Keep the answers, but change no work.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A row for every work, as .csv, .json or .html.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell what became of each work, as JSON.")
@pass_session
def enrich_command(
    session: Session, query: tuple[str, ...], sources: tuple[str, ...], policy: str, *,
    find_dois: bool, refresh: bool, dry_run: bool, report: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Complete works by their DOIs: all that were not answered yet, or those that a query finds.

    A source fills what is empty and replaces what an importer guessed. What you wrote yourself
    is never touched. A record that speaks of another work is told, and changes nothing.
    """
    check_report_name(report)
    chosen = EnrichPolicy(
        policy=MergePolicy(policy), dry_run=dry_run, template=session.key_template
    )
    printer = _Printer(as_json=as_json)
    told: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    reasons: list[str | None] = []
    text = query_text(query)
    with Spool() as rows, session.open() as library:

        def on_item(item: EnrichItem) -> None:
            told[item.status.value] += 1
            asked.update(filter(None, (item.source,)))
            printer.item(item)
            if report is not None and item.work_id is not None:
                rows.put(item.work_id, _row(item))
            if item.status is EnrichmentStatus.PENDING:
                reasons[:] = [item.reason]

        proposed = 0
        if find_dois:
            proposed = _find(session, library, text, dry_run=dry_run, refresh=refresh)
        opened = sources_of(session, sources)
        wanted = Wanted(supplements=opened.supplements)
        if refresh:
            wanted = _begin_refresh(session, library, text, opened)
        targets = library.targets(text, wanted)
        total = library.count_targets(text, wanted)
        try:
            counts = enrich(
                session, library, targets, chosen, names=sources, total=total, on_item=on_item
            )
        except KeyboardInterrupt:
            say(f"Interrupted: {told.total():,} of {total:,} works done; the same command goes on.")
            raise
        finally:
            if told:
                printer.close(told)
            if report is not None:
                _write_report(library, text, report, rows, told, asked)
        if not counts:
            printer.close(counts)
            say("Nothing to enrich: every work with a DOI that matches has been answered."
                if library.count(text) else "Nothing matches.")  # fmt: skip
            return Exit.DONE if library.count(text) and not proposed else Exit.PARTLY
    say(
        ", ".join(f"{counts[s.value]:,} {s.value.replace('_', ' ')}" for s in EnrichmentStatus)
        + "."
    )
    if dry_run:
        say("No work was changed; `refman enrich` does it, and asks nothing again.")
    reason = reasons[0] if reasons else None
    advise(session, counts, reason, sources, again=refresh or bool(sources))
    open_ends = counts.total() - counts["enriched"] - counts["unchanged"] + proposed
    proposals = chosen.policy is MergePolicy.REVIEW and counts["enriched"]
    if proposals:
        say("`refman show KEY --provenance` shows what is proposed for a work; "
            "`refman enrich --refresh QUERY` takes it over.")  # fmt: skip
    return Exit.PARTLY if open_ends or proposals else Exit.DONE


def _begin_refresh(session: Session, library: Library, text: str, opened: Sources) -> Wanted:
    """The works to be asked about again: all of a query, or what a refresh was stopped before."""
    services = [source.name for source in opened.sources if isinstance(source, WebSource)]
    if session.settings.offline or not services:
        return Wanted(all=True)
    wanted = library.begin_refresh(text, services)
    if wanted.all:
        return wanted
    say("Going on with a refresh that was stopped; the next one asks for all again.")
    return replace(wanted, supplements=opened.supplements)


def _find(session: Session, library: Library, text: str, *, dry_run: bool, refresh: bool) -> int:
    """Search for the DOIs of what the query finds, and tell of each. Returns how many are open."""
    counts: Counter[FoundStatus] = Counter()

    def on_item(item: FoundDoi) -> None:
        counts[item.status] += 1
        if item.status is FoundStatus.TAKEN:
            say(f"{item.citation_key}: found {item.doi}")
        elif item.status is FoundStatus.PROPOSED:
            say(f"{item.citation_key}: perhaps {item.doi}: {item.reason}")
        elif item.status is FoundStatus.FAILED:
            say(f"{item.citation_key}: could not be searched for: {item.reason}")

    find(session, library, parse(text), dry_run=dry_run, refresh=refresh, on_item=on_item)
    if counts:
        say(
            f"DOIs: {counts[FoundStatus.TAKEN]:,} found, "
            f"{counts[FoundStatus.PROPOSED]:,} proposed, "
            f"{counts[FoundStatus.NONE]:,} not found, {counts[FoundStatus.FAILED]:,} failed."
        )
    if counts[FoundStatus.PROPOSED]:
        say("`refman edit KEY --set DOI=…` takes one that is proposed.")
    return counts[FoundStatus.PROPOSED] + counts[FoundStatus.FAILED]


def _write_report(
    library: Library,
    query: str,
    path: Path,
    rows: Spool,
    told: Counter[str],
    asked: Counter[str],
) -> None:
    from refman.services.tally import Summary  # noqa: PLC0415 - for reports only

    summary = Summary(outcomes=told, sources=asked)
    write_report(path, _COLUMNS, _all_rows(library, query, rows), summary)


def _all_rows(library: Library, query: str, done: Spool) -> Iterator[dict[str, object]]:
    """A row for every work that the query finds, in the order they came into the library."""
    for row in library.rows(query, descending=False):
        yield done.get(row.id) or {
            "citation_key": row.citation_key,
            "doi": row.DOI,
            **_not_asked(row),
        }


def _not_asked(row: Row) -> dict[str, object]:
    """What there is to say of a work that this run got no answer for."""
    if row.DOI is None:
        return {"status": EnrichmentStatus.NOT_FOUND.value, "reason": "it has no DOI"}
    if row.enrichment in (None, EnrichmentStatus.PENDING.value, EnrichmentStatus.FAILED.value):
        return {"status": EnrichmentStatus.PENDING.value, "reason": "the run ended before it"}
    return {"status": row.enrichment, "reason": "answered before"}


def _row(item: EnrichItem) -> dict[str, object]:
    return {
        "citation_key": item.citation_key,
        "doi": item.doi,
        "status": item.status.value,
        "source": item.source,
        "changed": changes_as_items(item.changed),
        "reason": item.reason,
    }


class _Printer:
    """Tells of each work as it is done: as JSON, or what a person needs to know."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._items = 0
        self._told = 0

    def item(self, item: EnrichItem) -> None:
        """One work."""
        if self._json:
            sys.stdout.write(",\n  " if self._items else '{"records": [\n  ')
            sys.stdout.write(json_text(_row(item), indent=None))
            self._items += 1
        elif item.status.value in _TOLD:
            self._told += 1
            if self._told > _MOST_TOLD:
                return
            say(f"{item.citation_key}: {item.status.value.replace('_', ' ')}: {item.reason}")
        elif item.changed and self._items < _SHOWN:
            self._items += 1
            fields = ", ".join(item.changed)
            say(f"{item.citation_key}: {item.source} gave {fields}")
            for field in ("title", "author"):
                if field in item.changed and item.changed[field][1] not in (None, ()):
                    say(f"    {field}: {one_line(text_from_value(field, item.changed[field][1]))}")

    def close(self, counts: Counter[str]) -> None:
        """The counts."""
        if self._told > _MOST_TOLD:
            say(f"… and {self._told - _MOST_TOLD:,} more; --report FILE has a row for each.")
        if self._json:
            all_counts = {status.value: counts[status.value] for status in EnrichmentStatus}
            begin = "\n], " if self._items else '{"records": [], '
            sys.stdout.write(begin + json_text(all_counts, indent=None)[1:] + "\n")


_MOST_TOLD = 200
_SHOWN = 10
