"""The query language: text to a tree, or a sentence with a caret under what is wrong.

    migrant workers              both words, in any field; each may be the beginning of a longer one
    "human trafficking"          the words in this order
    author:dwi title:migra       in one field
    year:2019..2021 year:2020..  ranges, ends included, open at either end
    has:doi missing:abstract     whether a field says something
    is:retracted is:pending      states
    is:read is:unread            whether the tag `read` is on it
    search:thesis                what is saved under a name
    -word -author:dwi            not
    a OR b, (a b) OR c           either; AND is what stands between terms anyway

The words OR, AND and NOT count as operators in capitals only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from refman.errors import UsageError
from refman.model import FIELDS
from refman.rules.standing import Standing

MAX_QUERY = 10_000
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, in one field or (None) in any. A word matches as a prefix too."""

    text: str
    field: str | None = None
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class YearRange:
    """Years from `low` to `high`, both included; None is open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a field of the description, or `tag`, `collection`, `note`, `file`, is there."""

    field: str


@dataclass(frozen=True, slots=True)
class Is:
    """Whether the work is in a state."""

    state: str


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match `node`."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """What matches all; with none, every work."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What matches any."""

    nodes: tuple[Node, ...]


Node = Term | YearRange | Has | Is | Not | And | Or

EVERYTHING = And(())

TERM_FIELDS = {
    "author": "author",
    "editor": "author",
    "title": "title",
    "journal": "container_title",
    "container": "container_title",
    "container_title": "container_title",
    "abstract": "abstract",
    "keyword": "keyword",
    "keywords": "keyword",
    "doi": "doi",
    "key": "key",
    "id": "key",
    "type": "type",
    "tag": "tag",
    "collection": "collection",
    "search": "search",
    "saved": "search",
    "publisher": "other",
    "note": "other",
    "isbn": "isbn",
    "issn": "issn",
    "pmid": "pmid",
    "pmcid": "pmcid",
    "arxiv": "arxiv",
}
"""What may stand before a colon, and the field meant."""

STATES = {
    **{standing.value: standing.value for standing in Standing},
    "pending": "pending",
    "enriched": "enriched",
    "unchanged": "unchanged",
    "mismatch": "mismatch",
    "not-found": "not_found",
    "not_found": "not_found",
    "failed": "failed",
    "proposed": "proposed",
}
READ = "read"
"""The tag of what somebody has read."""

_HAS_EXTRA = {"tag", "collection", "note", "file"}
_HAS_ALIASES = {
    "journal": "container_title",
    "year": "issued",
    "date": "issued",
    "keywords": "keyword",
    "tags": "tag",
    "notes": "note",
    "attachment": "file",
    "pdf": "file",
}
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/(?=10\.)", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What bytes of an argument become that are no text."""
_FIELD_BY_LOWER = {name.lower(): name for name in FIELDS}

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>-?\()
    | (?P<close>\))
    | (?P<operator>(?:OR|AND|NOT|\|)(?=[\s()]|$))
    | (?P<term>-?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)
      | (?P<word>
          (?:(?:https?:)?//(?:dx\.)?doi\.org/)? 10\.\d{4,9}/ (?:[^\s()"]|\([^\s()"]*\))+
        | [^\s()"]+)))
    | (?P<junk>\S)
    )""",
    re.VERBOSE,
)


def parse(text: str) -> Node:
    """The tree of a query. Raises `UsageError`, with the query and a caret, where it is none."""
    if len(text) > MAX_QUERY:
        raise UsageError(f"The query is longer than {MAX_QUERY} characters.")
    return _Parser(_SURROGATES.sub("\ufffd", text)).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup]
        self._next = 0

    def parse(self) -> Node:
        node = self._either(depth=0)
        if self._next < len(self._tokens):
            raise self._error("this bracket was never opened", self._tokens[self._next])
        return node

    def _error(self, reason: str, token: re.Match[str] | None) -> UsageError:
        at = len(self._text) if token is None else token.end() - len(token.group().lstrip())
        shown = self._text.replace("\n", " ").replace("\t", " ")
        return UsageError(f"The query cannot be read: {reason}.", hint=f"{shown}\n{' ' * at}^")

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _either(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise self._error("it is nested too deeply", self._peek())
        choices = [self._all(depth)]
        while (token := self._peek()) and token["operator"] in ("OR", "|"):
            self._next += 1
            choices.append(self._all(depth))
        if len(choices) == 1:
            return choices[0]
        if any(choice == EVERYTHING for choice in choices):
            raise self._error("something is missing beside OR", self._peek())
        return Or(tuple(choices))

    def _all(self, depth: int) -> Node:
        nodes: list[Node] = []
        negate = False
        while (token := self._peek()) is not None:
            if token["close"] or token["operator"] in ("OR", "|"):
                break
            self._next += 1
            if token["operator"]:
                negate ^= token["operator"] == "NOT"
                continue
            node = self._one(token, depth)
            if node is not None:
                nodes.append(Not(node) if negate else node)
            negate = False
        if negate:
            raise self._error("something is missing after NOT", self._peek())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _one(self, token: re.Match[str], depth: int) -> Node | None:
        if token["open"]:
            node = self._either(depth + 1)
            closing = self._peek()
            if closing is None or not closing["close"]:
                raise self._error("this bracket is never closed", token)
            self._next += 1
            return Not(node) if token["open"] == "-(" else node
        if token["junk"]:
            raise self._error(f"{token['junk']} has no meaning here", token)
        inner = self._term(token)
        negative = token["term"].startswith("-") and token["term"] != "-"
        return Not(inner) if negative and inner is not None else inner

    def _term(self, token: re.Match[str]) -> Node | None:
        field, phrase = token["field"], token["phrase"] is not None
        text = token["phrase"] if phrase else token["word"]
        if not phrase and field is None:
            text = text.removeprefix("-")
            if text.endswith(":") and text[:-1].lower() in _KNOWN_FIELDS:
                raise self._error(f"nothing follows {text}", token)
        if field is not None:
            known = field.lower()
            if known in ("has", "missing"):
                node = Has(self._has_field(text, token))
                return node if known == "has" else Not(node)
            if known == "is":
                return self._state(text.lower(), token)
            if known in ("year", "date", "issued"):
                return self._years(text, token)
            if known in TERM_FIELDS:
                return _word(text, TERM_FIELDS[known], phrase)
            # A colon inside an ordinary word, such as a title pasted whole, is no field.
            text = f"{field}:{text}"
            if token["word"] and (near := _near_field(known)):
                raise self._error(f"there is no field {field}; did you mean {near}", token)
        if not any(char.isalnum() for char in text):
            return None
        return _word(text, None, phrase)

    def _state(self, name: str, token: re.Match[str]) -> Node:
        if name in (READ, f"un{READ}"):
            read = Term(READ, "tag")
            return read if name == READ else Not(read)
        if name not in STATES:
            names = {*(state for state in STATES if "_" not in state), READ, f"un{READ}"}
            raise self._error(f"is: takes one of {', '.join(sorted(names))}", token)
        return Is(STATES[name])

    def _has_field(self, text: str, token: re.Match[str]) -> str:
        name = text.lower()
        name = _HAS_ALIASES.get(name, name).replace("-", "_")
        if name in _HAS_EXTRA:
            return name
        if name not in _FIELD_BY_LOWER:
            raise self._error(f"there is no field {text}", token)
        return _FIELD_BY_LOWER[name]

    def _years(self, text: str, token: re.Match[str]) -> YearRange:
        low_text, dots, high_text = text.partition("..")
        try:
            low = int(low_text) if low_text else None
            high = (int(high_text) if high_text else None) if dots else low
        except ValueError:
            low = high = None
        if low is None and high is None:
            raise self._error("a year is 2021, 2019..2021, 2019.. or ..2021", token)
        return YearRange(low, high)


def _word(text: str, field: str | None, phrase: bool) -> Term:
    """A term; the address of a DOI is the DOI."""
    address = _DOI_ADDRESS.match(text) if field in (None, "doi") else None
    return Term(text[address.end() :], "doi", phrase) if address else Term(text, field, phrase)


_KNOWN_FIELDS = {*TERM_FIELDS, "has", "missing", "is", "year", "date", "issued"}


def _near_field(name: str) -> str | None:
    """The field that a name is a slip of the pen for, if there is one so near."""
    if name in ("citation_key", "citekey"):
        return "key"
    # Loaded here: few queries have a slip in them.
    from difflib import get_close_matches  # noqa: PLC0415

    near = get_close_matches(name, _KNOWN_FIELDS, n=1, cutoff=0.79)
    return near[0] if near else None


def unknown_field(text: str) -> str | None:
    """The first word of a query that looks as if it named a field, and names none."""
    for token in _TOKEN.finditer(text):
        field, word = token["field"], token["word"]
        if field and word and not word.startswith("/") and field.lower() not in _KNOWN_FIELDS:
            return f"{field}:{word}"
    return None


_OF_WORDS = {None, "author", "title", "container_title", "abstract", "keyword", "other"}
"""The fields in which a term without letters and digits asks for nothing."""


def finds_everything(node: Node) -> bool:
    """Whether a query asks for nothing at all, as one of mere signs does, and so finds all."""
    match node:
        case Term(text, field):
            return field in _OF_WORDS and not any(char.isalnum() for char in text)
        case Not(inner):
            return finds_everything(inner)
        case And(nodes):
            return all(finds_everything(each) for each in nodes)
        case Or(nodes):
            return any(finds_everything(each) for each in nodes)
    return False


def terms_in(node: Node) -> Iterator[Term]:
    """All words and phrases of a query, whatever is said of them."""
    match node:
        case Term():
            yield node
        case Not(inner):
            yield from terms_in(inner)
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from terms_in(each)


def expanded(node: Node, saved: Callable[[str], str | None]) -> Node:
    """A tree with `search:NAME` replaced by what is saved under that name.

    `saved` gives the text of a query, or None. Raises `UsageError` for a name that is none, and
    for searches that mean each other in a circle.
    """
    return _expanded(node, saved, ())


def _expanded(node: Node, saved: Callable[[str], str | None], within: tuple[str, ...]) -> Node:
    match node:
        case Term(name, "search"):
            text = saved(name)
            if text is None:
                raise UsageError(
                    f"There is no saved search {name!r}.",
                    hint="`refman searches` lists those that there are.",
                )
            if name.lower() in within:
                raise UsageError(f"The saved search {name!r} means itself.")
            return _expanded(parse(text), saved, (*within, name.lower()))
        case Not(inner):
            return Not(_expanded(inner, saved, within))
        case And(nodes):
            return And(tuple(_expanded(part, saved, within) for part in nodes))
        case Or(nodes):
            return Or(tuple(_expanded(part, saved, within) for part in nodes))
    return node
