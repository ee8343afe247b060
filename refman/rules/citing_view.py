"""What a style is to see of a work beside what is known: its language, its journal's short name.

Styles put English titles in capitals and others not; where no source said in which language a
title is, its little words do. Styles that abbreviate journals have what ISO 4 makes of the name
where no source gave one, as Zotero does, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from refman.model import Description, Work, stated
from refman.ports import JournalForm
from refman.rules.journal_names import JournalNames
from refman.rules.title_language import languages


def for_citing(
    work: Work, names: JournalNames | None = None, journals: JournalForm | None = None
) -> Work:
    """The work with what a style needs; `journals`, if given, is how all journals are named."""
    known = work.description
    added: dict[str, Any] = {}
    if known.language is None and known.title:
        likely = languages(known.title)
        if len(likely) == 1 and not likely & {"en", "another script"}:
            added["language"] = next(iter(likely))
    if journals is None and known.container_title:
        short = (names or JournalNames()).abbreviated(known)
        if short and short != known.container_title:
            added["container_title_short"] = short
    if not added:
        return work
    return replace(work, description=Description(**{**dict(stated(known)), **added}))
