"""What the help says of the keys of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from refman.tui import signs
from refman.tui.deeds import GROUPS, Deed
from refman.tui.screens.main import MainScreen

Group = tuple[str, list[tuple[str, str]]]

_MOVING = [
    ("j k  ↓ ↑", "Next, previous"),
    ("g G  Home End", "First, last"),
    ("PgDn PgUp", "A page down, up"),
    ("Ctrl+D Ctrl+U", "Half a page down, up"),
    ("J K  Shift+↓ ↑", "Mark on the way down, up"),
]
_ALWAYS = [("Ctrl+P", "All commands by name"), ("F1", "The keys of where you are")]


def groups_for(screen: Screen[Any]) -> Iterator[Group]:
    """Headings, each with keys and what they do."""
    if not isinstance(screen, MainScreen):
        yield "Here", _own_keys(screen)
        return
    yield "Moving", _MOVING
    for heading, deeds in GROUPS.items():
        yield heading, [(label(screen.app, deed), deed.help) for deed in deeds]
    yield "Everywhere", _ALWAYS
    yield "Signs before a work", signs.meanings()


def label(app: App[Any], deed: Deed) -> str:
    """The keys of a deed, as they are shown: the user's own, or the usual ones."""
    own = getattr(app, "own_keys", {}).get(deed.name)
    return deed.label if own is None else " ".join(own.split(","))


def _own_keys(screen: Screen[Any]) -> list[tuple[str, str]]:
    """The keys of this screen and of what has its keys now; those for typing go without saying."""
    keys: list[tuple[str, str]] = [("Tab", "Next field"), ("Shift+Tab", "Field before")]
    for active in screen.active_bindings.values():
        if active.binding.action in _own_actions(active.node) and active.binding.description:
            key = screen.app.get_key_display(active.binding)
            if (key, active.binding.description) not in keys and active.binding.key != "tab":
                keys.append((key, active.binding.description))
    return keys


def _own_actions(node: object) -> set[str]:
    """What the keys of a screen or widget do that are bound here, and not by Textual."""
    found: set[str] = set()
    for kind in type(node).__mro__:
        if kind.__module__.startswith("refman.tui.") and not issubclass(kind, App):
            bindings = kind.__dict__.get("BINDINGS", ())
            found.update(each.action for each in bindings if isinstance(each, Binding))
    return found
