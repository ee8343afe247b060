"""Running an enrichment from the command line: sources, progress, what to say at its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

from refman import plugins
from refman.cli.diagnostics import say
from refman.cli.progress import Progress
from refman.cli.session import Session
from refman.ports import WebSource
from refman.services.enriching import EnrichItem, EnrichPolicy, Sources
from refman.services.library import Library


@contextlib.asynccontextmanager
async def open_sources(
    session: Session, names: tuple[str, ...] = (), *, patient: bool = True
) -> AsyncIterator[Sources]:
    """The sources that settings and flags name, with a client for those on the web.

    One that is not `patient` gives up soon, for where a person waits. Raises `RefmanError`.
    """
    settings = session.source_settings()
    sources = [plugins.source(name, settings) for name in session.source_names(names)]
    if session.settings.offline or not any(isinstance(source, WebSource) for source in sources):
        yield Sources(sources)
        return
    # Loaded here: httpx takes longer than all that needs no network.
    from refman.net import Net, NetSettings  # noqa: PLC0415

    net_settings = NetSettings(mailto=session.settings.mailto, on_wait=_waits())
    if not patient:
        net_settings = replace(net_settings, timeout=10, retries=1)
    async with Net(net_settings) as net:
        yield Sources(sources, net)


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
    patient: bool = True,
    on_item: Callable[[EnrichItem], None],
) -> Counter[str]:
    """Enrich works and hand each item to `on_item` as it comes. Returns how many of each status.

    Ctrl-C ends it with `KeyboardInterrupt`; what was answered is kept.
    """
    counts: Counter[str] = Counter()
    progress = Progress("enriched")

    async def work() -> None:
        async with open_sources(session, names, patient=patient) as sources:
            async for item in library.enrich(targets, sources, policy):
                counts[item.status.value] += 1
                on_item(item)
                progress(counts.total())

    try:
        asyncio.run(work())
    finally:
        progress.close()
    return counts


def advise(
    session: Session, counts: Counter[str], reason: str | None, names: tuple[str, ...] = ()
) -> None:
    """Say what is still open after an enrichment from the sources named, and how to go on."""
    pending = counts["pending"]
    if pending:
        works = "1 work waits" if pending == 1 else f"{pending:,} works wait"
        why = f" ({reason.rstrip('.')})" if reason else ""
        say(f"{works} for enrichment{why}; `refman enrich is:pending` goes on.")
    anonymous = session.settings.mailto is None and not session.settings.offline
    many = counts.total() - pending > _MANY
    if many and anonymous and "crossref" in session.source_names(names):
        say(
            "Tell Crossref your e-mail address in REFMAN_MAILTO, and it answers three times faster."
        )


_MANY = 100
_LONG = 5.0
"""Seconds that a person would wonder about."""
