"""What is loaded when, and who may import whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from refman.cli.main import ALIASES, COMMANDS, cli
from refman.services.library import Library

ROOT = Path(__file__).parents[2]

_PROBE = """
import json, sys
sys.argv = ["refman", *json.loads(sys.argv[1])]
from refman.__main__ import main
status = main()
sys.stdout.flush()
print(json.dumps([status, sorted({name.partition(".")[0] for name in sys.modules})]),
      file=sys.stderr)
"""

_HEAVY = {"textual", "httpx", "rich", "sqlite_utils", "asyncio", "bibtexparser", "habanero"}
_HEAVY |= {"citeproc", "pylatexenc", "rapidfuzz", "unidecode", "anyascii", "concurrent"}


def _loaded(*arguments: str) -> tuple[int, set[str]]:
    """The exit status of a call, and the top-level modules that it loaded."""
    result = subprocess.run(
        [sys.executable, "-c", _PROBE, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    status, names = json.loads(result.stderr.splitlines()[-1])
    return status, set(names)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library(path, create=True) as opened:
        list(opened.import_text('[{"id": "a", "type": "book", "title": "A book"}]'))
    return path


def test_the_version_is_told_before_anything_is_loaded() -> None:
    status, names = _loaded("--version")
    assert status == 0
    assert names.isdisjoint({"click", "sqlite3", "json5", "platformdirs", *_HEAVY - {"json"}})


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["list", "author:x OR book"], ["list", "--count"], ["list", "--keys"], ["history"]],
)
def test_a_listing_loads_little(library: Path, arguments: list[str]) -> None:
    _, names = _loaded(*arguments)
    assert "sqlite3" in names, "or else the probe sees nothing"
    assert names.isdisjoint(_HEAVY), names & _HEAVY
    # The plainest ones are answered before the command line's machinery is loaded.
    is_plain = not any(word.startswith("-") or word == "history" for word in arguments)
    assert ("click" in names) is not is_plain


def test_help_loads_no_command(library: Path) -> None:
    status, names = _loaded("--help")
    assert status == 0
    assert names.isdisjoint(_HEAVY)


def test_an_import_loads_no_network_and_no_screen(library: Path, tmp_path: Path) -> None:
    source = tmp_path / "x.json"
    source.write_text('[{"id": "b", "type": "book", "title": "Another book"}]')
    status, names = _loaded("import", str(source))
    assert status == 0
    assert names.isdisjoint({"textual", "httpx", "habanero", "citeproc"})


def test_importing_the_package_costs_nothing() -> None:
    script = "import sys, refman; print(sorted(m for m in sys.modules if m.startswith('refman')))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout == "['refman']\n"


def test_the_public_names() -> None:
    import refman

    assert refman.Library is Library
    for name in refman.__all__:
        assert getattr(refman, name) is not None
    with pytest.raises(AttributeError):
        _ = refman.nonsense


@pytest.mark.parametrize("name", [*COMMANDS, *ALIASES])
def test_every_command_loads_and_has_help(name: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None
    assert command.name == ALIASES.get(name, name)
    assert command.help
    assert command.help.strip().endswith((".", ")")) or "\b" in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert (
                parameter.help
                or isinstance(parameter.type, click.Choice | click.IntRange)
                or (parameter.name in {"format_name", "output"})
            ), f"{name} --{parameter.name} says nothing"


def test_the_floors_of_the_house() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    if not lint.exists():
        pytest.skip("import-linter is not installed")
    result = subprocess.run(
        [str(lint), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]
