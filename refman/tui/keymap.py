"""Keys that the user wants for deeds, in place of the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from refman.errors import ConfigError
from refman.tui.deeds import DEEDS


def checked(keys: Mapping[str, str]) -> Mapping[str, str]:
    """Keys (Textual's names, several with `,` between) by the deed. Raises `ConfigError`.

    No two deeds may have one key, unless the one that has it usually is given another.
    """
    for name in keys:
        if name not in DEEDS:
            near = get_close_matches(name, DEEDS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(DEEDS)}."
            raise ConfigError(f"keys.toml: nothing on the screen is called {name!r}.", hint=hint)
    holders: dict[str, str] = {}
    for name, deed in DEEDS.items():
        for key in _each(keys.get(name, deed.label if len(deed.label) == 1 else deed.keys)):
            if key in holders and (name in keys or holders[key] in keys):
                raise ConfigError(f"keys.toml: {key!r} is for {holders[key]} and for {name}.")
            holders[key] = name
    return keys


def _each(keys: str) -> list[str]:
    return [keys] if keys == "," else [key.strip() for key in keys.split(",") if key.strip()]
