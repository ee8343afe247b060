"""Finding the DOIs of works that lack one, by a bibliographic search at Crossref.

A result counts only where title, authors and year agree with what is known, and where no other
result agrees as well: a wrong DOI is worse than none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from refman.crosswalk.crossref import description_from_message
from refman.errors import SourceUnavailable
from refman.model import Description, Origin, OriginKind, Record, Work
from refman.rules.match import Verdict, same_work
from refman.rules.query import Node
from refman.store import Store


def find_dois(
    store: Store,
    query: Node,
    *,
    base_url: str,
    mailto: str | None,
    offline: bool,
    dry_run: bool = False,
) -> Iterator[tuple[str, str]]:
    """Search for the DOIs of works; yields (citation key, DOI) for each that was found.

    In a `dry_run` no work gets its DOI. The service is asked no faster than it allows. Raises
    `SourceError` where the search cannot be asked.
    """
    if offline:
        raise SourceUnavailable("Searching for DOIs needs the network, and refman is offline.")
    # The client takes long to load, and only this needs it.
    from refman.net.habanero_search import search  # noqa: PLC0415
    from refman.net.limits import POLITE, PUBLIC, Bucket  # noqa: PLC0415

    pace = Bucket((POLITE if mailto else PUBLIC)["array"])
    for work in list(store.iterate(query)):
        reference = _reference(work.description)
        if not reference:
            continue
        time.sleep(pace.wait(time.monotonic()) or 0)
        messages = search(reference, base_url=base_url, mailto=mailto)
        # When it left is not known, only that it was before now.
        pace.sent(time.monotonic())
        doi = _agreed(work, messages)
        if doi is None:
            continue
        if dry_run:
            yield work.citation_key, doi
            continue
        record = Record(
            description=Description(DOI=doi),
            guessed=frozenset({"DOI"}),
            origin=Origin(kind=OriginKind.SOURCE, name="crossref-search", location=doi),
        )
        with store.writing() as writer:
            change = writer.change(
                "source", "find-dois", f"DOI of {work.citation_key} found by its title"
            )
            writer.append(change, [(work.id, record)])
        yield work.citation_key, doi


def _reference(description: Description) -> str:
    """The words to search with: title, first author, container and year."""
    if not description.title:
        return ""
    parts = [description.title]
    parts += [name.full_family for name in description.author[:1]]
    parts += [description.container_title or "", str(description.year or "")]
    return " ".join(part for part in parts if part)[:600]


def _agreed(work: Work, messages: list[Mapping[str, Any]]) -> str | None:
    """The one DOI whose record is surely the work's, or None."""
    found = {
        mapped.DOI
        for message in messages
        if (mapped := description_from_message(message).description).DOI
        and same_work(work.description, mapped) is Verdict.SAME
    }
    return found.pop() if len(found) == 1 else None
