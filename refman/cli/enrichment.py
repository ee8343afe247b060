"""Running an enrichment from the command line: sources, progress, what to say at its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from refman import plugins
from refman.cli.diagnostics import say
from refman.cli.progress import Progress
from refman.cli.session import Session
from refman.config import cache_path
from refman.ports import Limited, Source, WebSource
from refman.rules.freshness import Freshness
from refman.rules.query import And, Has, Node, Not
from refman.services.enriching import EnrichItem, EnrichPolicy, Sources
from refman.services.finding import FoundDoi, find_missing_dois
from refman.services.library import Library

if TYPE_CHECKING:
    from refman.net import Net


@contextlib.asynccontextmanager
async def open_sources(
    session: Session, names: tuple[str, ...] = (), *, patient: bool = True
) -> AsyncIterator[Sources]:
    """The sources that settings and flags name, with a client for those on the web.

    One that is not `patient` gives up soon, for where a person waits. Raises `RefmanError`.
    """
    opened = sources_of(session, names)
    if not any(isinstance(source, WebSource) for source in opened.sources):
        yield opened
        return
    async with open_net(session, opened.sources, patient=patient) as net:
        yield replace(opened, net=net)


def _freshness(session: Session, *, refresh: bool = False) -> Freshness:
    settings = session.settings
    return Freshness(settings.freshness * _DAY, settings.freshness_missing * _DAY, refresh)


def sources_of(session: Session, names: tuple[str, ...] = ()) -> Sources:
    """The sources that settings and flags name, without a client. Raises `RefmanError`."""
    settings = session.source_settings()
    return Sources(
        [plugins.source(name, settings) for name in session.source_names(names)],
        freshness=_freshness(session),
    )


@contextlib.asynccontextmanager
async def open_net(
    session: Session, sources: Iterable[Source] = (), *, patient: bool = True
) -> AsyncIterator[Net | None]:
    """The client for services on the web; None where we are offline.

    It keeps to the limits that the sources name. All processes of this user share one pace.
    """
    if session.settings.offline:
        yield None
        return
    # Loaded here: httpx takes longer than all that needs no network.
    from refman.net import Grant, Net, NetSettings, SharedPacer  # noqa: PLC0415
    from refman.net.limits import default_grants  # noqa: PLC0415

    mailto = session.settings.mailto
    net_settings = NetSettings(mailto=mailto, on_wait=_waits())
    if not patient:
        net_settings = replace(net_settings, timeout=10, retries=1)
    grants = dict(default_grants(mailto))
    for source in sources:
        if isinstance(source, Limited):
            grants |= {kind: Grant(*limit) for kind, limit in source.limits.items()}
    pacer = SharedPacer(cache_path() / "pace", grants, mailto=mailto)
    async with Net(net_settings, pacer) as net:
        yield net


def _waits() -> Callable[[str, float], None]:
    """What tells of a wait that a service asks for, once and not for each request that waits."""
    until: dict[str, float] = {}

    def tell(host: str, seconds: float) -> None:
        now = time.monotonic()
        if seconds >= _LONG and now >= until.get(host, now):
            until[host] = now + seconds
            say(f"{host} asks us to wait {seconds:,.0f} s.")

    return tell


def enrich(
    session: Session,
    library: Library,
    targets: Iterable[tuple[int, str]],
    policy: EnrichPolicy,
    *,
    names: tuple[str, ...] = (),
    total: int | None = None,
    patient: bool = True,
    on_item: Callable[[EnrichItem], None],
) -> Counter[str]:
    """Enrich works and hand each item to `on_item` as it comes. Returns how many of each status.

    `total` is how many there are, for those who watch.

    Ctrl-C ends it with `KeyboardInterrupt`; what was answered is kept.
    """
    counts: Counter[str] = Counter()
    progress = Progress("enriched", total)

    async def work() -> None:
        async with open_sources(session, names, patient=patient) as sources:
            async for item in library.enrich(targets, sources, policy):
                counts[item.status.value] += 1
                on_item(item)
                progress(counts.total(), counts)

    try:
        asyncio.run(work())
    finally:
        progress.close()
    return counts


def find(
    session: Session,
    library: Library,
    query: Node,
    *,
    dry_run: bool,
    refresh: bool,
    on_item: Callable[[FoundDoi], None],
) -> None:
    """Search for the DOIs of works that have none, and hand each outcome to `on_item`.

    Raises `SourceUnavailable` where we are offline.
    """
    progress = Progress("searched for", library.count(And((Not(Has("DOI")), query))))

    async def work() -> None:
        async with open_net(session) as net:
            found = find_missing_dois(
                library.store,
                query,
                base_url=session.settings.crossref_url,
                mailto=session.settings.mailto,
                net=net,
                dry_run=dry_run,
                freshness=_freshness(session, refresh=refresh),
                on_progress=lambda done, _: progress(done),
            )
            async for item in found:
                on_item(item)

    try:
        asyncio.run(work())
    finally:
        progress.close()


def advise(
    session: Session,
    counts: Counter[str],
    reason: str | None,
    names: tuple[str, ...] = (),
    *,
    again: bool = False,
) -> None:
    """Say what is still open after an enrichment from the sources named, and how to go on."""
    pending = counts["pending"]
    if pending:
        works = "1 work waits" if pending == 1 else f"{pending:,} works wait"
        why = f" ({reason.rstrip('.')})" if reason else ""
        way = "the same command" if again else "`refman enrich is:pending`"
        say(f"{works} for enrichment{why}; {way} goes on.")
    anonymous = session.settings.mailto is None and not session.settings.offline
    many = counts.total() - pending > _MANY
    if many and anonymous and "crossref" in session.source_names(names):
        say(
            "Tell Crossref your e-mail address in REFMAN_MAILTO, and it answers three times faster."
        )


_DAY = 86_400.0
_MANY = 100
_LONG = 5.0
"""Seconds that a person would wonder about."""
