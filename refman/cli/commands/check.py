"""`refman check`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.queries import QUERY_SETTINGS, query_text
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.rules.check import problems


@click.command("check", context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def check_command(session: Session, query: tuple[str, ...], *, as_json: bool) -> int:
    """Find what is missing, malformed, doubtful or retracted."""
    findings: list[dict[str, str]] = []
    with session.open() as library:
        for work in library.search(query_text(query)):
            for finding in problems(work.description):
                row = {
                    "citation_key": work.citation_key,
                    "field": finding.field or "",
                    "code": finding.code,
                    "severity": str(finding.severity),
                    "message": finding.message,
                }
                if as_json:
                    findings.append(row)
                    continue
                findings = [row]
                click.echo(one_line(f"{work.citation_key}: {finding.field}: {finding.message}"))
    if as_json:
        click.echo(json_text(findings))
    if not findings:
        say("Nothing to complain of.")
    return Exit.PARTLY if findings else Exit.DONE
