"""`refman show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from refman.cli.diagnostics import Exit
from refman.cli.plain import one_line, plain
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.model import Description, RecordState, Work, stated
from refman.rules.merge import Claim
from refman.services import belongings
from refman.services.editing import text_from_value
from refman.services.items import item_from_work, other_keys
from refman.services.library import Library


@click.command("show")
@click.argument("key", metavar="KEY|DOI")
@click.option("--json", "as_json", is_flag=True, help="As a CSL-JSON item.")
@click.option("--to", "format_name", metavar="FORMAT", help="As bibtex, ris, …")
@click.option("--provenance", is_flag=True, help="Which source says what of each field.")
@pass_session
def show_command(
    session: Session, key: str, *, as_json: bool, format_name: str | None, provenance: bool
) -> int:
    """Show all that is known of a work, found by its citation key or DOI."""
    with session.open() as library:
        work = library.get(key)
        if format_name is not None:
            for piece in library.export(format_name, [work]):
                if isinstance(piece, str):
                    click.echo(piece, nl=False)
        elif as_json:
            item = _with_belongings(library, work, item_from_work(work))
            if provenance:
                custom = item["custom"]
                assert isinstance(custom, dict)
                custom["provenance"] = _claims_as_items(library, work)
            click.echo(json_text(item))
        else:
            for line in _lines(library, work, provenance=provenance):
                click.echo(line)
    return Exit.DONE


def _with_belongings(library: Library, work: Work, item: dict[str, object]) -> dict[str, object]:
    custom = item["custom"]
    assert isinstance(custom, dict)
    if notes := library.store.notes(work.id):
        custom["notes"] = [note.text for note in notes]
    if files := belongings.states(library.store, library.path, work):
        custom["files"] = [str(state.path) for state in files]
    return item


def _lines(library: Library, work: Work, *, provenance: bool) -> Iterator[str]:
    if (notice := work.description.retraction) is not None:
        yield f"*** {notice.type.replace('_', ' ').upper()} ({plain(notice.DOI or '')}) ***"
    yield f"{'citation key':>18}  {plain(work.citation_key)}"
    claims = library.claims(work) if provenance else {}
    for field, value in stated(work.description):
        if field == "extra":
            continue
        yield from _field_lines(field, _as_text(field, value))
        yield from _claim_lines(field, claims.get(field, ()))
    known = {field for field, _ in stated(work.description)} | {"extra"}
    for field in sorted(claims.keys() - known):
        # What is only proposed, or was cleared, stands nowhere else.
        yield from _field_lines(field, "—")
        yield from _claim_lines(field, claims[field])
    for extra in work.description.extra:
        yield from _field_lines(f"{extra.format}:{extra.name}", extra.value[:400])
    for name, names in (
        ("also called", other_keys(work)), ("tags", work.tags), ("collections", work.collections)
    ):  # fmt: skip
        if names:
            yield f"{name:>18}  {plain('; '.join(names))}"
    for note in library.store.notes(work.id):
        yield from _field_lines("note", note.text)
    for state in belongings.states(library.store, library.path, work):
        yield from _field_lines("file", f"{state.path}{f' ({state.fault})' if state.fault else ''}")
    if work.enrichment is not None:
        yield f"{'enrichment':>18}  {work.enrichment.value.replace('_', ' ')}"
    yield f"{'added':>18}  {work.added}"


def _claim_lines(field: str, claims: Iterable[Claim]) -> Iterator[str]:
    """Who says what of a field, the one that is believed first."""
    for claim in claims:
        origin = claim.record.origin
        where = f" {plain(origin.location)}" if origin.location else ""
        told = one_line(_as_text(field, claim.value) if claim.value not in (None, ()) else "—")
        mark = "✓" if claim.stands else " "
        state = claim.record.state
        aside = f" ({state.value})" if state is not RecordState.STANDING else ""
        if not aside and claim.rank == "user" and origin.name != "user":
            aside = " (accepted)"
        yield f"{'':>20}{mark} {plain(origin.name)}{aside}{where}: {told[:160]}"
        if claim.verbatim is not None:
            yield f"{'':>22}as it came: {one_line(claim.verbatim)[:160]}"


def _field_lines(name: str, text: str) -> Iterator[str]:
    shown = plain(name).replace("_", " ")
    for i, line in enumerate(plain(text).splitlines() or [""]):
        yield f"{shown if i == 0 else '':>18}  {line}"


def _as_text(field: str, value: object) -> str:
    if field == "updates":
        updates = Description(updates=value).updates  # type: ignore[arg-type]
        return "; ".join(
            " ".join(filter(None, (u.type, u.DOI, u.date.edtf if u.date else None, u.source)))
            for u in updates
        )
    if field == "relations":
        relations = Description(relations=value).relations  # type: ignore[arg-type]
        return "; ".join(f"{relation.type} {relation.id}" for relation in relations)
    return text_from_value(field, value)


def _claims_as_items(library: Library, work: Work) -> dict[str, list[dict[str, object]]]:
    told: dict[str, list[dict[str, object]]] = {}
    for field, claims in library.claims(work).items():
        if field == "extra":
            continue
        told[field.replace("_", "-")] = [
            {
                "source": claim.record.origin.name,
                "kind": claim.record.origin.kind.value,
                "location": claim.record.origin.location,
                "retrieved": claim.record.origin.retrieved,
                "value": None if claim.value in (None, ()) else _as_text(field, claim.value),
                "verbatim": claim.verbatim,
                "stands": claim.stands,
            }
            for claim in claims
        ]
    return told
