"""What was written in a form and not saved, kept in case the terminal goes away.

There is one such draft: a newer one takes the place of an older. A file that cannot be read or
written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

_LARGEST = 4_000_000


class Unsaved:
    """`file` is where it is kept, None for nowhere; `library` tells whose works are meant."""

    def __init__(self, file: Path | None, library: Path) -> None:
        self._file, self._library = file, str(library.absolute())

    def keep(self, key: str, texts: Mapping[str, str]) -> None:
        """Keep the texts of fields of the work with a citation key, `""` for a new one."""
        if self._file is None:
            return
        said = {"library": self._library, "key": key, "texts": dict(texts)}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", dir=self._file.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as stream:
                    json.dump(said, stream)
                Path(name).replace(self._file)
            except OSError:
                Path(name).unlink(missing_ok=True)

    def drop(self) -> None:
        """Keep nothing any more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def of(self, key: str) -> Mapping[str, str]:
        """The texts that were kept of a work; empty where none were."""
        if self._file is None:
            return {}
        try:
            with self._file.open(encoding="utf-8", errors="surrogatepass") as stream:
                found = json.loads(stream.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict) or found.get("library") != self._library:
            return {}
        texts = found.get("texts")
        if found.get("key") != key or not isinstance(texts, dict):
            return {}
        return {field: text for field, text in texts.items() if isinstance(text, str)}
