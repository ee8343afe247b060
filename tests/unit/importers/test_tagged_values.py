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
from refman.ports import ImportOptions, Problem
from refman.text.reading import TextInput

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
SHAPES = {
    "nbib": (
        "PMID- 1",
        "{tag:<4}- {value}",
        "PMID TI BTI AB FAU AD AUID AU CN JT DP PG IS PL PT AID LID RIN UOF OID GR ZZ",
    ),
    "enw": (
        "%0 Report",
        "%{tag} {value}",
        "0 T X A B E S Q + J D 8 P N V U R @ [ 7 ? ! * < & K Z F 9 1 2",
    ),
    "wos": (
        "PT J",
        "{tag} {value}",
        "PT TI AB AU AF DT C1 OI SO PD PY BP EP PS DI AE BN ID UT DE CR PU SN CA XX",
    ),
    "ovid": (
        "<1. >",
        "{tag}  - {value}",
        "AN TI AB AU FA ED IN SO JN BT PB PT YR DG DP IS DI UI KW LG ZZ",
    ),
    "refworks": (
        "RT Patent",
        "{tag} {value}",
        "RT T1 T2 AB A1 A2 AD JF YR FD SP OP SN DO UL K1 NO U1 U2 CL ED PB",
    ),
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


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_values_come_out_as_records_or_problems(name: str, data: st.DataObject) -> None:
    _, shape, tags = SHAPES[name]
    field = st.tuples(st.sampled_from(tags.split()), st.text(max_size=40))
    fields = data.draw(st.lists(field, max_size=12))
    text = "\n".join(shape.format(tag=tag, value=value) for tag, value in fields)
    source = TextInput(io.BytesIO(text.encode("utf-8", "surrogatepass")), "x")
    for item in plugins.importer(name).read(source, ImportOptions()):
        assert isinstance(item, (Record, Problem))


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
