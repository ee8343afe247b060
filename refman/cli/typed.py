"""What somebody has typed in an editor, which no mistake in it throws away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from refman.errors import RefmanError


@contextmanager
def not_lost(text: str | None, suffix: str) -> Iterator[None]:
    """Put the text aside in a file if it cannot be used, and say where; None is no text."""
    try:
        yield
    except RefmanError as error:
        if text is not None and text.strip():
            hint = f"{error.hint}\n" if error.hint else ""
            error.hint = f"{hint}What you wrote is in {_kept(text, suffix)}."
        raise


def _kept(text: str, suffix: str) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="refman-", suffix=suffix, delete=False, encoding="utf-8",
        errors="surrogateescape",
    ) as stream:  # fmt: skip
        stream.write(text)
    return stream.name
