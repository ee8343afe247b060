"""Formatted references and citations of works, as a style has them."""

from __future__ import annotations

from collections.abc import Iterable

from refman.crosswalk.bibliography import Bibliography, CiteFormat
from refman.model import Work
from refman.rules.citing_view import for_citing
from refman.rules.journal_names import JournalNames

__all__ = ["CiteFormat", "cite", "cite_in_text", "style_names"]


def cite(
    works: Iterable[Work],
    style: str,
    form: CiteFormat,
    locale: str | None = None,
    journals: JournalNames | None = None,
) -> list[str]:
    """The references as a style formats them, in the style's order.

    `style` is the name of one of the CSL project's, or a file; `journals` says how journals are
    abbreviated by styles that want that. Raises `UsageError` for a style or a locale that there is
    none of, `InputError` for the file of a style that is none.
    """
    listed = _bibliography(works, style, form, locale, journals)
    return [reference for _, reference in listed.references()]


def cite_in_text(
    works: Iterable[Work], style: str, form: CiteFormat, locale: str | None = None
) -> list[str]:
    """How each work is cited in a text, or in a note, in the order of the works.

    Raises what `cite` raises.
    """
    return _bibliography(works, style, form, locale, None).citations()


def style_names(words: Iterable[str] = ()) -> list[str]:
    """The names of the styles that there are, of those that have all these words."""
    from refman.crosswalk import csl_styles  # noqa: PLC0415

    wanted = [word.lower() for word in words]
    return [name for name in csl_styles.style_names() if all(word in name for word in wanted)]


def _bibliography(
    works: Iterable[Work],
    style: str,
    form: CiteFormat,
    locale: str | None,
    journals: JournalNames | None,
) -> Bibliography:
    return Bibliography((for_citing(work, journals) for work in works), style, form, locale)
