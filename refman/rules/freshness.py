"""How long what a source said is good for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from refman.ports import AnswerStatus, StoredAnswer

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long an answer holds before the question is asked again; seconds."""

    found: float = 30 * _DAY
    missing: float = 7 * _DAY
    """The same for "there is no record": it may have been registered since."""
    refresh: bool = False
    """Whether to ask in any case. Validators are still used."""

    def holds(self, answer: StoredAnswer, now: datetime) -> bool:
        """Whether an earlier answer may stand in for a new one."""
        if self.refresh or answer.stale:
            return False
        try:
            age = (now - datetime.fromisoformat(answer.retrieved)).total_seconds()
        except (ValueError, TypeError):
            return False
        return age <= (self.found if answer.status is AnswerStatus.FOUND else self.missing)
