"""The command group. A command's module is loaded when the command is called, and not before."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import click

from refman import __version__
from refman.cli import diagnostics
from refman.cli.diagnostics import Exit
from refman.cli.session import Session

COMMANDS = {
    "import": ("importing", "Bring references from files into the library."),
    "add": ("add", "Look up identifiers and add the works."),
    "list": ("listing", "List the works that a query finds."),
    "searches": ("searches", "List saved searches."),
    "show": ("show", "Show one work."),
    "edit": ("edit", "Change fields of a work."),
    "delete": ("delete", "Take works out of the library."),
    "enrich": ("enrich", "Complete works by their DOIs."),
    "lookup": ("lookup", "Look up DOIs without touching a library."),
    "export": ("export", "Write works as BibTeX, RIS and other formats."),
    "sync": ("sync", "Keep a file in step with the library."),
    "cite": ("cite", "Print formatted references."),
    "tag": ("organise", "Put tags on works, take them off, or list them."),
    "collection": ("organise", "Put works in collections, take them out, or list them."),
    "rekey": ("rekey", "Make citation keys anew by a template."),
    "duplicates": ("duplicates", "Find works that are in the library twice."),
    "merge": ("duplicates", "Make one work of several."),
    "review": ("review", "Decide on what is proposed, field by field."),
    "note": ("belongings", "Put notes on works, or show them."),
    "attach": ("attach", "Attach files to works, list them, and look after them."),
    "open": ("belongings", "Open a work's file or its page."),
    "check": ("check", "Find what is missing, malformed, doubtful or retracted."),
    "history": ("history", "Show what was changed, by whom and when."),
    "undo": ("history", "Take back a change."),
    "redo": ("history", "Do again what was undone."),
    "snapshot": ("snapshot", "Select from a snapshot of Crossref, or index it."),
    "formats": ("formats", "List the formats that can be read and written."),
    "config": ("config", "Show the settings and where they come from."),
    "doctor": ("doctor", "Check the library file, and mend it."),
    "backup": ("backup", "Copy the library while it is in use."),
    "tui": ("tui", "Open the library on the screen."),
    "serve": ("serve", "Show the library in a browser."),
}
ALIASES = {"rm": "delete", "search": "list", "remove": "delete", "ls": "list"}


class LazyGroup(click.Group):
    """Knows its commands by name and first line; loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command, loaded. None for a name that is none."""
        name = ALIASES.get(name, name)
        if name not in COMMANDS:
            return None
        module = import_module(f"refman.cli.commands.{COMMANDS[name][0]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names in the message for an unknown one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and ALIASES.get(name, name) not in COMMANDS:
            near = [known for known in COMMANDS if known[:2] == name[:2]]
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--library",
    "-l",
    metavar="PATH",
    help="The library file. Without it: $REFMAN_LIBRARY, the nearest library.db in this folder "
    "or above it, or the one in your data folder.",
)
@click.version_option(
    __version__, "--version", "-V", prog_name="refman", message="%(prog)s %(version)s"
)
@click.pass_context
def cli(ctx: click.Context, library: str | None) -> None:
    """Keep references in a terminal: messy search results in, clean BibTeX and RIS out.

    Without a command, and at a terminal, the library opens on the screen.
    """
    ctx.obj = Session(library)
    if ctx.invoked_subcommand is None:
        session: Session = ctx.obj
        if not session.is_interactive:
            click.echo(ctx.get_help())
            return
        from refman.cli.commands.tui import open_screen  # noqa: PLC0415

        ctx.exit(open_screen(session))


@cli.result_callback()
@click.pass_context
def _with_damage(ctx: click.Context, /, status: object, **_: object) -> object:
    """What could be read of a damaged library is less than was asked for, whatever came of it."""
    session: Session = ctx.obj
    if session.tell_damage() and status in (None, Exit.DONE, Exit.PARTLY):
        return Exit.LIBRARY
    return status


def run(arguments: Sequence[str]) -> int:
    """Run the command line. Returns the exit status that the contract gives."""
    return diagnostics.run(cli, arguments)
