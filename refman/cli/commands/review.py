"""`refman review`: deciding on what sources and edited files propose, and on mismatches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.services.library import Library, utc_now
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.services.reviewing import Decision, Review

_SETTLING = ("believe", "dismiss", "drop-doi")


@click.command("review")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--accept", multiple=True, metavar="FIELD", help="Take over what is proposed for it.")
@click.option("--reject", multiple=True, metavar="FIELD", help="Turn down what is proposed for it.")
@click.option("--accept-all", is_flag=True, help="Take over all that is not rejected.")
@click.option("--reject-all", is_flag=True, help="Turn down all that is not accepted.")
@click.option(
    "--mismatch",
    type=click.Choice(_SETTLING),
    help="Of works whose DOI led to another record: believe it, dismiss it, or drop the DOI, too.",
)
@click.option("--source", metavar="NAME", help="Only what this source proposes.")
@click.option("--dry-run", is_flag=True, help="Say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, what is open afterwards.")
@pass_session
def review_command(
    session: Session, keys: tuple[str, ...], accept: tuple[str, ...], reject: tuple[str, ...],
    mismatch: str | None, source: str | None, *, accept_all: bool, reject_all: bool,
    dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Decide on what is proposed, field by field: of works, or without a KEY of all.

    Proposals come from `enrich --policy review`, `enrich --find-dois` and files that are kept in
    step. Without a decision they are shown. All decisions of a call are one change, which `refman
    undo` takes back; each mismatch that is settled is one, too.
    """
    if accept_all and reject_all:
        raise UsageError("All cannot be accepted and rejected at once.")
    rest = "accept" if accept_all else "reject" if reject_all else None
    wanted = _Wanted(_verdicts(accept, reject), rest, source, mismatch)
    with session.open() as library:
        reviews, complete = _open(library, keys)
        if wanted.verdicts or rest or mismatch:
            told = _decide(library, reviews, wanted, dry_run=dry_run)
            say(f"Would decide on {told}." if dry_run
                else f"Decided on {told}; `refman undo` takes it back.")  # fmt: skip
            reviews, _ = _open(library, keys)
    if as_json:
        click.echo(json_text([_item(review) for review in reviews]))
    else:
        for review in reviews:
            _show(review)
    if not reviews:
        say("Nothing is to be decided.")
    return Exit.PARTLY if reviews or not complete else Exit.DONE


class _Wanted(NamedTuple):
    """What the user decided, by field; for all other fields; of one source; of mismatches."""

    verdicts: Mapping[str, str]
    rest: str | None
    source: str | None
    mismatch: str | None


def _verdicts(accept: Iterable[str], reject: Iterable[str]) -> dict[str, str]:
    from refman.services.editing import field_named  # noqa: PLC0415

    accepted = {field_named(name): "accept" for name in accept}
    rejected = {field_named(name): "reject" for name in reject}
    if both := accepted.keys() & rejected.keys():
        raise UsageError(f"{', '.join(sorted(both))} cannot be accepted and rejected at once.")
    return accepted | rejected


def _decide(library: Library, reviews: Sequence[Review], wanted: _Wanted, *, dry_run: bool) -> str:
    """Do it; in words, on how much was decided."""
    from refman.services import reviewing  # noqa: PLC0415

    decisions = {review.work.id: dict(_decisions(review, wanted)) for review in reviews}
    told = counted(sum(len(each) for each in decisions.values()), "field")
    unsettled = [review for review in reviews if review.mismatches] if wanted.mismatch else []
    if unsettled:
        told += f" and on the other record of {counted(len(unsettled), 'work')}"
    if not dry_run:
        reviewing.decide_all(library.store, decisions, utc_now())
        for review in unsettled:
            verdict = reviewing.MismatchVerdict(wanted.mismatch)
            reviewing.settle_mismatch(library.store, review.work.id, verdict, utc_now())
    return told


def _open(library: Library, keys: tuple[str, ...]) -> tuple[list[Review], bool]:
    """What is to be decided of these works, or of all, and whether all are there."""
    from refman.services import reviewing  # noqa: PLC0415

    if not keys:
        return list(reviewing.undecided(library.store)), True
    works, complete = works_named(library, keys)
    found = [reviewing.review(library.store, work) for work in works]
    return [review for review in found if review.is_open], complete


def _decisions(review: Review, wanted: _Wanted) -> Iterator[tuple[tuple[int, str], Decision]]:
    from refman.services.reviewing import Verdict  # noqa: PLC0415

    for proposal in review.proposals:
        verdict = wanted.verdicts.get(proposal.field, wanted.rest)
        if verdict is not None and wanted.source in (None, proposal.record.origin.name):
            yield (proposal.record.id or 0, proposal.field), Verdict(verdict)


def _item(review: Review) -> dict[str, Any]:
    from refman.services.items import item_from_work  # noqa: PLC0415

    return {
        "citation_key": review.work.citation_key,
        "work": item_from_work(review.work),
        "proposals": [
            {
                "field": proposal.field,
                "old": _text(proposal.field, proposal.old),
                "new": _text(proposal.field, proposal.new),
                "source": proposal.source,
                "location": proposal.record.origin.location,
            }
            for proposal in review.proposals
        ],
        "mismatches": [
            {"source": record.origin.name, "title": record.description.title,
             "DOI": record.description.DOI}
            for record in review.mismatches
        ],
    }  # fmt: skip


def _text(field: str, value: Any) -> str | None:
    from refman.services.editing import text_from_value  # noqa: PLC0415

    if value in (None, ()):
        return None
    if field == "updates":
        return "; ".join(f"{update.type} {update.DOI or ''}".strip() for update in value)
    return text_from_value(field, value)


def _show(review: Review) -> None:
    click.echo(one_line(f"{review.work.citation_key}: {review.work.description.title or ''}"))
    for line in _lines(review):
        click.echo("  " + one_line(line))


def _lines(review: Review) -> Iterator[str]:
    for proposal in review.proposals:
        old = _text(proposal.field, proposal.old)
        new = _text(proposal.field, proposal.new)
        yield f"{proposal.field}: {old or '(empty)'} -> {new or '(empty)'} [{proposal.source}]"
    for record in review.mismatches:
        yield f"another work at its DOI: {record.description.title or ''} [{record.origin.name}]"
