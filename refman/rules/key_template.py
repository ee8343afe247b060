"""What a template of citation keys is once it has been read: a small tree.

Three notations are read into it: refman's own (`{auth}{year}`), the formulas of Better BibTeX
(`auth.lower + year`) and the patterns of JabRef (`[auth:lower][year]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refman.errors import UsageError
from refman.model import Description

MAX_TEMPLATE = 2000
"""Characters that a template may have."""

_BEFORE_CARET = 60
_MAX_VALUE = 1000


class NotThisOne(Exception):
    """A condition of a choice does not hold for the work, so the next choice is tried."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The work that a key is made for, and the words that are left out of its title."""

    description: Description
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function takes. `kind` is the type of it, `float` standing for any."""

    name: str
    kind: type | tuple[type, ...]
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """Something that gives a text for a work, or (a filter) makes one of another.

    `run` is called with the subject, for a filter the text, and the arguments.
    """

    name: str
    run: Callable[..., str]
    parameters: tuple[Parameter, ...] = ()
    rest: Parameter | None = None
    """What any further arguments are."""


@dataclass(frozen=True, slots=True)
class Step:
    """A filter with its arguments."""

    function: Function
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words that stand in every key."""

    value: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a function gives, and what filters make of it."""

    function: Function
    arguments: tuple[Any, ...] = ()
    filters: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first that gives anything. `filters` are applied to what that is."""

    choices: tuple[Node, ...]
    filters: tuple[Step, ...] = ()


Node = Text | Value | Joined | FirstOf


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been read."""

    root: Node
    skipped: frozenset[str]
    finish: Callable[[str, str | None], str] = field(repr=False)
    """Makes of what the parts give, and the work's language, what a key can hold."""

    def key(self, description: Description) -> str:
        """The key for a description; empty where nothing of it is known."""
        try:
            found = evaluate(self.root, Subject(description, self.skipped))
        except NotThisOne:
            return ""
        return self.finish(found, description.language)


def evaluate(node: Node, subject: Subject) -> str:
    """What a template gives for a work. Raises `NotThisOne` where no choice holds."""
    match node:
        case Text(value):
            return value
        case Value(function, arguments, filters):
            return _filtered(function.run(subject, *arguments), filters, subject)
        case Joined(parts):
            return "".join([evaluate(part, subject) for part in parts])
        case FirstOf(choices, filters):
            return _filtered(_first(choices, subject), filters, subject)


def _first(choices: Iterable[Node], subject: Subject) -> str:
    held = False
    for choice in choices:
        try:
            found = evaluate(choice, subject)
        except NotThisOne:
            continue
        if found.strip():
            return found
        held = True
    if not held:
        raise NotThisOne
    return ""


def _filtered(text: str, filters: Iterable[Step], subject: Subject) -> str:
    text = text[:_MAX_VALUE]
    for step in filters:
        text = step.function.run(subject, text, *step.arguments)[:_MAX_VALUE]
    return text


def fault(template: str, position: int, message: str, hint: str = "") -> UsageError:
    """An error that shows where in a template it is."""
    start = max(0, position - _BEFORE_CARET)
    shown = "".join(
        char if char.isprintable() else " " for char in template[start : start + _BEFORE_CARET + 40]
    )
    lines = [shown, " " * (position - start) + "^", *filter(None, [hint])]
    return UsageError(
        f"The template for citation keys cannot be used: {message}, at position {position + 1}.",
        hint="\n".join(lines),
    )


def named(
    table: Mapping[str, Function], name: str, what: str, template: str, position: int
) -> Function:
    """The function of a name, in any letter case. Raises `UsageError` with those there are."""
    found = table.get(name.lower())
    if found is None:
        known = ", ".join(sorted({function.name for function in table.values()}, key=str.lower))
        raise fault(template, position, f"there is no {what} {name!r}", f"There are {known}.")
    return found


def bind(
    function: Function,
    given: Sequence[tuple[str | None, Any, int]],
    template: str,
    position: int,
) -> tuple[Any, ...]:
    """The arguments of a call in the order of the parameters.

    They are given as (name or None, value, position). Raises `UsageError`.
    """
    if function.rest is not None:
        for _, value, at in given:
            _check(function, function.rest, value, template, at)
        return tuple(value for _, value, _ in given)
    values: dict[str, Any] = {}
    for place, (name, value, at) in enumerate(given):
        parameter = _parameter(function, place, name, template, at)
        if parameter.name in values:
            raise fault(template, at, f"{function.name} has {parameter.name!r} twice")
        _check(function, parameter, value, template, at)
        values[parameter.name] = value
    for parameter in function.parameters:
        if parameter.required and parameter.name not in values:
            raise fault(template, position, f"{function.name} needs {parameter.name!r}")
    return tuple(values.get(each.name, each.default) for each in function.parameters)


def _parameter(
    function: Function, place: int, name: str | None, template: str, position: int
) -> Parameter:
    names = [parameter.name for parameter in function.parameters]
    if name is not None and name not in names:
        hint = f"It takes {', '.join(names)}." if names else ""
        raise fault(template, position, f"{function.name} takes no {name!r}", hint)
    if name is None and place >= len(names):
        count = f"{len(names)} arguments" if names else "no arguments"
        raise fault(template, position, f"{function.name} takes {count}", ", ".join(names))
    return function.parameters[place if name is None else names.index(name)]


_KINDS = {int: "a number", str: "a text", bool: "true or false", list: "a list"}


def _check(
    function: Function, parameter: Parameter, value: Any, template: str, position: int
) -> None:
    kinds = parameter.kind if isinstance(parameter.kind, tuple) else (parameter.kind,)
    if type(value) not in kinds:
        wanted = " or ".join(_KINDS.get(kind, "a pattern") for kind in kinds)
        raise fault(template, position, f"{parameter.name!r} of {function.name} has to be {wanted}")
