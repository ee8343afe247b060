"""Bills of the United States Congress, as govinfo.gov describes them in MODS.

What makes a citation of a bill stands in an `extension` of govinfo's own: the Congress, the
chamber it began in, its short title, and the part of the United States Code it is about.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from refman.text.xml_elements import attribute, child, child_text, children, text


def read_bill(mods: etree._Element) -> dict[str, Any] | None:
    """The fields of a bill, by name; None where the record is of something else."""
    extension = next(
        (one for one in children(mods, "extension") if child(one, "billNumber") is not None), None
    )
    if extension is None:
        return None
    fields: dict[str, Any] = {
        "title": child_text(extension, "shortTitle") or None,
        "number": _citation(mods) or child_text(extension, "billNumber"),
        "authority": child_text(extension, "originChamber").capitalize() or None,
        "chapter_number": child_text(extension, "congress") or None,
    }
    code = child(extension, "USCode")
    if code is not None:
        sections = [attribute(section, "number") for section in children(code, "section")]
        fields["container_title"] = "U.S.C."
        fields["volume"] = attribute(code, "title") or None
        fields["page"] = ", ".join(filter(None, sections)) or None
    return {name: value for name, value in fields.items() if value}


def _citation(mods: etree._Element) -> str:
    for one in children(mods, "identifier"):
        if attribute(one, "type") == "preferred citation":
            return text(one)
    return ""
