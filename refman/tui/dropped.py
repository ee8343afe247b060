"""Paths that a terminal pastes where a file is dropped on it: bare, quoted, escaped or `file://`."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LONGEST = 4096
_ESCAPED = re.compile(r"\\(.)")


def dropped_path(text: str) -> Path | None:
    """The file that a pasted text names, if it is one line that names a file that is there."""
    line = text.strip()
    if not line or len(line) > _LONGEST or not line.isprintable():
        return None
    for form in _forms(line):
        path = Path(form)
        try:
            if (path.is_absolute() or form.startswith("~")) and path.expanduser().is_file():
                return path.expanduser()
        except (OSError, RuntimeError, ValueError):
            continue
    return None


def _forms(line: str) -> list[str]:
    if line.lower().startswith("file://"):
        parts = urlsplit(line)
        return [unquote(parts.path)] if parts.netloc in ("", "localhost") else []
    forms = [line]
    if len(line) > 1 and line[0] == line[-1] and line[0] in "'\"":
        # A quote within single quotes is written '\\'' by shells.
        forms.append(line[1:-1].replace("'\\''", "'"))
    if "\\" in line:
        forms.append(_ESCAPED.sub(r"\1", line))
    return forms
