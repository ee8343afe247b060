"""The names of CSL's variables and those of our fields, side by side."""

from __future__ import annotations

from collections.abc import Callable

from refman.crosswalk.csljson_values import split_identifiers, split_keywords
from refman.model import FIELDS
from refman.model.identifier import parse_isbn, parse_issn

_ELSEWHERE = frozenset(
    ("arXiv", "published_print", "published_online", "updates", "relations", "extra", "type")
)
_UNDERSCORED = frozenset(("archive_collection", "archive_location"))
_SHORT = {"part_number": "part", "printing_number": "printing", "supplement_number": "supplement"}
"""The schema has these names, the specification the longer ones; both are read."""
VARIABLES = {
    name: name if name in _UNDERSCORED else name.replace("_", "-")
    for name in FIELDS
    if name not in _ELSEWHERE
} | _SHORT
"""Our field → CSL's variable."""
UNDER_CUSTOM = frozenset(("license", "editor_translator"))
"""Fields whose variables the schema does not have, though programs write them."""
_FIELDS = {variable.replace("_", "-"): name for name, variable in VARIABLES.items()} | {
    "journalAbbreviation": "container_title_short",
    "shortTitle": "title_short",
    "short-title": "title_short",
    "event": "event_title",
    "part-number": "part_number",
    "printing-number": "printing_number",
    "supplement-number": "supplement_number",
    "editortranslator": "editor_translator",
    "doi": "DOI",
    "url": "URL",
    "issn": "ISSN",
    "isbn": "ISBN",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "arXiv": "arXiv",
    "arxiv": "arXiv",
    "published-print": "published_print",
    "published-online": "published_online",
}
"""CSL's variable, with `-` for `_`, → our field; older and other spellings too."""

SPLIT: dict[str, Callable[[str], tuple[str, ...]]] = {
    "ISSN": lambda text: split_identifiers(text, parse_issn),
    "ISBN": lambda text: split_identifiers(text, parse_isbn),
    "keyword": split_keywords,
}
"""How the text of a list is parted."""


def field_of(variable: str) -> str | None:
    """Our field for a variable of CSL, in any of its spellings."""
    return _FIELDS.get(variable) or _FIELDS.get(variable.replace("_", "-"))
