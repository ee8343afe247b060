"""Queries on the command line, where a term to exclude looks like an option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

QUERY_SETTINGS: dict[str, Any] = {
    "ignore_unknown_options": True,
    "help_option_names": ["--help"],
}
"""Settings of a command that lets `-word` through to its query, also `-history`."""


def query_text(terms: Sequence[str]) -> str:
    """The query that the words of a command line make.

    A word with a blank in it was quoted in the shell, and holds a query or a part of one. Raises
    `click.NoSuchOption` for what can only be meant as an option.
    """
    for term in terms:
        if term.startswith("--"):
            raise click.NoSuchOption(term.partition("=")[0])
    return " ".join(terms)
