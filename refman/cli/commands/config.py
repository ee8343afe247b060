"""`refman config`."""

from __future__ import annotations

from dataclasses import asdict

import click

from refman.cli.diagnostics import Exit
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.config import config_path


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def config_command(session: Session, *, as_json: bool) -> int:
    """Show the settings that are in force, and where they may be changed.

    They stand in a file config.toml, one `name = "value"` a line; the environment variable
    REFMAN_NAME outranks the file, an option of a command outranks both.
    """
    settings = asdict(session.settings)
    if as_json:
        told = {"file": str(config_path()), "library_file": str(session.path), **settings}
        click.echo(json_text(told))
        return Exit.DONE
    exists = "" if config_path().exists() else " (not there)"
    click.echo(f"# file: {config_path()}{exists}")
    click.echo(f"# library in use: {session.path}")
    for name, value in settings.items():
        shown = list(value) if isinstance(value, tuple) else value
        if shown in (None, []):
            click.echo(f"# {name} is not set")
        else:
            click.echo(f"{name} = {json_text(shown, indent=None)}")
    return Exit.DONE
