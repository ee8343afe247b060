"""What every importer of tagged lines makes of hostile values: nothing that is seen afterwards."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman import plugins
from refman.model import Date, Name, Record, stated
from refman.ports import ImportOptions
from refman.text.reading import TextInput

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
SHAPES = {
    "nbib": (
        "PMID- 1",
        "{tag:<4}- {value}",
        "TI AB FAU AD AUID AU CN JT DP PG PL PT AID LID RIN GR",
    ),
    "enw": ("%0 Report", "%{tag} {value}", "T X A Q + J D P U R @ K Z F 9 1"),
    "wos": ("PT J", "{tag} {value}", "TI AB AU AF C1 OI SO PD BP PS DI UT DE CR PU SN CA"),
    "ovid": ("<1. >", "{tag}  - {value}", "TI AB AU ED IN SO BT PB PT YR DG IS DI UI KW LG ZZ"),
    "refworks": ("RT Patent", "{tag} {value}", "T1 AB A1 A2 AD JF FD SP SN UL K1 NO U1 U2 CL"),
}


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=20, deadline=None)
@given(
    data=st.data(),
    value=st.text(max_size=60).map(lambda text: f"a\x1b[31m{text}\x9bCafe\u0301"),
)
def test_values_are_normal_unicode_without_control_characters(
    name: str, data: st.DataObject, value: str
) -> None:
    first, shape, tags = SHAPES[name]
    used = data.draw(st.lists(st.sampled_from(tags.split()), min_size=1, max_size=8))
    text = "\n".join([first, *(shape.format(tag=tag, value=value) for tag in used)])
    source = TextInput(io.BytesIO(text.encode("utf-8", "surrogatepass")), "x")
    for record in plugins.importer(name).read(source, ImportOptions()):
        if isinstance(record, Record):
            for one in _texts(record):
                assert _CONTROL.search(one) is None, one
                assert unicodedata.is_normalized("NFC", one), one


def _texts(record: Record) -> list[str]:
    found = [text for _, text in record.verbatim]
    for field, value in stated(record.description):
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Name):
                found += [one.display, *one.affiliation]
            elif isinstance(one, Date):
                found.append(one.edtf)
            elif isinstance(one, str):
                found.append(one)
            elif field == "extra":
                found.append(one.value)
    return found
