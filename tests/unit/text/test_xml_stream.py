"""XML files as they come, and as nobody should send them."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.text.xml_stream import (
    MAX_ENTRY,
    MAX_FAULTS,
    XmlEntry,
    XmlFault,
    local_name,
    xml_children,
    xml_entries,
)
from tests.growth import assert_grows_linearly

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def read(data: str | bytes, *names: str) -> list[tuple[int, str]]:
    """The line and text of each entry; a fault as its line and reason."""
    raw = data.encode() if isinstance(data, str) else data
    found = []
    for one in xml_entries(io.BytesIO(raw), names or ("r",)):
        if isinstance(one, XmlEntry):
            found.append((one.line, "".join(map(str, one.element.itertext()))))
        else:
            found.append((one.line, f"! {one.reason}"))
    return found


def faults(data: str | bytes) -> list[XmlFault]:
    raw = data.encode() if isinstance(data, str) else data
    return [one for one in xml_entries(io.BytesIO(raw), ("r",)) if isinstance(one, XmlFault)]


def test_entries_come_with_their_lines() -> None:
    text = f"{HEAD}<xml>\n<records>\n<r>one</r><r>two</r>\n\n<r>\n<t>three</t></r></records></xml>"
    assert read(text) == [(4, "one"), (4, "two"), (6, "\nthree")]


def test_namespaces_and_prefixes_do_not_matter() -> None:
    text = '<m:c xmlns:m="urn:m" xmlns="urn:d"><m:r>1</m:r><r>2</r><r xmlns="">3</r></m:c>'
    assert [said for _, said in read(text)] == ["1", "2", "3"]


def test_a_prefix_that_is_not_declared_does_no_harm() -> None:
    entries = list(xml_entries(io.BytesIO(b"<c><z:r>1</z:r><z:r>2</z:r></c>"), ("r",)))
    assert [local_name(one.element) for one in entries if isinstance(one, XmlEntry)] == ["r", "r"]
    assert len(entries) == 2


def test_an_entry_in_an_entry_of_another_name_is_a_part_of_it() -> None:
    text = "<c><q><r>inner</r></q><r>outer</r></c>"
    assert [said for _, said in read(text, "q", "r")] == ["inner", "outer"]


def test_comments_and_instructions_are_no_text() -> None:
    assert read("<c><r>a<!-- b --><?c d?>e</r></c>") == [(1, "ae")]


def test_lines_beyond_65535() -> None:
    assert read("<c>" + "\n" * 70_000 + "<r>x</r></c>") == [(70_001, "x")]


def test_the_children_of_the_root() -> None:
    def children(text: str) -> list[tuple[int, str]]:
        found = xml_children(io.BytesIO(text.encode()), "RDF")
        return [
            (one.line, local_name(one.element) if isinstance(one, XmlEntry) else "!")
            for one in found
        ]

    text = '<r:RDF xmlns:r="urn:r">\n<a><b/></a>\n<r:c x="1"/>{}</r:RDF>'
    assert children(text.format("")) == [(2, "a"), (3, "c")]
    assert children(text.format("<d><e></d>\n<f/>")) == [(2, "a"), (3, "c"), (3, "!")]
    assert children("<other><a/></other>") == []


# Entities


def test_billion_laughs_stay_words() -> None:
    lol = "".join(
        f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">\n' if n else '<!ENTITY lol0 "lol">\n'
        for n in range(10)
    )
    text = f'<?xml version="1.0"?>\n<!DOCTYPE c [\n{lol}]>\n<c>\n<r a="&lol9;">&lol9;</r></c>'
    entries = xml_entries(io.BytesIO(text.encode()), ("r",))
    entry = next(entries)
    assert isinstance(entry, XmlEntry)
    assert entry.element.text == entry.element.get("a") == "&lol9;"
    assert entry.line == 15
    assert not list(entries)


def test_quadratic_blow_up_is_left_alone() -> None:
    text = f'<!DOCTYPE c [<!ENTITY a "{"a" * 50_000}">]><c><r>{"&a;" * 50_000}</r></c>'
    ((_, said),) = read(text)
    assert said == "&a;" * 50_000


def test_external_entities_are_not_loaded(tmp_path: object) -> None:
    text = (
        '<!DOCTYPE c SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/hostname">'
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!-- ]> -->]><c><r>&x;</r></c>'
    )
    assert read(text) == [(1, "&x;")]


def test_plain_entities_of_the_file_and_of_html_are_put_in() -> None:
    text = (
        "<!DOCTYPE c [<!ENTITY auml \"ä\"><!ENTITY me 'M &#233; E'>]>"
        '<c><r a="&nbsp;">&auml;|&ouml;|&foo;|&lt;&amp;|a & b|x?a=1&b=2|&LT;|&me;</r></c>'
    )
    ((_, said),) = read(text)
    assert said == "ä|ö|&foo;|<&|a & b|x?a=1&b=2|<|M é E"


def test_cdata_is_taken_as_it_is() -> None:
    assert read("<c><r><![CDATA[a & b &nbsp; <i>]]>&nbsp;</r></c>") == [(1, "a & b &nbsp; <i>\xa0")]


# Characters


def test_characters_that_xml_does_not_have_are_left_out() -> None:
    assert read("<c><r>a\0b\x1b[31mc&#0;&#x1b;&#xFFFF;d&#xe9;</r></c>") == [(1, "ab[31mcdé")]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str
)
def test_encodings_by_their_mark(encoding: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>\n<c><r>Ñandú 東京 𝛼</r></c>'
    assert read(text.encode(encoding)) == [(2, "Ñandú 東京 𝛼")]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "shift_jis", "utf-8", "x-no"])
def test_encodings_as_declared(encoding: str) -> None:
    word = "東京" if encoding == "shift_jis" else "café"
    codec = "utf-8" if encoding == "x-no" else encoding
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<c><r>{word}</r></c>'
    assert read(text.encode(codec)) == [(2, word)]


def test_bytes_that_are_not_utf_8_are_told() -> None:
    found = read("<c>\n<r>é</r>\n<r>".encode() + b"caf\xe9 \x96</r></c>")
    assert found[:2] == [(2, "é"), (3, "café –")]
    assert found[2][0] == 3
    assert "not valid UTF-8 (byte 0xe9)" in found[2][1]


def test_line_ends_of_all_kinds() -> None:
    assert read("<c>\r\n<r>1</r>\r<r>2</r>\n<r>3</r></c>") == [(2, "1"), (3, "2"), (4, "3")]


# What is ill-formed


def test_an_ill_formed_entry_costs_that_entry_only() -> None:
    text = "<c><d>\n<r>1</r>\n<r><b>2</r>\n<r>3</r>\n</d></c>"
    found = read(text)
    assert [line for line, _ in found] == [2, 3, 4]
    assert found[2] == (4, "3")
    assert found[1][1].startswith("! not well-formed: opening and ending tag mismatch")
    assert faults(text)[0].raw == "<r><b>2</r>"


def test_the_first_entry_may_be_the_broken_one() -> None:
    text = '<m:c xmlns:m="urn:m">\n<m:r><b>1</m:r>\n<m:r>2</m:r><m:r>3</m:r></m:c>'
    assert [line for line, _ in read(text)] == [2, 3, 3]


@pytest.mark.parametrize("end", ["", "\n"])
def test_in_one_long_line_the_broken_entry_alone_is_lost(end: str) -> None:
    entries = [f"<r><t>é {n}</t></r>{end}" for n in range(40_000)]
    for broken in (20_000, 30_001, 30_002):
        entries[broken] = f"<r><t>{broken}</r>{end}"
    found = read("<c><d>" + "".join(entries) + "</d></c>")
    assert sum(said.startswith("!") for _, said in found) == 3
    assert len(found) == 40_000
    assert found[-1][1] == "é 39999"


def test_namespaces_that_are_no_names_do_not_stop_it() -> None:
    text = '<c xmlns:x\u00b2="urn:a" xmlns:ok="urn:&#1;<" xmlns:="b">\n<r><b>1</r>\n<r>2</r></c>'
    assert (3, "2") in read(text)


def test_a_file_that_is_cut_off() -> None:
    text = "<c>\n<r>1</r>\n<r><t>2"
    (_, one), (line, reason) = read(text)
    assert one == "1"
    assert line == 3
    assert "premature end" in reason
    assert faults(text)[0].raw == "<r><t>2"


def test_files_put_together_lose_no_entry() -> None:
    text = f"{HEAD}<c>\n<r>1</r></c>\n{HEAD}<c>\n<r>2</r></c>\n"
    assert [said for _, said in read(text) if not said.startswith("!")] == ["1", "2"]
    assert [fault.partial for fault in faults(text)] == [True]
    assert [fault.partial for fault in faults("<r>1</r>\n<r>2</r>")] == [True]


def test_an_entry_that_is_never_closed_keeps_the_next_ones() -> None:
    found = read("<c>\n<r>1\n<r>2</r>\n<r>3</r>\n</c>")
    assert [line for line, said in found if not said.startswith("!")] == [3, 4]
    assert sum(said.startswith("!") for _, said in found) == 1


def test_deep_nesting_costs_the_entry() -> None:
    deep = "<b>" * 300 + "x" + "</b>" * 300
    found = read(f"<c>\n<r>{deep}</r>\n<r>2</r>\n<r>{deep[:210]}{'</b>' * 70}</r>\n<r>4</r></c>")
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert "depth" in found[0][1]
    assert "too deeply" in found[2][1]


def test_no_xml_at_all() -> None:
    for data in (b"", b"   \n", b"hello", b'{"a": 1}', b"\x00\xff\x00", b"%PDF-1.4 <<"):
        fault = faults(data)[0]
        assert fault.line in (1, 2)
        assert "XML" in fault.reason or "well-formed" in fault.reason


def test_small_files_with_a_declaration() -> None:
    assert read('<?xml version="1.0" encoding="latin-1"?><r/>') == [(1, "")]
    assert read('<?xml version="1.1"?>\n<!DOCTYPE r>\n<r/>') == [(3, "")]


class _Endless(io.RawIOBase):
    """Much of the same, made as it is read."""

    def __init__(self, *parts: tuple[bytes, int]) -> None:
        self._parts = list(parts)

    def read(self, size: int = -1) -> bytes:
        if not self._parts:
            return b""
        part, times = self._parts[0]
        taken = max(1, min(times, 100_000 // len(part)))
        if taken == times:
            self._parts.pop(0)
        else:
            self._parts[0] = (part, times - taken)
        return part * taken


def endless(*parts: tuple[bytes, int]) -> Iterator[XmlEntry | XmlFault]:
    return xml_entries(cast(BinaryIO, _Endless(*parts)), ("r",))


def test_memory_is_that_of_an_entry_not_of_the_file() -> None:
    entry = b"<w>\n<r><t>A title</t><u>http://example.org</u></r></w>\n"
    tracemalloc.start()
    count = last = 0
    for one in endless((b"<c>", 1), (entry, 8_000), (b"</c>", 1)):
        count += 1
        last = one.line
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, last) == (8_000, 16_000)
    assert peak < 8_000_000


def test_an_entry_over_the_bound_is_told_and_passed_over() -> None:
    filler = b"<t>0123456789012345</t>"
    found = list(
        endless(
            (b"<c>\n<r>1</r>\n<r>", 1),
            (filler, MAX_ENTRY * 5 // 4 // len(filler)),
            (b"</r>\n<r>3</r></c>", 1),
        )
    )
    assert [one.line for one in found] == [2, 3, 4]
    assert isinstance(found[1], XmlFault)
    assert "over 16 MB" in found[1].reason
    assert len(found[1].raw) <= 100_000


def test_a_file_of_nothing_but_faults_is_given_up() -> None:
    found = list(endless((b"<c>", 1), (b"<r><b></r>", 300_000)))
    assert len(found) <= MAX_FAULTS + 1
    assert "the rest is not read" in cast(XmlFault, found[-1]).reason


@pytest.mark.parametrize(
    "unit",
    ["<!--", "<![CDATA[", "<?", "<!DOCTYPE c [", "<!ENTITY a '", "&", "&#", "<r ", "</r", '"'],
)
def test_no_mark_repeated_takes_long(unit: str) -> None:
    for head in ("", "<c><r>1</r>", "<!DOCTYPE c [", "<c><r>"):
        assert_grows_linearly(lambda size, head=head: read(head + unit * size), 1000)  # type: ignore[misc]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<c> </c> <r> </r> <r/> <b> </b> & &amp; &x; <!-- --> <![CDATA[ ]]> \n é".split(" ")
        ),
        max_size=40,
    )
)
def test_anything_is_read_without_an_exception(parts: list[str]) -> None:
    list(xml_entries(io.BytesIO("".join(parts).encode()), ("r",)))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    list(xml_entries(io.BytesIO(b"<c><r>" + data + b"</r></c>"), ("r",)))
