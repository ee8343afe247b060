"""A terminal that a person could sit at: tmux, with real keys and a real screen."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TMUX = shutil.which("tmux")
_PATIENCE_SECONDS = 40.0


class Tmux:
    """A program in a terminal of its own tmux server, 120 by 40."""

    def __init__(
        self, folder: Path, command: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        # A socket's name may have a hundred letters, and folders of tests are longer.
        self._socket = f"refman-{abs(hash(folder)) % 10**8}"
        named = [item for name, value in environment.items() for item in ("-e", f"{name}={value}")]
        self._call("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", *named, "sh")
        self._call("set-option", "-g", "escape-time", "0")
        self._call("set-option", "-g", "set-clipboard", "on")
        self.resize(120, 40)
        self._call("respawn-pane", "-k", *named, "--", *command)

    def _call(self, *arguments: str, text: str | None = None) -> str:
        return subprocess.run(
            [str(TMUX), "-L", self._socket, *arguments],
            input=text, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *raised: object) -> None:
        subprocess.run([str(TMUX), "-L", self._socket, "kill-server"], check=False)

    @property
    def screen(self) -> str:
        """What is on the screen now."""
        return self._call("capture-pane", "-p")

    @property
    def clipboard(self) -> str:
        """What the program has copied (OSC 52)."""
        return self._call("show-buffer")

    def keys(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._call("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._call("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste a text, in the brackets that terminals put around it."""
        self._call("load-buffer", "-", text=text)
        self._call("paste-buffer", "-p", "-d")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._call("resize-window", "-x", str(columns), "-y", str(rows))

    def see(self, *texts: str, gone: Sequence[str] = ()) -> str:
        """Wait until all the texts are on the screen, and none of those that are to be gone."""
        limit = time.monotonic() + _PATIENCE_SECONDS
        while True:
            screen = self.screen
            flat = " ".join(screen.split())
            if all(text in flat for text in texts) and not any(text in flat for text in gone):
                return screen
            assert time.monotonic() < limit, f"no {texts}, or still {gone}:\n{screen}"
            time.sleep(0.05)
