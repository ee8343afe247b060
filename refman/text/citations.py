"""What a manuscript cites, as its text says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Cited(NamedTuple):
    """A citation by key, or, in a word processor's file, by what is kept of the work."""

    key: str
    """May be empty where there is an item."""
    item: Mapping[str, Any] | None = None
    """The work as a CSL-JSON item."""


class Included(NamedTuple):
    """Another file that is a part of this one."""

    name: str
    folder: str = ""
    """The folder that it is said to be in, where the command says it apart."""


class CitesAll(NamedTuple):
    """The wish to have all that a bibliography holds: `\\nocite{*}`."""


Citation = Cited | Included | CitesAll
