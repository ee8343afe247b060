"""What is known of the damage to a library, kept beside it: `library.db-damaged`.

Once a page turned out to make no sense nothing is written to the file any more, by no process: what
SQLite would write next to it might make it worse. The note says of what state of the file it
speaks; a file that was replaced or mended since is not held back by it.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path


def _note(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(real.name + "-damaged")


def mark(path: Path, found: str) -> None:
    """Note that a library is damaged as it is now, and how; where nothing can be written, not."""
    with contextlib.suppress(OSError):
        state = path.stat()
        said = {"found": found, "size": state.st_size, "modified": state.st_mtime_ns}
        _note(path).write_text(json.dumps(said), encoding="utf-8")


def marked(path: Path) -> str | None:
    """What was found to be wrong with a library as it is now; None where nothing was."""
    try:
        said = json.loads(_note(path).read_text(encoding="utf-8"))
        state = path.stat()
        if (said["size"], said["modified"]) == (state.st_size, state.st_mtime_ns):
            return str(said["found"])
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return None


def clear(path: Path) -> None:
    """Forget what was known."""
    with contextlib.suppress(OSError):
        _note(path).unlink()
