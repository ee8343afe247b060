"""Finding the DOIs of works that lack one, by a bibliographic search at Crossref.

A result counts only where title, authors and year agree with what is known, and where no other
result agrees as well: a wrong DOI is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refman.crosswalk.crossref import description_from_message
from refman.errors import SourceUnavailable
from refman.model import Description, Origin, OriginKind, Record, Work
from refman.rules.match import Verdict, same_work
from refman.rules.query import parse
from refman.store import Store


def find_dois(
    store: Store, query: str, *, base_url: str, mailto: str | None, offline: bool
) -> Iterator[tuple[str, str]]:
    """Search for the DOIs of works; yields (citation key, DOI) for each that was found.

    Raises `SourceError` where the search cannot be asked.
    """
    if offline:
        raise SourceUnavailable("Searching for DOIs needs the network, and refman is offline.")
    # The client takes long to load, and only this needs it.
    from refman.net.habanero_search import search  # noqa: PLC0415

    for work in list(store.iterate(parse(query))):
        reference = _reference(work.description)
        if not reference:
            continue
        messages = search(reference, base_url=base_url, mailto=mailto)
        doi = _agreed(work, messages)
        if doi is None:
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
