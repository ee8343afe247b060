"""Counting what became of a lookup: by outcome, agency, year, publisher and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from refman.model import Description
from refman.services.looking_up import LookupItem

FIELDS: tuple[str, ...] = (
    "title", "author", "container_title", "issued", "volume", "issue", "page", "publisher",
    "ISSN", "ISBN", "abstract", "language", "license", "URL",
)  # fmt: skip
"""The fields of which is told how many works have them."""

_PUBLISHERS = 20_000
"""Publishers that are counted at once; when there are more, the rarest are let go."""
_SHOWN_PUBLISHERS = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """The sums of a report. What does not apply is empty, and is not shown."""

    outcomes: Mapping[str, int]
    """Rows by status."""
    works: int = 0
    """Distinct works, which the other counts are of."""
    sources: Mapping[str, int] = field(default_factory=dict)
    """Works by the agency or source that they came from."""
    types: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    """Works by year, in the order of years."""
    publishers: Mapping[str, int] = field(default_factory=dict)
    """Works by publisher, the twenty with the most of them."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """Works that have a field, by the field."""
    retracted: int = 0


class Tally:
    """Counts rows as they come, each work once."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._works = 0
        self._sources: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._years: Counter[int] = Counter()
        self._publishers: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._retracted = 0

    def __call__(self, item: LookupItem) -> LookupItem:
        """Count an item. Returns it."""
        self._outcomes[item.status.value] += 1
        if item.work is not None and item.is_first:
            self._count(item.work.description)
            if item.source is not None:
                self._sources[item.source] += 1
        return item

    def of(self, items: Iterable[LookupItem]) -> Iterable[LookupItem]:
        """The items, counted as they are taken."""
        return map(self, items)

    def _count(self, description: Description) -> None:
        self._works += 1
        if description.type is not None:
            self._types[description.type] += 1
        if description.year is not None:
            self._years[description.year] += 1
        if description.publisher is not None:
            self._publishers[description.publisher] += 1
            if len(self._publishers) > 2 * _PUBLISHERS:
                self._publishers = Counter(dict(self._publishers.most_common(_PUBLISHERS)))
        for name in FIELDS:
            if getattr(description, name):
                self._fields[name] += 1
        self._retracted += description.retraction is not None

    def summary(self) -> Summary:
        """The sums of what was counted."""
        return Summary(
            outcomes=dict(self._outcomes.most_common()),
            works=self._works,
            sources=dict(self._sources.most_common()),
            types=dict(self._types.most_common()),
            years=dict(sorted(self._years.items())),
            publishers=dict(self._publishers.most_common(_SHOWN_PUBLISHERS)),
            fields={name: self._fields[name] for name in FIELDS} if self._works else {},
            retracted=self._retracted,
        )
