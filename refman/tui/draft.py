"""What somebody writes into the form of a work: the text of each field, and what is to say of it.

Nothing here knows of Textual. What a field can hold is decided by `services.editing`, as for
`refman edit`; what is doubtful by `rules.check`, as for `refman check`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from refman.errors import UsageError
from refman.model import DATE_FIELDS, FIELDS, LIST_FIELDS, NAME_FIELDS, Description, Name, stated
from refman.rules.check import Severity, problems
from refman.rules.typed_fields import arranged
from refman.services.editing import Revision, check_key, text_from_value, value_from_text
from refman.tui.display import lines
from refman.tui.summary import NO_TEXT

LONG_FIELDS = frozenset(("abstract", "note", "annote"))
"""Fields that are written on several lines."""
KEY = "citation key"
"""What stands for the key among the fields."""
MOST_NAMES = 60
"""Names that are written as one text; who has more is edited name by name."""
_LONGEST_CHECKED = 20_000
_NOTHING = (None, (), "")


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of a field. What is refused cannot be saved."""

    text: str
    severity: Severity
    refused: bool = False


class Draft:
    """`known` is what the work says now, `sources` who says what, `key` its citation key.

    A draft of several works (`several`) knows what all of them say; a field of which they say
    different things is one of `various`, and shown as empty.
    """

    def __init__(
        self,
        known: Description,
        sources: Mapping[str, str] | None = None,
        key: str = "",
        *,
        several: bool = False,
        various: Collection[str] = (),
    ) -> None:
        self.several, self.various = several, frozenset(various)
        self._opened: set[str] = set()
        self._texts: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._refused: dict[str, UsageError] = {}
        self._taken: set[str] = set()
        self._shown: dict[str, str] = {}
        self._pools: dict[str, dict[Name, Name]] = {}
        self.key_remark: Remark | None = None
        self.doi_remark: Remark | None = None
        self.key = key
        self.based_on(known, sources or {}, key)

    def based_on(self, known: Description, sources: Mapping[str, str], key: str) -> None:
        """Go on from what the work says by now; what has been written stays."""
        if self.key in ("", getattr(self, "_known_key", "")):
            self.key = key
        self._known, self._sources, self._known_key = known, sources, key
        self._shown.clear()
        self._pools.clear()
        for field in [*self._values]:
            self._keep(field, self._values[field])

    # What the form shows

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the form, in their order: those of the type, then what else there is."""
        there = {field for field, _ in stated(self._known) if field not in NO_TEXT}
        return arranged(self.value("type"), there | self._values.keys() | self._refused.keys()
                        | self._opened | self.various)  # fmt: skip

    def open(self, field: str) -> None:
        """Show a field that does not belong to the type."""
        self._opened.add(field)

    def value(self, field: str) -> Any:
        """The value that a field has or gets."""
        return self._values[field] if field in self._values else getattr(self._known, field)

    def text(self, field: str) -> str:
        """The text of a field in the form."""
        if field == KEY:
            return self.key
        if field in self._texts:
            return self._texts[field]
        return self._text_of(field, self.value(field))

    def is_text(self, field: str) -> bool:
        """Whether a list can be written as one text, with nothing lost."""
        value = self.value(field)
        if field not in NAME_FIELDS and field not in LIST_FIELDS:
            return True
        if len(value) > MOST_NAMES:
            return False
        return not value or self._read(field, self._text_of(field, value)) == value

    def source(self, field: str) -> str:
        """Who says what stands in a field, in a word or two."""
        if field in self._values or field in self._refused:
            return "you, unsaved"
        if field in self._taken:
            return "you, taken over"
        if field in self.various:
            return "various"
        return self._sources.get(field, "")

    # What somebody writes

    def write(self, field: str, text: str) -> None:
        """Somebody has written another text."""
        if field == KEY:
            self.key, self.key_remark = text.strip(), None
            return
        self._refused.pop(field, None)
        if text == self._shown_text(field):
            self.restore(field)
            return
        self._texts[field] = text
        try:
            value = self._read(field, text) if text.strip() else None
        except UsageError as error:
            self._refused[field] = error
            self._values.pop(field, None)
        else:
            self._keep(field, value)

    def put(self, field: str, value: Any) -> None:
        """Give a field a value, in place of any text."""
        self._refused.pop(field, None)
        self._texts.pop(field, None)
        self._keep(field, value)

    def clear(self, field: str) -> None:
        """Have a field be empty, of several works also where they say different things."""
        self._refused.pop(field, None)
        self._texts[field] = ""
        self._values[field] = () if field in NAME_FIELDS | LIST_FIELDS else None
        if not self.several and getattr(self._known, field) in _NOTHING:
            self.restore(field)

    def restore(self, field: str) -> None:
        """Have a field be as it was."""
        if field == KEY:
            self.key, self.key_remark = self._known_key, None
        for kept in (self._refused, self._texts, self._values):
            kept.pop(field, None)

    def take_over(self, field: str) -> bool:
        """Make what a machine said the user's own word, or leave that. Gives whether it is."""
        if field in self._taken:
            self._taken.discard(field)
        elif field not in self._values and getattr(self._known, field, None) not in _NOTHING:
            self._taken.add(field)
        return field in self._taken

    def _keep(self, field: str, value: Any) -> None:
        known = getattr(self._known, field)
        same = value == known or (value in _NOTHING and known in _NOTHING)
        if same:
            self._values.pop(field, None)
        else:
            self._values[field] = value if value not in _NOTHING else _empty(field)
            self._taken.discard(field)

    def _read(self, field: str, text: str) -> Any:
        value = value_from_text(field, text)
        if field not in NAME_FIELDS:
            return value
        pool = self._pools.get(field)
        if pool is None:
            pool = self._pools[field] = {}
            for name in (*self.value(field), *getattr(self._known, field)):
                for read in value_from_text(field, text_from_value(field, (name,)))[:1]:
                    pool.setdefault(read, name)
        return tuple(pool.get(name, name) for name in value)

    def _shown_text(self, field: str) -> str:
        if field not in self._shown:
            self._shown[field] = self._text_of(field, getattr(self._known, field))
        return self._shown[field]

    def _text_of(self, field: str, value: Any) -> str:
        return "" if value in _NOTHING else lines(text_from_value(field, value))

    # What is kept of it meanwhile

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts of what was changed, as far as it is text."""
        return {
            field: self.text(field)
            for field in self.changed
            if field == KEY or (field not in self._taken and self.is_text(field))
        }

    def take_up(self, texts: Mapping[str, str]) -> None:
        """Write what was written before; what is no field is left out."""
        for field, text in texts.items():
            if field == KEY or (field in FIELDS and field not in NO_TEXT):
                self.write(field, text)

    # What there is to say, and what comes of it

    @property
    def description(self) -> Description:
        """What the work would say."""
        values = dict(stated(self._known))
        return Description(**{**values, **self._values})

    def remarks(self) -> dict[str, Remark]:
        """What there is to say of the fields: the gravest of each."""
        found: dict[str, Remark] = {}
        for field, error in self._refused.items():
            words = " ".join(filter(None, (error.message, error.hint)))
            found[field] = Remark(words, Severity.ERROR, refused=True)
        if self.key_remark is not None:
            found[KEY] = self.key_remark
        elif self.key != self._known_key and self.key:
            try:
                check_key(self.key)
            except UsageError as error:
                words = " ".join(filter(None, (error.message, error.hint)))
                found[KEY] = Remark(words, Severity.ERROR, refused=True)
        if self.doi_remark is not None:
            found.setdefault("DOI", self.doi_remark)
        said = {
            field: value
            for field, value in stated(self.description)
            if field not in NO_TEXT
            and not (isinstance(value, str) and len(value) > _LONGEST_CHECKED)
        }
        order = list(Severity)
        findings = sorted(problems(Description(**said)), key=lambda it: order.index(it.severity))
        for finding in findings:
            if self.several and finding.code == "missing":
                continue
            found.setdefault(finding.field, Remark(finding.message, finding.severity))
        return found

    @property
    def refused(self) -> str | None:
        """The first field that keeps the form from being saved."""
        return next((name for name, remark in self.remarks().items() if remark.refused), None)

    @property
    def changed(self) -> tuple[str, ...]:
        """What would be changed: fields, and the citation key."""
        fields = [*self._values, *self._refused, *self._taken]
        return (*fields, *([KEY] if self.key != self._known_key and self.key else []))

    def revision(self) -> Revision:
        """What the user wants."""
        values = {name: value for name, value in self._values.items() if value not in _NOTHING}
        cleared = frozenset(name for name, value in self._values.items() if value in _NOTHING)
        taken = {name: getattr(self._known, name) for name in self._taken}
        key = self.key if self.key and self.key != self._known_key else None
        return Revision({**taken, **values}, cleared, key, taken_over=bool(taken))


def _empty(field: str) -> Any:
    return () if field in NAME_FIELDS | LIST_FIELDS else None


def hint_for(field: str) -> str:
    """How a field is written, in a few words."""
    if field in NAME_FIELDS:
        return "Family, Given; Family, Given; Organisation. Enter: in parts"
    if field in LIST_FIELDS:
        return "with ; between them"
    if field in DATE_FIELDS:
        return "2021, 2021-08, 2021-08-15, 2020/2021, 2021-21 (spring)"
    return {
        "type": "Enter shows all types",
        "page": "100-110",
        "language": "en, id, pt-BR",
        "DOI": "10.1000/xyz123",
        "number": "of a report; of an article without pages, its number",
        KEY: "left empty, it is made",
    }.get(field, "")
