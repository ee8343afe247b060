"""Formatted references and citations, through citeproc-py and the styles of the CSL project.

`refman cite` and the exporters of formatted references share this. What citeproc-py gets wrong is
mended in `refman.crosswalk.csl_elements`, where it makes the text, and by `_finished` here, once
the text is made: full stops and commas before a closing quotation mark where the language wants
them there, no two marks where one will do, quotation marks inside quotation marks of the other
kind. It knows no year suffixes (2021a, 2021b): they are given here to the works that a style's
citations would not tell apart.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from refman.crosswalk.csl_styles import default_locale, locale_named, style_path
from refman.crosswalk.csljson import item_from_description
from refman.errors import InputError
from refman.model import Work

_SMALL_CAPS = '<span style="font-variant:small-caps;">'
_SMALL_CAPITALS = re.compile(f"{_SMALL_CAPS}([^<>]*)</span>")
_NO_CASE = re.compile(r'(<span class="nocase">|</span>)')
_SIGNS = {
    tag: chr(0xE010 + number)
    for number, tag in enumerate(
        ("<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>", _SMALL_CAPS, "</span>")
    )
}
"""Characters of nobody's that stand for CSL's marks, which citeproc-py takes for text."""
_MARKUP = "<>&*_`[]\\~^#|"
_HIDDEN = {ord(char): 0xE020 + place for place, char in enumerate(_MARKUP)}
"""What else is text and no mark, in HTML or in Markdown; citeproc-py does not escape it all."""
_TEXT = frozenset(_MARKUP)
_PLAIN = {0xE020 + place: char for place, char in enumerate(_MARKUP)}
_ONE_PAGE = re.compile(r"(\w+)\s*[-–]\s*\1")
_QUOTED = re.compile(r'(?<!\w)"([^"“”]*)"|“([^"“”]*)”')
_SINGLY_QUOTED = re.compile(r"(?<!\w)‘([^‘“”]*?)’(?!\w)")
_DOUBLE, _DOUBLE_END, _SINGLE, _SINGLE_END = QUOTES = "\ue030\ue031\ue032\ue033"
"""Signs for quotation marks in titles, whose form depends on where the title stands."""
_TITLES = ("title", "title-short", "container-title", "collection-title")
_WEB_PAGES = ("webpage", "post", "post-weblog")
_TAGS = r"((?:</?(?:i|b|sup|sub|span)[^<>]*>)*)"
_MANY_LETTERS = 400_000
"""No reference is longer."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class CiteFormat(StrEnum):
    """What a formatted reference is written in."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


_SHOWN: dict[CiteFormat, dict[int, str]] = {
    CiteFormat.TEXT: _PLAIN,
    CiteFormat.HTML: {
        **_PLAIN,
        **{0xE020 + place: f"&{name};" for place, name in enumerate(("lt", "gt", "amp"))},
    },
    CiteFormat.MARKDOWN: {
        sign: char if char in ">&#|" else f"\\{char}" for sign, char in _PLAIN.items()
    },
}
_ADDRESS = re.compile(r"https?://[^\s<>*^~\ue010-\ue019\ue020\ue021]+")


class Bibliography:
    """Works as a style has them.

    `style` is a name or a file, `locale` the language of terms and dates, that of the style by
    default. Raises `UsageError` for a style or a locale that there is none of, `InputError` for
    the file of a style that is none.
    """

    def __init__(
        self, works: Iterable[Work], style: str, form: CiteFormat, locale: str | None = None
    ) -> None:
        self._form = form
        self._works = list(works)
        self._places: dict[str, int] = {}
        path = style_path(style)
        with warnings.catch_warnings():
            # citeproc-py warns of CSL features and fields that it passes over.
            warnings.simplefilter("ignore")
            import citeproc  # noqa: PLC0415
            from citeproc import formatter  # noqa: PLC0415
            from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

            import refman.crosswalk.csl_elements  # noqa: F401, PLC0415

            self._citeproc: Any = citeproc
            self._sheet = self._opened(path, locale)
            items = [self._item(place, work) for place, work in enumerate(self._works)]
            writer = formatter.plain if form is CiteFormat.TEXT else formatter.html
            self._list: Any = citeproc.CitationStylesBibliography(
                self._sheet, CiteProcJSON(items), writer
            )
            self._quotes = _Quotes(self._sheet.root)
            for key in self._places:
                self._list.register(self._citation(key))
            if self._sheet.has_bibliography():
                self._list.sort()
            self._add_year_suffixes()

    def references(self) -> Iterator[tuple[Work, str]]:
        """The references in the style's order, each with its work.

        A style of notes that has no list gives its notes, in the order of the works.
        """
        if not self._sheet.has_bibliography():
            yield from zip(self._works, self.citations())
            return
        layout = self._sheet.root.bibliography.layout
        for number, item in enumerate(self._list.items, start=1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = self._rendered(layout, item)
            work = self._works[self._places[item.key]]
            yield work, self._finished(text, number) or self._at_least(item.key)

    def citations(self) -> list[str]:
        """How each work is cited in a text, in the order of the works: `(Dwi, 2021)`, `[1]`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [(key, self._cited(key)) for key in self._places]
        return [self._finished(text) or self._at_least(key) for key, text in found]

    def _opened(self, path: str, locale: str | None) -> Any:
        """The style, with the terms of a locale: the one asked for, or the one it is made for."""
        named = locale_named(locale) if locale else None
        try:
            sheet = self._citeproc.CitationStylesStyle(path, locale=named, validate=False)
            own = default_locale(path)
            if named is None and own and sheet.root.get("default-locale") is None:
                sheet.root.set_locale_list(own, validate=False)
        except Exception as error:
            raise InputError(f"The style {path} cannot be used: {error}.") from error
        if sheet.root.find("cs:citation", sheet.root.nsmap) is None:
            raise InputError(f"The style {path} cannot be used: it does not say how to cite.")
        return sheet

    def _item(self, place: int, work: Work) -> dict[str, object]:
        # Keys of two works may differ in case alone, which citeproc-py does not see.
        key = f"work-{place}"
        self._places[key] = place
        item = item_from_description(work.description, id=key)
        custom = item.pop("custom", None)
        if isinstance(custom, Mapping) and item.get("type") == "document" and custom.get("type"):
            item["type"] = "article"
        # Neither is ever shown, and both can be long.
        item.pop("abstract", None)
        item.pop("keyword", None)
        page = item.get("page")
        if isinstance(page, str) and (one := _ONE_PAGE.fullmatch(page)):
            item["page"] = one.group(1)
        if item["type"] in _WEB_PAGES and "URL" not in item and item.get("DOI"):
            item["URL"] = f"https://doi.org/{item['DOI']}"
        return {name: _with_signs(value, titles=name in _TITLES) for name, value in item.items()}

    def _rendered(self, layout: Any, item: Any) -> str:
        """A reference as citeproc-py gives it; nothing where it stumbles over a rare value."""
        try:
            [text] = layout.render_bibliography([item]) or [""]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return ""
        return str(text)

    def _at_least(self, key: str) -> str:
        """Something for a work of which a style shows nothing."""
        reference = self._list.source[key]
        known = (reference.get(name) for name in ("title", "container_title", "DOI", "URL"))
        return self._finished(next((str(value) for value in known if value), "n.d."))

    def _citation(self, key: str) -> Any:
        return self._citeproc.Citation([self._citeproc.CitationItem(key)])

    def _cited(self, key: str) -> str:
        citation = self._citation(key)
        citation.bibliography = self._list
        # The next citation is not to be an "ibid." of this one.
        self._list._cites.clear()  # noqa: SLF001
        try:
            return str(self._list.cite(citation, lambda item: item.key))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return ""

    def _add_year_suffixes(self) -> None:
        """Give 2021a, 2021b to works whose citations are the same, in the order of the list."""
        option = "disambiguate-add-year-suffix"
        cites = self._sheet.root.citation
        if str(cites.get(option, "false")).lower() != "true":
            return
        alike: defaultdict[str, list[Any]] = defaultdict(list)
        for item in self._list.items:
            reference = self._list.source[item.key]
            names = reference.get("author") or reference.get("editor")
            if names:
                alike[f"{_sortable(names)}|{_year(reference)}"].append(reference)
        for same in alike.values():
            for place, reference in enumerate(same if len(same) > 1 else ()):
                reference["year_suffix"] = _letters(place)

    def _finished(self, text: str, number: int | None = None) -> str:
        """A text with its marks, and without citeproc-py's slips."""
        text = self._quotes.set_right(" ".join(_CONTROL.sub("", text).split())[:_MANY_LETTERS])
        if number is not None:
            # The number has a column of its own in CSL, which is set apart.
            text = re.sub(rf"^([\[(]?{number}[\]).]*)(?=[^\s\d\]).])\s*", r"\1 ", text)
            text = re.sub(rf"^([\[(]?{number}[\]).]*\s+|)[,;:.]\s*(?=\S)", r"\1", text)
        text = _without_doubles(text)
        for tag, sign in _SIGNS.items():
            text = text.replace(sign, "" if self._form is CiteFormat.TEXT else tag)
        if self._form is CiteFormat.MARKDOWN:
            text = _ADDRESS.sub(_markdown_link, _markdown(text.replace("&amp;", "&")))
        elif self._form is CiteFormat.HTML:
            text = _ADDRESS.sub(_html_link, text)
        return text.translate(_SHOWN[self._form])


class _Quotes:
    """The quotation marks of a locale, and where it wants full stops and commas."""

    def __init__(self, root: Any) -> None:
        self._open, self._close, self._open_inside, self._close_inside = (
            str(root.get_single_term(name=name))
            for name in ("open-quote", "close-quote", "open-inner-quote", "close-inner-quote")
        )
        self._inside = str(root.get_locale_option("punctuation-in-quote")).lower() == "true"
        closing = re.escape(self._close)
        self._mark = re.compile(rf"([.,?!]?){_TAGS}{closing}{_TAGS}([.,])")

    def set_right(self, text: str) -> str:
        """The text with quotation marks inside others of the other kind, and marks inside them."""
        if any(sign in text for sign in QUOTES):
            text = self._nested(text)
        return self._mark.sub(self._moved, text) if self._inside and self._close else text

    def _nested(self, text: str) -> str:
        outside = dict(zip(QUOTES, (self._open, self._close, "‘", "’")))
        inside = dict(zip(QUOTES, (self._open_inside, self._close_inside) * 2))
        depth = 0
        out = []
        for char in text:
            out.append((inside if depth else outside).get(char, char))
            # A closing mark may be an apostrophe, too; then what it closes is not known.
            if char == self._open:
                depth = 1
            elif char == self._close and self._close != "’":
                depth = 0
        return "".join(out)

    def _moved(self, found: re.Match[str]) -> str:
        before, tags, after, mark = found.groups()
        if before and (before == mark or (before in "?!" and mark == ".")):
            mark = ""
        elif before in ("?", "!"):
            return found.group()
        return f"{before}{mark}{tags}{self._close}{after}"


def _with_quotes(title: str) -> str:
    """A title with signs for its quotation marks, but not for its apostrophes."""
    if not any(mark in title for mark in '"“‘'):
        return title
    title = _QUOTED.sub(
        lambda found: f"{_DOUBLE}{found.group(1) or found.group(2) or ''}{_DOUBLE_END}", title
    )
    return _SINGLY_QUOTED.sub(rf"{_SINGLE}\1{_SINGLE_END}", title)


def _without_doubles(text: str) -> str:
    """A text with one full stop where two meet, and none after a question mark."""
    text = re.sub(rf"(?<!\.)\.{_TAGS}\.(?!\.)", r".\1", text)
    text = re.sub(r"(?<!\.)\. +\.(?= [^.]|$)", ".", text)
    text = re.sub(rf"([?!]){_TAGS}\.(?=\s|$|<)", r"\1\2", text)
    text = re.sub(r"([?!][’”'\"]+)\.(?=\s|$)", r"\1", text)
    text = re.sub(r",(?=[.,;])|;(?=[.;])", "", text)
    return re.sub(r"[ \t]+(?=[,;](?:\s|$)|\.$)", "", text)


def _sortable(names: Iterable[Mapping[str, str]]) -> str:
    return ";".join(
        f"{name.get('family', '')},{name.get('given', '')[:1]},{name.get('literal', '')}"
        for name in names
    )


def _year(reference: Mapping[str, Any]) -> str:
    issued = reference.get("issued")
    return "" if issued is None else str(issued.get("year") or issued.get("begin") or "")


def _letters(place: int) -> str:
    """`a` to `z`, then `aa`, `ab`, …"""
    letters = ""
    place += 1
    while place > 0:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _with_signs(value: object, *, titles: bool = False) -> object:
    """A value with signs for all marks in its texts, but for no-case spans, which are known.

    In titles quotation marks are marks, too.
    """
    if isinstance(value, dict):
        return {name: _with_signs(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_signs(inner) for inner in value]
    if not isinstance(value, str):
        return value
    if _TEXT.isdisjoint(value):
        return _with_quotes(value) if titles else value
    opening, closing = _SIGNS[_SMALL_CAPS], _SIGNS["</span>"]
    value = _SMALL_CAPITALS.sub(rf"{opening}\1{closing}", value)
    for tag, sign in _SIGNS.items():
        if "span" not in tag:
            value = value.replace(tag, sign)
    pieces = _NO_CASE.split(value)
    for index in range(0, len(pieces), 2):
        piece = pieces[index].translate(_HIDDEN)
        pieces[index] = _with_quotes(piece) if titles else piece
    return "".join(pieces)


def _cut(address: str) -> tuple[str, str]:
    """An address, and the marks behind it that belong to the sentence."""
    bare = address.rstrip(".,;:!?’”'\"")
    if bare.endswith(")") and bare.count("(") < bare.count(")"):
        bare = bare[:-1]
    return bare, address[len(bare) :]


def _markdown_link(found: re.Match[str]) -> str:
    address, rest = _cut(found.group())
    return f"<{address.translate(_PLAIN)}>{rest}"


def _html_link(found: re.Match[str]) -> str:
    address, rest = _cut(found.group())
    quoted = address.replace('"', "%22")
    return f'<a href="{quoted}">{address}</a>{rest}'


def _markdown(reference: str) -> str:
    for tag, mark in (("i", "*"), ("b", "**"), ("sup", "^"), ("sub", "~")):
        reference = reference.replace(f"<{tag}>", mark).replace(f"</{tag}>", mark)
    return reference
