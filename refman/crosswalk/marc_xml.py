"""The `<record>` of MARCXML, and of PICA XML, which has the same elements, as fields."""

from __future__ import annotations

from lxml import etree

from refman.crosswalk.marc_fields import Field, MarcRecord
from refman.text.xml_elements import attribute, child_text, children


def record_from_xml(record: etree._Element) -> MarcRecord:
    """Leader, control fields and data fields; white space in values is single blanks."""
    data = tuple(
        Field(
            attribute(field, "tag"),
            f"{_indicator(field, 'ind1')}{_indicator(field, 'ind2')}",
            tuple(
                (attribute(one, "code"), " ".join("".join(map(str, one.itertext())).split()))
                for one in children(field, "subfield")
            ),
        )
        for field in children(record, "datafield")
    )
    control = tuple(
        (attribute(field, "tag"), "".join(map(str, field.itertext())))
        for field in children(record, "controlfield")
    )
    return MarcRecord(child_text(record, "leader"), control, data)


def _indicator(field: etree._Element, name: str) -> str:
    return (attribute(field, name) or " ")[:1]
