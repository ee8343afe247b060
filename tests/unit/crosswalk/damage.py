"""JSON values with something wrong anywhere inside."""

from __future__ import annotations

from random import Random
from typing import Any

WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", "x", "\ud800", "\x00\x1b", "(:unav)", "<" * 99, "9" * 99,
    [], {}, [[]], [{}], {"a": 1}, [None, 1, "x"],
)  # fmt: skip


def damaged(value: Any, random: Random, part: float = 0.06) -> Any:
    """The value with about that part of what is in it replaced by what should not be there."""
    if random.random() < part:
        return random.choice(WRONG)
    if isinstance(value, dict):
        return {key: damaged(inner, random, part) for key, inner in value.items()}
    if isinstance(value, list):
        return [damaged(inner, random, part) for inner in value]
    return value
