"""What lies outside the terminal screen: the user's editor and browser."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

from refman.errors import UsageError
from refman.model import Description


class Outside:
    """Opens editors and browsers. Tests have another one."""

    def edit(self, text: str, terminal: Callable[[], AbstractContextManager[None]]) -> str:
        """The text after the user has edited it; inside `terminal` the screen is the editor's.

        Raises `UsageError` where no editor starts.
        """
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.TemporaryDirectory(prefix="refman-") as folder:
            path = Path(folder) / "work.txt"
            path.write_text(text, encoding="utf-8")
            try:
                with terminal():
                    done = subprocess.run([*shlex.split(command), str(path)], check=False)  # noqa: S603
            except (OSError, ValueError) as error:
                raise UsageError(
                    f"The editor {command!r} does not start: {error}.",
                    hint="Set $VISUAL or $EDITOR.",
                ) from error
            if done.returncode != 0:
                raise UsageError(
                    f"The editor ended with status {done.returncode}; nothing changed."
                )
            return path.read_text(encoding="utf-8", errors="replace")

    @property
    def browser_needs_terminal(self) -> bool:
        """Whether the browser is one that draws in this terminal."""
        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            return False
        text_only = isinstance(browser, webbrowser.GenericBrowser)
        return text_only and not isinstance(browser, webbrowser.BackgroundBrowser)

    def browse(self, address: str) -> None:
        """Show a page. Raises `UsageError` where there is no browser."""
        try:
            opened = webbrowser.open(address)
        except webbrowser.Error:
            opened = False
        if not opened:
            raise UsageError(f"There is no browser to show {address}.", hint="Set $BROWSER.")

    def show_file(self, path: Path) -> None:
        """Open a file in the system's viewer. Raises `UsageError` where there is none."""
        command = {"darwin": ["open"], "win32": ["explorer"]}.get(sys.platform, ["xdg-open"])
        try:
            subprocess.Popen(  # noqa: S603
                [*command, str(path.resolve())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise UsageError(f"{command[0]} does not start: {error}.", hint=str(path)) from error


def address_of(description: Description) -> str | None:
    """The page of a work: its DOI's, else its own. Nothing but the web is ever opened."""
    if description.DOI:
        return "https://doi.org/" + quote(description.DOI, safe="/()._;:-")
    url = (description.URL or "").strip()
    if url.lower().startswith(("https://", "http://")) and url.isprintable() and " " not in url:
        return url
    return None
