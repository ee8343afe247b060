"""The types of works, as CSL 1.0.2 lists them."""

from __future__ import annotations

CSL_TYPES = frozenset(
    (
        "article article-journal article-magazine article-newspaper bill book broadcast chapter "
        "classic collection dataset document entry entry-dictionary entry-encyclopedia event "
        "figure graphic hearing interview legal_case legislation manuscript map motion_picture "
        "musical_score pamphlet paper-conference patent performance periodical "
        "personal_communication post post-weblog regulation report review review-book software "
        "song speech standard thesis treaty webpage"
    ).split()
)


def is_csl_type(name: str) -> bool:
    """Whether CSL has a type of this name."""
    return name in CSL_TYPES


def similar_types(name: str) -> list[str]:
    """Types with a word in common with the name, for a message."""
    words = set(name.lower().replace("_", "-").split("-"))
    return sorted(
        known
        for known in CSL_TYPES
        if words & set(known.replace("_", "-").split("-")) or known.startswith(name.lower()[:4])
    )
