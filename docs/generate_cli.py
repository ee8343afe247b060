"""Write docs/cli.md from what `--help` says; with `--check`, only say whether it is up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from refman.cli.main import ALIASES, COMMANDS, cli

_TARGET = Path(__file__).with_name("cli.md")
_HEAD = """\
# The command line

Written by `make format` from `refman --help`; CI checks that the two agree.

Data goes to standard output, everything else to standard error. Exit status: 0 all done;
1 done, but some records failed, were not found or need a decision, or nothing matched;
2 wrong use, unreadable input or configuration; 3 the library cannot be used; 130 interrupted.
With 1, what could be done is done.
"""


def _help(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, max_content_width=90, terminal_width=90)
    text = command.get_help(context)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


def document() -> str:
    """The whole of docs/cli.md."""
    parts = [_HEAD, f"```text\n{_help(cli, 'refman')}\n```\n"]
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        others = [alias for alias, meant in ALIASES.items() if meant == name]
        also = f"\nAlso: {', '.join(f'`{alias}`' for alias in others)}.\n" if others else ""
        parts.append(f"## {name}\n{also}\n```text\n{_help(command, f'refman {name}')}\n```\n")
        for part, own in getattr(command, "commands", {}).items():
            path = f"{name} {part}"
            parts.append(f"### {path}\n\n```text\n{_help(own, f'refman {path}')}\n```\n")
    return "\n".join(parts)


def main() -> int:
    """Write or check the document."""
    text = document()
    if "--check" in sys.argv:
        if not _TARGET.exists() or _TARGET.read_text(encoding="utf-8") != text:
            print("docs/cli.md is not what --help says; `make format` writes it anew.")
            return 1
        return 0
    _TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
