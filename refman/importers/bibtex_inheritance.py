"""`crossref` and `xdata`: entries that leave to another what they share with it.

In BibTeX the parent comes after its children, so children wait for it, within bounds; biblatex
allows both orders, so what could be a parent is remembered. The rules are those of the biblatex
manual (appendix B): the title of a book is the `booktitle` of what is in it, the title of a work
of several volumes their `maintitle`, that of a periodical the `journaltitle`. In one thing they are
stricter: what says who the parent is, and nobody else (`doi`, `url`, `pages`, `abstract`, …), is
not inherited.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from refman.importers.bibtex_blocks import Broken, RawEntry

MAX_WAITING = 20_000
MAX_REMEMBERED = 20_000
MAX_VALUE = 2_000
MAX_DEPTH = 8

_REFERENCE = re.compile(r"\bxdata=([^\s,{}=-]{1,200})-([A-Za-z]{1,30})(?:-(\d{1,4}))?(?![\w-])")
_AND = re.compile(r"\s+and\s+")
_PARENTS = frozenset(
    (
        "book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings",
        "reference", "mvreference", "periodical", "xdata", "conference", "misc", "booklet",
    )
)  # fmt: skip
_IN_BOOKS = frozenset(("inbook", "bookinbook", "suppbook"))
_INSIDE = _IN_BOOKS | {
    "incollection", "inproceedings", "conference", "inreference", "suppcollection",
}  # fmt: skip
_VOLUMES = frozenset(("book", "collection", "proceedings", "reference"))
_OF_SEVERAL_VOLUMES = frozenset(("mvbook", "mvcollection", "mvproceedings", "mvreference"))
_OWN = frozenset(
    (
        "title", "subtitle", "titleaddon", "shorttitle", "sorttitle", "indextitle",
        "indexsorttitle", "entrysubtype", "presort", "sortkey", "relatedoptions", "relatedstring",
        "shorthandintro", "langidopts", "doi", "url", "urldate",
        "eprint", "eprinttype", "archiveprefix", "abstract", "keywords", "note", "annote",
        "annotation", "file", "crossref", "xref", "xdata", "entryset", "ids", "label", "options",
        "pages", "pagetotal", "key", "execute", "related", "relatedtype", "shorthand", "addendum",
        "timestamp", "owner",
    )
)  # fmt: skip
"""What an entry never has from its parent."""


def inherit(blocks: Iterable[RawEntry | Broken]) -> Iterator[RawEntry | Broken]:
    """The same entries, each with what it inherits; those that wait come after their parent.

    An entry whose parent is not in the file comes at the end, with a remark. `@xdata` entries
    are no works and come only where nothing used them.
    """
    family = _Family()
    for block in blocks:
        if isinstance(block, Broken):
            yield block
        else:
            yield from family.add(block)
    yield from family.rest()


class _Family:
    """The entries that may be parents, and those that wait for one."""

    def __init__(self) -> None:
        self.known: dict[str, RawEntry] = {}
        self.waiting: dict[str, list[RawEntry]] = defaultdict(list)
        self.count = 0
        self.unused: dict[str, RawEntry] = {}

    def add(self, entry: RawEntry) -> Iterator[RawEntry | Broken]:
        """Take an entry in; give out it and what waited for it, as far as they are complete."""
        settled = [entry]
        while settled:
            entry = settled.pop()
            missing = self.take_over(entry)
            if missing is not None:
                if self.count < MAX_WAITING:
                    self.waiting[missing].append(entry)
                    self.count += 1
                else:
                    yield _orphan(entry, missing)
                continue
            key = entry.key.lower()
            children = self.waiting.pop(key, [])
            self.count -= len(children)
            if children or entry.entry_type in _PARENTS:
                self.remember(key, entry)
            if entry.entry_type == "xdata":
                if not children:
                    self.unused.setdefault(key, entry)
            else:
                yield entry
            settled += reversed(children)

    def take_over(self, entry: RawEntry) -> str | None:
        """Add what an entry inherits; or say which parent is not known yet."""
        if any("xdata=" in value for _, value in entry.fields):
            entry.fields = [(name, self.referred(value)) for name, value in entry.fields]
        wanted = _parents_of(entry)
        if not wanted:
            return None
        for key, _ in wanted:
            if key not in self.known:
                return key
        names = {name.lower() for name, _ in entry.fields}
        for key, whole in wanted:
            self.unused.pop(key, None)
            for name, value in _legacy(entry, self.known[key], whole=whole):
                if name.lower() not in names:
                    names.add(name.lower())
                    entry.fields.append((name, value))
        return None

    def referred(self, value: str) -> str:
        """A value with its references to single fields of an `@xdata` that stands before it."""

        def said(reference: re.Match[str]) -> str:
            key, field, place = reference[1].lower(), reference[2].lower(), reference[3]
            entry = self.known.get(key)
            found = [text for name, text in entry.fields if name.lower() == field] if entry else []
            items = _AND.split(found[0]) if found and place else found
            if not 0 < int(place or 1) <= len(items):
                return reference[0]
            self.unused.pop(key, None)
            return items[int(place or 1) - 1]

        return _REFERENCE.sub(said, value)

    def remember(self, key: str, entry: RawEntry) -> None:
        if key in self.known or len(self.known) >= MAX_REMEMBERED:
            return
        xdata = entry.entry_type == "xdata"
        small = [
            (name, value)
            for name, value in entry.fields
            if len(value) <= MAX_VALUE
            and (xdata or name.lower() in _SHARED_TITLE or name.lower() not in _OWN)
        ]
        self.known[key] = RawEntry(entry.line, entry.entry_type, entry.key, small, [], "")

    def rest(self) -> Iterator[RawEntry | Broken]:
        """What still waits at the end of the file, and then what waited for that."""
        while self.waiting:
            present = {entry.key.lower() for entries in self.waiting.values() for entry in entries}
            absent = [key for key in self.waiting if key not in present]
            # Where every parent is there, they wait for each other in a circle: open it anywhere.
            for missing in absent or list(self.waiting)[:1]:
                for entry in self.waiting.pop(missing, []):
                    _orphan(entry, missing)
                    entry.fields = [pair for pair in entry.fields if not _refers(pair, missing)]
                    yield from self.add(entry)
        for entry in self.unused.values():
            yield Broken(entry.line, "no entry uses this @xdata", entry.raw)


_SHARED_TITLE = frozenset(("title", "subtitle", "titleaddon"))


def _orphan(entry: RawEntry, missing: str) -> RawEntry:
    entry.remarks.append(f"it refers to the entry {missing}, which is not in the file")
    return entry


def _refers(pair: tuple[str, str], missing: str) -> bool:
    name, value = pair
    return name.lower() in ("crossref", "xdata") and missing in value.lower()


def _parents_of(entry: RawEntry) -> list[tuple[str, bool]]:
    """The keys of an entry's parents, and whether everything is inherited from them."""
    found = []
    for name, value in entry.fields:
        lower = name.lower()
        if lower == "crossref" and value.strip():
            found.append((value.strip().lower(), False))
        elif lower == "xdata":
            keys = value.split(",")[:MAX_DEPTH]
            found += [(key.strip().lower(), True) for key in keys if key.strip()]
    own = entry.key.lower()
    return [(key, whole) for key, whole in found if key != own]


def _legacy(child: RawEntry, parent: RawEntry, *, whole: bool) -> Iterator[tuple[str, str]]:
    prefix = _title_prefix(child.entry_type, parent.entry_type)
    own_booktitle = any(name.lower() == "booktitle" for name, _ in parent.fields)
    for name, value in parent.fields:
        lower = name.lower()
        if whole:
            yield name, value
        elif lower in _SHARED_TITLE:
            if prefix and not (own_booktitle and prefix == "book" and lower == "title"):
                yield f"{prefix}{lower}", value
        elif lower == "author" and child.entry_type in _INSIDE:
            yield "bookauthor", value
            if child.entry_type in _IN_BOOKS:
                yield name, value
        elif lower not in _OWN:
            yield name, value


def _title_prefix(child: str, parent: str) -> str | None:
    """What the parent's title is to the child: its `booktitle`, `maintitle` or `journaltitle`."""
    if parent == "periodical":
        return "journal" if child in ("article", "suppperiodical", "review") else None
    if parent in _OF_SEVERAL_VOLUMES:
        return "main" if child in _INSIDE or child in _VOLUMES else None
    return "book" if child in _INSIDE else None
