"""The parts of citation keys that tell of authors and editors, as Better BibTeX and JabRef do.

The two agree on what most parts are called and differ in what a family name is: the formulas of
Better BibTeX count the particle in (`vanBeethoven`), the patterns of JabRef leave it out, and
abbreviate organisations.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from refman.model import Name
from refman.rules.key_names import (
    MAX_TEXT,
    creators,
    initials,
    initials_of_organisation,
    is_organisation,
    word_of_person,
)
from refman.rules.key_template import Function, NotThisOne, Parameter, Subject

Family = Callable[[Name, str | None], str]
"""What the family name of somebody is, given the language of the work."""

_ALPHA = 3
_INI = 5
_NAME_PART = re.compile(r"%\(([fgiI])\)(?:\.(\d{1,2}))?s")


def family_with_particle(name: Name, language: str | None) -> str:
    """The family name with what belongs to it; an organisation whole."""
    if name.literal is None:
        return name.full_family[:MAX_TEXT]
    literal = name.literal[:MAX_TEXT]
    if is_organisation(literal, language):
        return literal
    return word_of_person(literal, language)


def family_alone(name: Name, language: str | None) -> str:
    """The family name without its particle; of an organisation, its initials."""
    if name.literal is None:
        return (name.family or name.full_family)[:MAX_TEXT]
    literal = name.literal[:MAX_TEXT]
    if is_organisation(literal, language):
        return initials_of_organisation(literal, language)
    return word_of_person(literal, language)


class Creators:
    """The functions that tell of creators, with one idea of what a family name is."""

    def __init__(self, family: Family, *, every_initial: bool) -> None:
        self._family = family
        self._every = every_initial

    def names(self, subject: Subject, creator: str, with_initials: bool = False) -> list[str]:
        """The family names of the creators of a kind, those of nobody left out."""
        language = subject.description.language
        found = []
        for name in creators(subject.description, creator)[:100]:
            text = self._family(name, language)
            if text and with_initials:
                text += initials(name, every=True)
            found.append(text)
        return [text for text in found if text]

    def auth(
        self,
        subject: Subject,
        n: int = 0,
        m: int = 1,
        creator: str = "*",
        initials: bool = False,
    ) -> str:
        """The family name of one of them, or its beginning."""
        names = self.names(subject, creator)
        if not 1 <= m <= len(names):
            return ""
        found = names[m - 1][:n] if n > 0 else names[m - 1]
        return found + (self._initials(subject, creator, m - 1) if initials else "")

    def _initials(self, subject: Subject, creator: str, place: int) -> str:
        people = creators(subject.description, creator)
        if not people:
            return ""
        return initials(people[place], every=self._every)

    def fore_initial(self, subject: Subject, creator: str = "*") -> str:
        """The initial of the first one's given name."""
        return self._initials(subject, creator, 0)

    def last_fore_initial(self, subject: Subject, creator: str = "*") -> str:
        """The initial of the last one's given name."""
        return self._initials(subject, creator, -1)

    def last(self, subject: Subject, creator: str = "*", initials: bool = False) -> str:
        """The family name of the last one."""
        return (self.names(subject, creator, initials) or [""])[-1]

    def several(
        self,
        subject: Subject,
        n: int = 0,
        creator: str = "*",
        initials: bool = False,
        sep: str = " ",
    ) -> str:
        """The family names of all, or of the first and `EtAl`."""
        names = self.names(subject, creator, initials)
        if 0 < n < len(names):
            names = [*names[:n], "EtAl"]
        return sep.join(names)

    def alpha(
        self,
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = " ",
    ) -> str:
        """As BibTeX's style `alpha` labels: three letters of one name, else a letter of each."""
        names = self.names(subject, creator, initials)
        if len(names) == 1:
            return names[0][:_ALPHA]
        if len(names) <= 4:
            return sep.join(name[:1] for name in names)
        return sep.join(name[:1] for name in names[:3]) + "+"

    def beginnings(
        self,
        subject: Subject,
        n: int = 0,
        creator: str = "*",
        initials: bool = False,
        sep: str = ".",
    ) -> str:
        """The beginning of each name."""
        names = self.names(subject, creator, initials)
        return sep.join(name[:n] if n > 0 else name for name in names)

    def shared_beginnings(self, subject: Subject, n: int, creator: str = "*") -> str:
        """So many letters in all, shared among the names, as JabRef's `authIni` does it."""
        names = self.names(subject, creator)
        if not names or n <= 0:
            return ""
        each, more = divmod(n, len(names))
        return "".join(name[: each + (place < more)] for place, name in enumerate(names))

    def first_and_initials(
        self,
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = ".",
    ) -> str:
        """Five letters of the first name and one of each other."""
        names = self.names(subject, creator, initials)
        return sep.join([name[: 1 if place else _INI] for place, name in enumerate(names)])

    def two_and_ea(
        self,
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = ".",
    ) -> str:
        """The first two names, and `ea` where there are more."""
        names = self.names(subject, creator, initials)
        return sep.join(names[:2] + (["ea"] if len(names) > 2 else []))

    def et_al(
        self,
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = " ",
        and_others: str = "EtAl",
    ) -> str:
        """The name of one, of both, or of the first and others."""
        names = self.names(subject, creator, initials)
        return sep.join(names if len(names) <= 2 else [names[0], and_others])

    def short(
        self,
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = ".",
    ) -> str:
        """The name of one, or a letter of each of three, with `+` for more."""
        names = self.names(subject, creator, initials)
        if len(names) <= 1:
            return "".join(names)
        return sep.join(name[:1] for name in names[:3]) + ("+" if len(names) > 3 else "")

    def chosen(
        self,
        subject: Subject,
        n: int | list[object] = 0,
        kind: str | list[object] = "*",
        name: str = "%(f)s",
        etal: str = "",
        sep: str = " ",
        min: int = 0,  # noqa: A002
        max: int = 0,  # noqa: A002
    ) -> str:
        """Those in a range, each as a template says. Raises `NotThisOne` for their number."""
        kinds = [str(each) for each in kind] if isinstance(kind, list) else [kind]
        people = next(
            (found for each in kinds if (found := creators(subject.description, each))), ()
        )
        if (min and len(people) < min) or (max and len(people) > max):
            raise NotThisOne
        begin, end = 0, len(people)
        if isinstance(n, list):
            begin, end = _span(n) if n else (0, end)
        elif n:
            begin, end = (0, n) if n > 0 else (n, end)
        texts = [self._as(each, name, subject) for each in people[begin:end]]
        more = etal if not isinstance(n, list) and 0 < n < len(people) else ""
        return sep.join(texts) + (f"{sep}{more}" if more.isalpha() else more)

    def _as(self, name: Name, template: str, subject: Subject) -> str:
        def part(match: re.Match[str]) -> str:
            text = {
                "f": lambda: self._family(name, subject.description.language),
                "g": lambda: name.given or "",
                "i": lambda: initials(name, every=False),
                "I": lambda: initials(name, every=True),
            }[match.group(1)]()
            return text[: int(match.group(2))] if match.group(2) else text

        return _NAME_PART.sub(part, template[:100])


def _span(numbers: list[object]) -> tuple[int, int]:
    """Where the creators begin and end that two numbers name, both counted from 1."""
    first, last = (number if isinstance(number, int) else 1 for number in (numbers[0], numbers[-1]))
    return max(first, 1) - 1, max(last, 1)


_CREATOR = Parameter("creator", str, "*")
_INITIALS = Parameter("initials", bool, default=False)


def _sep(default: str) -> tuple[Parameter, Parameter, Parameter]:
    return (_CREATOR, _INITIALS, Parameter("sep", str, default))


def formula_functions(who: Creators) -> dict[str, Function]:
    """The functions of Better BibTeX's formulas, by their names in lower case."""
    number = Parameter("n", int, 0)
    several = (number, *_sep(" "))
    functions = [
        Function("auth", who.auth, (number, Parameter("m", int, 1), _CREATOR, _INITIALS)),
        Function("authors", who.several, several),
        Function("authorsn", who.several, several),
        Function("authForeIni", who.fore_initial, (_CREATOR,)),
        Function("authorLastForeIni", who.last_fore_initial, (_CREATOR,)),
        Function("authorLast", who.last, (_CREATOR, _INITIALS)),
        Function("authorsAlpha", who.alpha, _sep(" ")),
        Function("authIni", who.beginnings, (number, *_sep("."))),
        Function("authorIni", who.first_and_initials, _sep(".")),
        Function("authAuthEa", who.two_and_ea, _sep(".")),
        Function("authEtAl", who.et_al, _sep(" ")),
        Function("authEtal2", _with_etal(who), _sep(".")),
        Function("authshort", who.short, _sep(".")),
        Function(
            "creators",
            who.chosen,
            (
                Parameter("n", (int, list), 0),
                Parameter("type", (str, list), "*"),
                Parameter("name", str, "%(f)s"),
                Parameter("etal", str, ""),
                Parameter("sep", str, " "),
                Parameter("min", int, 0),
                Parameter("max", int, 0),
            ),
        ),
    ]
    editors = [_of_editors(function) for function in functions[:-1]]
    return {function.name.lower(): function for function in [*functions, *editors]}


_EDITORS = {
    "auth": "edtr",
    "authForeIni": "edtrForeIni",
    "authIni": "edtrIni",
    "authAuthEa": "edtrEdtrEa",
    "authshort": "edtrshort",
    "authEtAl": "edtrEtAl",
    "authEtal2": "edtrEtal2",
}


def _of_editors(function: Function) -> Function:
    """The same of editors, and of nobody else."""
    parameters = tuple(
        Parameter("creator", str, "editor") if each.name == "creator" else each
        for each in function.parameters
    )
    name = _EDITORS.get(function.name) or function.name.replace("author", "editor")
    return Function(name, function.run, parameters)


def _with_etal(who: Creators) -> Callable[..., str]:
    def run(
        subject: Subject,
        creator: str = "*",
        initials: bool = False,
        sep: str = ".",
    ) -> str:
        return who.et_al(subject, creator, initials, sep, "etal")

    return run
