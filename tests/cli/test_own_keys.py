"""`keys.toml`: read, or refused with its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.cli.commands.tui import _own_keys
from refman.errors import ConfigError


def test_keys_are_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert _own_keys(path) == {}
    path.write_text('mark = "v"\nundo = ["U", "ctrl+z"]\n')
    assert _own_keys(path) == {"mark": "v", "undo": "U,ctrl+z"}


@pytest.mark.parametrize("text", ["mark = 3", "mark = []", 'mark = ["a", 1]', "mark", 'mark = ""'])
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"keys\.toml"):
        _own_keys(path)
