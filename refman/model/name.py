"""The name of a person or an organisation, as CSL 1.0.2 divides it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One contributor.

    Either `family` (with what goes with it) or `literal`, for an organisation and for a name
    that cannot be split without guessing: many people have one name only, and no family name
    is ever made up for them.
    """

    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    """`Jr.`, `III`."""
    dropping_particle: str | None = None
    non_dropping_particle: str | None = None
    """`van` in `van Beethoven`: part of the name, but often not of its sorting."""
    literal: str | None = None
    ORCID: str | None = None
    """The bare identifier, `0000-0002-1825-0097`."""
    affiliation: tuple[str, ...] = ()

    def __repr__(self) -> str:
        parts = ((name, getattr(self, name)) for name in self.__slots__)
        return f"Name({', '.join(f'{name}={value!r}' for name, value in parts if value)})"

    @property
    def display(self) -> str:
        """The name as one would write it: `Ludwig van Beethoven`, `Martin Luther King Jr.`"""
        if self.literal is not None:
            return self.literal
        parts = (
            self.given,
            self.dropping_particle,
            self.non_dropping_particle,
            self.family,
            self.suffix,
        )
        return " ".join(part for part in parts if part)

    @property
    def inverted(self) -> str:
        """The name for sorting and indexes: `van Beethoven, Ludwig`."""
        if self.literal is not None:
            return self.literal
        if (
            self.family
            and self.given
            and not (self.suffix or self.dropping_particle or self.non_dropping_particle)
        ):
            return f"{self.family}, {self.given}"
        family = self.full_family
        rest = " ".join(part for part in (self.given, self.dropping_particle) if part)
        return ", ".join(part for part in (family, rest, self.suffix) if part)

    @property
    def full_family(self) -> str:
        """The family name with its non-dropping particle, or the literal."""
        if self.literal is not None:
            return self.literal
        if self.non_dropping_particle and self.family:
            return f"{self.non_dropping_particle} {self.family}"
        return self.family or self.non_dropping_particle or self.given or ""
