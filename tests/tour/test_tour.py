"""Three users' days, in a terminal: what they press, and what they see.

The screens have tests of their own, with Textual's Pilot; here is the program as it is started,
with a terminal, a server that answers as Crossref does, an editor and a browser.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.services.library import Library
from tests.crossref_server import CrossrefServer, corpus, no_limits
from tests.tour.tmux import TMUX, Tmux

pytestmark = pytest.mark.skipif(TMUX is None, reason="there is no tmux here")

PAGE = Path(__file__).parents[2] / "examples" / "garuda-mediasi.txt"
TWICE = """
@article{coastal1, title={Coastal fisheries and the law of the sea}, year=2015, volume=3,
  pages={1--9}, author={Berg, Anna and Sukarno, Budi}, journal={Marine Policy Notes}}
@article{coastal2, title={Coastal Fisheries}, year=2015,
  author={Berg, A. and Sukarno, B.}, journal={Marine Policy Notes}}
"""


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    with CrossrefServer(corpus.works(), aliases=corpus.aliases(), limits=no_limits()) as running:
        yield running


@pytest.fixture
def screen(tmp_path: Path, server: CrossrefServer) -> Iterator[Tmux]:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    environment = {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "REFMAN_CROSSREF_URL": server.url,
        "BROWSER": f"{browser} %s &",
    }
    command = f"{sys.executable} -m refman --library {tmp_path}/library.db tui"
    with Tmux(tmp_path, ["sh"], environment) as opened:
        opened.type(f"{command}; echo ended with $?\n")
        yield opened


def test_the_days_of_three_users(screen: Tmux, tmp_path: Path) -> None:
    _paste_and_export(screen, tmp_path / "out.bib")
    _find_tag_note_and_open(screen)
    _enrich_and_merge(screen)
    # It was a narrow screen for a while, and all is as it was.
    screen.resize(20, 5)
    screen.resize(120, 40)
    screen.see("All works 6", "Retracted 1")
    screen.keys("q")
    screen.see("ended with 0", gone=["All works"])
    assert (tmp_path / "opened").read_text().startswith("https://doi.org/10.21111/")
    with Library(tmp_path / "library.db") as library:
        assert len(library) == 6
        assert library.store.check() == []


def test_it_gives_the_terminal_back(tmp_path: Path) -> None:
    command = f"{sys.executable} -m refman --library {tmp_path}/library.db tui"
    with Tmux(tmp_path, ["sh"], {"HOME": str(tmp_path)}) as screen:
        screen.type(command + "\n")
        screen.see("Your library is empty.")
        screen.keys("C-z")
        screen.see("Stopped", gone=["Your library is empty."])
        screen.type("fg\n")
        screen.see("Your library is empty.", gone=["Stopped"])
        pid = subprocess.run(
            ["pgrep", "-f", "--", f"^{command}"], capture_output=True, text=True, check=True
        ).stdout
        os.kill(int(pid), signal.SIGTERM)
        screen.see(gone=["Your library is empty."])
        screen.type("clear; echo ended with $?\n")
        screen.see("ended with 0")
        screen.type(f"TERM=dumb {command}\n")
        screen.see("The screen needs a terminal that can place text (TERM is dumb).")


def _paste_and_export(screen: Tmux, target: Path) -> None:
    screen.see("Your library is empty.")
    screen.keys("i")
    screen.see("Import: paste")
    screen.paste(PAGE.read_text(encoding="utf-8"))
    screen.see("Garuda result page: 1 new")
    screen.keys("C-s")
    screen.see("1 imported. u undoes.", "dwi2021effectiveness")
    screen.keys("x")
    screen.see("@article{dwi2021effectiveness", gone=["Import: paste"])
    screen.keys("Tab", "Tab")
    screen.type(str(target))
    screen.see(target.name)
    screen.keys("C-s")
    screen.see("Wrote 1 work to", gone=["Write (Ctrl+S)"])
    assert "@article{dwi2021effectiveness" in target.read_text(encoding="utf-8")


def _find_tag_note_and_open(screen: Tmux) -> None:
    screen.keys("/")
    screen.type("traffick")
    screen.see("1 of 1 work", "/traffick")
    screen.keys("Enter", "t")
    screen.see("Tag")
    screen.type("migration")
    screen.keys("Enter")
    screen.see("migration 1")
    screen.keys("n")
    screen.see("Note")
    screen.type("Read chapter 3 again.")
    screen.keys("C-s")
    screen.see("✎")
    screen.keys("y")
    screen.see("Copy")
    screen.keys("c")
    screen.see(gone=["Formatted reference"])
    assert screen.clipboard == r"\cite{dwi2021effectiveness}"
    screen.keys("o")
    screen.see("10.21111")


def _enrich_and_merge(screen: Tmux) -> None:
    screen.keys("Escape")
    screen.see("search (press /)")
    screen.keys("i")
    screen.see("Import: paste")
    screen.paste(f"{corpus.PLAIN}\n{corpus.RETRACTED_WATCH}\n10.5555/not-there\n{TWICE}")
    screen.see("5 new")
    screen.keys("C-s")
    screen.see("5 imported. u undoes.")
    screen.keys("e")
    screen.see("Enrich by DOI")
    screen.keys("Down", "C-s")
    screen.see("Retracted 1", gone=["Enrich by DOI"])
    screen.keys("D")
    screen.see("One work, likely", "coastal1", "coastal2")
    screen.keys("m")
    screen.see("undo", gone=["One work, likely"])
    screen.keys("Escape")
    screen.see("All works 5")
    screen.keys("u")
    screen.see("All works 6")


_BROKEN = """
import sys
from refman.cli.main import run
from refman.tui import feed
from refman.tui.screens import main
def broken(*_):
    raise ZeroDivisionError("by nothing")
async def broken_worker(*_):
    broken()
if sys.argv[1] == "worker":
    feed.Feed.look_for_changes = broken_worker
else:
    main.MainScreen.on_resize = broken
sys.exit(run(["--library", sys.argv[2], "tui"]))
"""


@pytest.mark.parametrize("where", ["worker", "handler"])
def test_a_mistake_of_ours_is_one_sentence(tmp_path: Path, where: str) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(_BROKEN, encoding="utf-8")
    with Tmux(tmp_path, ["sh"], {"HOME": str(tmp_path)}) as screen:
        screen.type(f"{sys.executable} {broken} {where} {tmp_path}/library.db; echo status $?\n")
        screen.see(
            "refman: something went wrong inside (ZeroDivisionError: by nothing).",
            "REFMAN_DEBUG=1 shows where; please report it. status 1",
            gone=["Traceback", "All works"],
        )
