"""How a work stands since it appeared: retracted, doubted, corrected, or replaced by another."""

from __future__ import annotations

from enum import StrEnum

from refman.model import Description

CONCERNS = frozenset(("expression_of_concern",))
CORRECTIONS = frozenset(
    ("correction", "corrigendum", "erratum", "err", "addendum", "clarification")
)
"""Crossref's update types (`refman.model.Update.type`) that leave the work as a whole in force."""
SUCCESSORS = frozenset(("is-preprint-of", "is-replaced-by"))
"""Crossref's relation types that name what is to be cited in place of a work."""


class Standing(StrEnum):
    """What a reader should know first, the gravest first; the words are those of `is:` queries."""

    RETRACTED = "retracted"
    """Retracted, withdrawn or removed, in whole or in part."""
    CONCERN = "concern"
    """An expression of concern was published."""
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    """A preprint that was published, or a work that was replaced."""


def standings(description: Description) -> tuple[Standing, ...]:
    """All that holds of a work, the gravest first; nothing where it is as it appeared."""
    if not description.updates and not description.relations:
        return ()
    types = {update.type for update in description.updates}
    related = {relation.type for relation in description.relations}
    holds = {
        Standing.RETRACTED: description.retraction is not None,
        Standing.CONCERN: not types.isdisjoint(CONCERNS),
        Standing.CORRECTED: not types.isdisjoint(CORRECTIONS),
        Standing.SUPERSEDED: not related.isdisjoint(SUCCESSORS),
    }
    return tuple(standing for standing, it_holds in holds.items() if it_holds)
