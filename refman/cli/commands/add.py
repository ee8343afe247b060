"""`refman add`."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.enrichment import advise, enrich, open_net
from refman.cli.render import json_text, lines
from refman.cli.session import Session, pass_session
from refman.errors import NotFoundError, SourceError, SourceUnavailable
from refman.model import EnrichmentStatus
from refman.model.identifier import parse_doi
from refman.rules.query import Term
from refman.services.enriching import EnrichItem, EnrichPolicy
from refman.services.importing import ImportPolicy, ImportStatus
from refman.services.items import item_from_work
from refman.services.resolving import Services, resolve, scheme_of

if TYPE_CHECKING:
    from refman.net import Net


@click.command("add")
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
@click.option("--tag", "tags", multiple=True, metavar="T", help="Put this tag on the works.")
@click.option("--json", "as_json", is_flag=True, help="Print the works as CSL-JSON.")
@pass_session
def add_command(
    session: Session, identifiers: tuple[str, ...], tags: tuple[str, ...], *, as_json: bool
) -> int:
    """Look up DOIs, in any of their forms, arXiv identifiers, ISBNs and PMIDs; add the works.

    ISBNs are looked for at Crossref, PMIDs at OpenAlex; a number without `pmid:` before it is a
    PMID unless it is an ISBN. A whole reference in quotes is searched for at Crossref, and added
    where it is sure which work is meant.
    """
    dois, failed = _dois(session, identifiers)
    if not dois:
        if as_json:
            click.echo("[]")
        return Exit.PARTLY if failed else Exit.DONE
    items: list[EnrichItem] = []
    with session.open(create=True) as library:
        before = library.history(limit=1)
        policy = ImportPolicy(enrich=True, tags=tags)
        text = "\n".join(dois).encode()
        run = library.import_stream(io.BytesIO(text), "add", format="doi-list", policy=policy)
        known = {item.work_id: item for item in run if item.work_id is not None}
        targets = library.waiting(known)
        # One change in all, so that one undo takes it back; none was made where all was there.
        adding = [change.id for change in library.history(limit=1) if change not in before]
        chosen = EnrichPolicy(
            settle_keys=True,
            template=session.key_template,
            change_id=adding[0] if adding else None,
        )
        counts = enrich(session, library, targets, chosen, patient=False, on_item=items.append)
        unknown = [item for item in items if item.status is EnrichmentStatus.NOT_FOUND]
        for item in unknown:
            say(f"{item.doi}: {item.reason}; it was not added.")
        fresh = {id_ for id_, item in known.items() if item.status is ImportStatus.IMPORTED}
        new = [item for item in unknown if item.work_id in fresh]
        library.delete(library.works_by_keys([item.citation_key for item in new]))
        works = [work for id_ in known if (work := library.store.work(id_)) is not None]
        if as_json:
            click.echo(json_text([item_from_work(work) for work in works]))
        else:
            for work in works:
                rows = library.rows(Term(work.citation_key, "key", phrase=True))
                for line in lines(rows):
                    click.echo(line)
        for item in items:
            if item.status in (EnrichmentStatus.FAILED, EnrichmentStatus.MISMATCH):
                say(f"{item.citation_key}: {item.status.value}: {item.reason}")
                failed += 1
        reasons = [item.reason for item in items if item.status is EnrichmentStatus.PENDING]
        advise(session, counts, reasons[-1] if reasons else None)
    return Exit.PARTLY if failed or unknown or reasons else Exit.DONE


def _dois(session: Session, identifiers: tuple[str, ...]) -> tuple[list[str], int]:
    """The DOIs meant, and how many identifiers could not be used."""
    dois: list[str] = []
    others: list[tuple[int, str]] = []
    failed = 0
    for text in identifiers:
        scheme = scheme_of(text)
        if scheme is None and len(text.split()) < _REFERENCE:
            say(f"{text}: no DOI, arXiv identifier, ISBN or PMID.")
            failed += 1
        elif (doi := parse_doi(text)) is not None:
            dois.append(doi)
        else:
            others.append((len(dois), text))
            dois.append("")
    if others:
        asyncio.run(_resolved(session, others, dois))
    found = [doi for doi in dois if doi]
    return found, failed + len(dois) - len(found)


async def _resolved(session: Session, others: list[tuple[int, str]], dois: list[str]) -> None:
    """Put the DOIs of other identifiers in their places."""
    settings = session.settings
    services = Services(
        settings.crossref_url, settings.openalex_url, settings.mailto, settings.openalex_api_key
    )
    async with open_net(session, patient=False) as net:
        for place, text in others:
            try:
                if scheme_of(text) is None:
                    dois[place] = await _searched(session, text, net)
                else:
                    dois[place] = await resolve(text, net, services)
            except (NotFoundError, SourceError) as error:
                say(f"{text[:_SHOWN]}: {error.message}")


async def _searched(session: Session, reference: str, net: Net | None) -> str:
    """The DOI of the one work that a reference is surely of. Raises `RefmanError`."""
    if net is None:
        raise SourceUnavailable("a search needs the network, and refman is offline")
    from refman.rules.candidate import Choice  # noqa: PLC0415 - few commands search
    from refman.services.finding import suggest  # noqa: PLC0415

    settings = session.settings
    async with net.turn(settings.crossref_url, "array"):
        judgement, _ = await asyncio.to_thread(
            suggest, reference, base_url=settings.crossref_url, mailto=settings.mailto
        )
    if judgement.choice is Choice.TAKE and judgement.DOI:
        say(f"{reference[:_SHOWN]}: it is {judgement.DOI}.")
        return judgement.DOI
    if judgement.choice is Choice.PROPOSE and judgement.DOI:
        raise NotFoundError(
            f"perhaps it is {judgement.DOI} ({judgement.reason}); `refman add {judgement.DOI}` "
            "takes that"
        )
    raise NotFoundError(f"it was not found: {judgement.reason}")


_REFERENCE = 4
"""Words from which on a text is taken for a reference."""
_SHOWN = 60
