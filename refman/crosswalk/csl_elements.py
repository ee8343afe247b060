"""What citeproc-py gets wrong, put right: elements of CSL that take the place of its own.

citeproc-py makes of each element of a style an object of the subclass of `CitationStylesElement`
that bears the element's name, the last one that was defined; so to import this module is to mend
it. Each class says what it mends, as CSL 1.0.2 has it (docs.citationstyles.org). Loading it costs
what citeproc-py costs: only `refman.crosswalk.bibliography` does, when it is needed.
"""

from __future__ import annotations

import re
from typing import Any

from citeproc import model
from citeproc.model import CitationStylesElement
from citeproc.source import VariableError

from refman.crosswalk.csl_casing import Cased, initials, spaced
from refman.text.titles import fold

_CSL = "{http://purl.org/net/xbiblio/csl}"
_LAYOUT = f"{_CSL}layout"
_PARTS = (f"{_CSL}citation", f"{_CSL}bibliography")
_NUMBERS = re.compile(r"\d+[^\d.]+\d+")

_DATE_PARTS = ("year", "month", "day")


def _differing(begin: Any, end: Any) -> tuple[str, ...]:
    """The parts of two dates from the largest on that is not the same in both."""
    for place, name in enumerate(_DATE_PARTS):
        if _part(begin, name) != _part(end, name):
            return _DATE_PARTS[place:]
    return ()


def _part(date: Any, name: str) -> Any:
    try:
        return getattr(date, name)
    except (AttributeError, VariableError):
        return None


def _suppressed(context: Any) -> dict[str, Any]:
    """What the layout knows of variables: called, rendered, and not to be rendered again."""
    layout = context if context.tag == _LAYOUT else next(context.iterancestors(_LAYOUT))
    known: dict[str, Any] = layout.repressed
    known.setdefault("called", [])
    known.setdefault("rendered", [])
    known.setdefault("suppressed", set())
    return known


class _Macros:
    """Macros: each was searched for in the whole style, each time it was called."""

    def get_macro(self, name: str) -> Any:
        """The macro of this name. Raises `IndexError` where the style has none."""
        root = self.get_root()  # type: ignore[attr-defined]
        known = root.__dict__.get("_macros")
        if known is None:
            known = {one.get("name"): one for one in root.findall("cs:macro", root.nsmap)}
            root.__dict__["_macros"] = known
        if name not in known:
            raise IndexError(name)
        return known[name]


class Locale(model.Locale, CitationStylesElement):  # type: ignore[misc]
    """Terms: each was searched for in the whole locale, each time it was needed."""

    def get_term(self, name: str, form: str | None = None, zero_padded: bool = False) -> Any:
        """The term. Raises `IndexError` where the locale has none."""
        known = self.__dict__.get("_terms")
        if known is None:
            known = self.__dict__["_terms"] = {}
            for term in self.iterfind("cs:terms/cs:term", self.nsmap):
                known.setdefault((term.get("name"), term.get("form")), []).append(term)
        for term in known.get((name, form), ()):
            if not zero_padded or term.get("match") not in ("whole-number", "last-two-digits"):
                return term
        raise IndexError(name)


class Text(Cased, _Macros, model.Text, CitationStylesElement):  # type: ignore[misc]
    """Variables that stood in for names are not printed a second time."""

    def calls_variable(self) -> bool:
        """Whether it prints a variable, itself or through a macro; the answer never changes."""
        macro = self.get("macro")
        if macro is None:
            return bool(super().calls_variable())
        known = self.get_root().__dict__.setdefault("_callers", {})
        if macro not in known:
            known[macro] = super().calls_variable()
        return bool(known[macro])

    def _variable(self, item: Any, context: Any) -> Any:
        variable = self.get("variable")
        known = _suppressed(context)
        if variable not in self.generated_variables:
            known["called"].append(variable)
        if variable in known["suppressed"]:
            return None
        text = super()._variable(item, context)
        if text:
            known["rendered"].append(variable)
        return text


class Key(_Macros, model.Key, CitationStylesElement):  # type: ignore[misc]
    """Sorting: by what readers take for the same letter, and without marks."""

    def sort_keys(self, items: Any, context: Any) -> Any:
        """A key for each item, None for one that has none."""
        keys = super().sort_keys(items, context)
        return [
            key if key is None or isinstance(key, int) else fold(str(key)) or str(key)
            for key in keys
        ]


class Number(Cased, model.Number, CitationStylesElement):  # type: ignore[misc]
    """A variable with a hyphen in its name was never found."""

    def process(self, item: Any, context: Any = None, **_: Any) -> Any:
        """The number as text. Raises `VariableError` where there is none."""
        variable = self.get("variable")
        known = _suppressed(context if context is not None else self)
        known["called"].append(variable)
        if variable in ("locator", "page-first"):
            known["rendered"].append(variable)
            return super().process(item, context=context)
        value = item.reference[variable.replace("-", "_")]
        if variable in known["suppressed"]:
            return None
        known["rendered"].append(variable)
        return self._process(value, variable)

    def format_number(self, number: Any) -> str:
        """A number in digits, as an ordinal or in Roman figures; what is none, as it is."""
        text = str(number)
        # An ordinal of 1,000,000 or more is none, and Roman figures end at 3,999.
        return str(super().format_number(number)) if len(text) < 4 or not text.isdigit() else text


class Label(Cased, model.Label, CitationStylesElement):  # type: ignore[misc]
    """A label without what it labels is not printed: no `p.` without a page."""

    def process(
        self, item: Any, variable: Any = None, plural: Any = None, context: Any = None, **_: Any
    ) -> Any:
        """The label as text, None for no label."""
        own = self.get("variable")
        if variable is None and own and own != "locator":
            name = own.replace("-", "_")
            if name not in item.reference:
                return None
            if context is not None and own in _suppressed(context)["suppressed"]:
                return None
        return super().process(item, variable=variable, plural=plural, context=context)

    def _is_plural(self, item: Any) -> bool:
        variable = self.get("variable")
        if variable is None:
            return False
        if variable == "locator":
            return _NUMBERS.search(str(item.locator.identifier)) is not None
        value = str(item.reference.get(variable.replace("-", "_"), ""))
        if variable.startswith("number-of"):
            return value.isdigit() and int(value[:9]) > 1
        return _NUMBERS.search(value) is not None


class Date(model.Date, CitationStylesElement):  # type: ignore[misc]
    """A date in the form of a locale is joined as the locale says: `2021 Aug`, not `2021Aug`.

    What the two dates of a range have in common stands once, where the form has it.
    """

    def render_single_date(self, date: Any, show_parts: Any = None, context: Any = None) -> Any:
        """The parts of a date, joined; None for none."""
        if context is None or context is self:
            parts = self.parts(date, show_parts)
        else:
            parts = self.parts(date, show_parts, context)
        if not parts:
            return None
        joiner = context if context is not None and context.get("delimiter") else self
        return joiner.join(parts)

    def render_date_range(
        self, date_range: Any, show_parts: Any = None, context: Any = None
    ) -> Any:
        """Both dates, joined by a dash: `May 25–28, 2021`; None for none."""
        shown = list(show_parts or _DATE_PARTS)
        begin, end = date_range.begin, date_range.end
        if end.is_nil():
            text = self.render_single_date(begin, shown, context)
            return text and f"{str(text).rstrip()}–"
        differ = _differing(begin, end)
        names = [
            name for name in (part.get("name") for part in self.iterchildren()) if name in shown
        ]
        places = [place for place, name in enumerate(names) if name in differ]
        if not places:
            return self.render_single_date(begin, shown, context)
        runs = names[: places[0]], names[places[0] : places[-1] + 1], names[places[-1] + 1 :]
        before, first, last, after = (
            self.render_single_date(date, run, context) if run else None
            for date, run in zip(
                (begin, begin, end, end), (runs[0], runs[1], *runs[1:]), strict=True
            )
        )
        if first and last:
            last = f"{str(first).rstrip(' ,')}–{str(last).lstrip()}"
        joiner = context if context is not None and context.get("delimiter") else self
        return joiner.join([text for text in (before, last or first, after) if text]) or None

    def process(self, item: Any, variable: Any = None, *args: Any, **more: Any) -> Any:
        """The date as text. Raises `VariableError` where there is none."""
        context = more.get("context")
        name = variable or self.get("variable")
        # Elements without children are false.
        known = None
        if not self.is_locale_date():
            known = _suppressed(self if context is None else context)
            known["called"].append(name)
        if known is not None and name in known["suppressed"]:
            return None
        text = super().process(item, variable, *args, **more)
        if text and known is not None:
            known["rendered"].append(name)
        return text


class Date_Part(Cased, model.Date_Part, CitationStylesElement):  # type: ignore[misc] # noqa: N801
    """What one date of a style overrides in the locale does not stay so for all that follow."""

    def process(self, date: Any, context: Any = None) -> Any:
        """The part as text. Raises `VariableError` where the date has none."""
        self._own = dict(self.attrib)
        return super().process(date, context)

    def markup(self, text: Any) -> Any:
        """The part with its affixes and its font."""
        marked = super().markup(text)
        self.attrib.clear()
        self.attrib.update(self._own)
        return marked


class Group(model.Group, CitationStylesElement):  # type: ignore[misc]
    """A group is there if it calls no variable, or one that it calls is printed.

    What stands in a branch that is not taken is not called, and a term is no variable.
    """

    def process(self, item: Any, context: Any = None, **more: Any) -> Any:
        """The children, joined. Raises `VariableError` where all its variables are empty."""
        known = _suppressed(context if context is not None else self)
        begun, called = len(known["rendered"]), len(known["called"])
        delimiter = self.get("delimiter", "")
        output = []
        for child in self.iterchildren():
            passed = {"delimiter": delimiter} if isinstance(child, model.Choose) else {}
            try:
                text = child.render(item, context=context, **passed, **more)
            except VariableError:
                continue
            if text is not None:
                output.append(text)
        printed = len(known["rendered"]) > begun
        if output and (printed or len(known["called"]) == called):
            return self.join(output)
        del known["rendered"][begun:]
        raise VariableError


class Substitute(model.Substitute, CitationStylesElement):  # type: ignore[misc]
    """What stands in for names takes their form, wherever it stands, and is not repeated."""

    def render(self, item: Any, context: Any = None, **more: Any) -> Any:
        """The first child that gives something; None where none does."""
        known = _suppressed(context if context is not None else self)
        names = self.getparent()
        for child in self.getchildren():
            begun = len(known["rendered"])
            try:
                text = child.render(item, context=context, names_context=names, **more)
            except VariableError:
                continue
            if text:
                known["suppressed"].update(known["rendered"][begun:])
                return text
            del known["rendered"][begun:]
        return None


class Names(model.Names, CitationStylesElement):  # type: ignore[misc]
    """Names that stood in for others are not printed a second time."""

    def process(
        self, item: Any, names_context: Any = None, context: Any = None, **more: Any
    ) -> Any:
        """The names as text. Raises `VariableError` where there are none."""
        if context is None:
            context = self
        if names_context is None or self.name is not None:
            names_context = self
        known = _suppressed(context)
        roles = self._roles(item)
        known["called"] += roles
        present = [role for role in roles if item.reference.get(role.replace("-", "_"))]
        wanted = [role for role in present if role not in known["suppressed"]]
        output = [self._one(item, role, names_context, context, more) for role in wanted]
        known["rendered"] += wanted
        if wanted == ["editor"] and self.get("variable") != "editor":
            known["rendered"].append("translator")
        output = [text for text in output if text is not None]
        if output:
            if all(isinstance(text, int) for text in output):
                return str(sum(output)) if sum(output) else None
            return self.join(output, self.get_parent_delimiter(context))
        substitute = self.substitute() if not present else None
        if substitute is None:
            raise VariableError
        return substitute.render(item, context=context, **more)

    def _roles(self, item: Any) -> list[str]:
        """The roles to print; editors who are the translators, too, are printed once."""
        roles: list[str] = self.get("variable").split()
        if set(roles) == {"editor", "translator"}:
            people = item.reference.get("editor")
            if people and people == item.reference.get("translator"):
                return ["editor"]
        return roles

    def _one(self, item: Any, role: str, form: Any, context: Any, more: dict[str, Any]) -> Any:
        """The names of one role, with their label."""
        variable = role.replace("-", "_")
        element = form.name
        if element is None:
            element = form.makeelement(f"{{{form.nsmap['cs']}}}name")
            form.insert(0, element)
        text = element.render(item, variable, context=context, **more)
        label = form.label
        if label is None or isinstance(text, int):
            return text
        several = len(item.reference[variable]) > 1
        both = role == "editor" and self.get("variable").split() != ["editor"]
        term = "editortranslator" if both and len(self._roles(item)) == 1 else role
        label_text = label.render(item, term, several, **more)
        if label_text is None:
            return text
        first = label is form.getchildren()[0]
        return label_text + text if first else text + label_text


class Name(Cased, model.Name, CitationStylesElement):  # type: ignore[misc]
    """`initialize="false"` keeps given names whole; names of scripts without case stay whole."""

    def get_option(self, name: str, context: Any = None, sort_options: Any = None) -> Any:
        """The value of an option, as the style has it at the nearest place above."""
        if sort_options and name in sort_options:
            value = sort_options[name]
        else:
            part = next((context if context is not None else self).iterancestors(*_PARTS))
            inherited = f"name-{name}" if name in ("form", "delimiter") else name
            value = self.get(name)
            value = part.get_option(inherited) if value is None else value
        if name in ("initialize-with-hyphen", "et-al-use-last"):
            return str(value).lower() == "true"
        return int(value) if name.startswith("et-al") else value

    def initialize(self, given: str, mark: str, context: Any) -> str:
        """The initials of given names: `A. M.`, `J.-P.`, `AM`."""
        if self.get("initialize", "true").lower() == "false":
            return spaced(given, mark)
        hyphened = self.get_option("initialize-with-hyphen", context)
        return initials(given, mark, hyphened=hyphened)


class Name_Part(Cased, model.Name_Part, CitationStylesElement):  # type: ignore[misc] # noqa: N801
    """A part that is not there has no affixes."""

    def format_part(self, given: Any, family: Any) -> Any:
        """The given name and the family name, the one that this is about with its font."""
        if self.get("name") == "given":
            return (self._formed(given) if given else given), family
        return given, (self._formed(family) if family else family)

    def _formed(self, part: Any) -> str:
        return str(self.wrap(self.format(self.case(part))))
