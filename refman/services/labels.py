"""The names of tags and collections."""

from __future__ import annotations

import re
import unicodedata

from refman.errors import UsageError

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def label_name(text: str) -> str:
    """A name as it is kept: on one line, without control characters. Raises `UsageError`."""
    name = " ".join(unicodedata.normalize("NFC", CONTROL.sub("", text)).split())
    if not name:
        raise UsageError("A tag or collection needs a name.")
    return name
