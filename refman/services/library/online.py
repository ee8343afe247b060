"""Enriching as one call, for programs and notebooks.

It has a thread and an event loop of its own, for a notebook's is running already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from refman import plugins
from refman.ports import WebSource
from refman.rules.query import Node
from refman.services.asking import Sources
from refman.services.enriching import EnrichItem, EnrichPolicy

if TYPE_CHECKING:
    from refman.services.library import Library


def complete(
    library: Library,
    query: Node,
    names: Sequence[str],
    settings: Mapping[str, str],
    policy: EnrichPolicy | None,
    tell: Callable[[EnrichItem], object],
) -> list[EnrichItem]:
    """What became of each work of a query that waits for enrichment."""
    with ThreadPoolExecutor(1, thread_name_prefix="complete") as pool:
        run = _complete(library, query, names, settings, policy, tell)
        return pool.submit(asyncio.run, run).result()


async def _complete(
    library: Library,
    query: Node,
    names: Sequence[str],
    settings: Mapping[str, str],
    policy: EnrichPolicy | None,
    tell: Callable[[EnrichItem], object],
) -> list[EnrichItem]:
    # httpx takes longer than all that needs no network.
    from refman.net import Net, NetSettings  # noqa: PLC0415

    found = [plugins.source(name, settings) for name in names]
    items: list[EnrichItem] = []
    async with Net(NetSettings(mailto=settings.get("mailto"))) as net:
        online = any(isinstance(source, WebSource) for source in found)
        sources = Sources(found, net if online else None)
        async for item in library.enrich(library.targets(query), sources, policy):
            items.append(item)
            tell(item)
    return items
