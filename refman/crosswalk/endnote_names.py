"""Names as EndNote has them, both ways: `Family, Given, Suffix`.

EndNote takes a name for an organisation's if a comma ends it, and doubles the first comma of one
that has a comma of its own: `University of California,, Berkeley`.
"""

from __future__ import annotations

from lxml import etree

from refman.crosswalk.endnote_marks import text_of
from refman.crosswalk.ris_values import one_line
from refman.model import Name
from refman.text.names import parse_name


def read_author(element: etree._Element) -> Name | None:
    """The name in an `<author>`, by its text, else by its attributes."""
    corporate = one_line(element.get("corp-name") or "")
    text = one_line(text_of(element))
    if corporate and text in ("", corporate):
        return Name(literal=corporate)
    if not text.strip(" ,;."):
        family, given = (one_line(element.get(key) or "") for key in ("last-name", "first-name"))
        text = ", ".join(part for part in (family, given) if part)
    return name_from_text(text)


def name_from_text(text: str) -> Name | None:
    """The name that a text gives; None where it gives none."""
    if not text.strip(" ,;."):
        return None
    if ",," in text:
        return Name(literal=text.replace(",,", ",", 1).strip(" ;"))
    if text.endswith(",") and text.count(",") == 1:
        return Name(literal=text.strip(" ,;"))
    return parse_name(text)


def author_text(name: Name) -> str:
    """A name as EndNote, Zotero and Mendeley read it back."""
    if name.literal is None:
        return name.inverted
    if "," in name.literal:
        return name.literal.replace(",", ",,", 1)
    return f"{name.literal}," if " " in name.literal else name.literal
