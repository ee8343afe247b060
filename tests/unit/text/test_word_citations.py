"""Citations in Word's files, made here as the programs make them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from refman.text import word_citations as module
from refman.text.citations import Cited
from refman.text.word_citations import word_citations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ITEM = {"id": 12, "type": "book", "title": "The TeXbook", "DOI": "10.1000/knuth"}


def document(body: str) -> str:
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def docx(body: str, **parts: str) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document(body))
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", document(text))
    file.seek(0)
    return file


def field(*instructions: str, result: str = "(Knuth)") -> str:
    """A field as Word writes it: begin, the instruction in pieces, what is shown, end."""
    pieces = "".join(
        f"<w:r><w:instrText>{escape(each)}</w:instrText></w:r>" for each in instructions
    )

    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    shown = f"<w:r><w:t>{escape(result)}</w:t></w:r>"
    return mark("begin") + pieces + mark("separate") + shown + mark("end")


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def found(file: io.BytesIO) -> list[str]:
    """What is cited: keys, or titles where there are none."""
    citations = list(word_citations(file))
    assert all(isinstance(each, Cited) for each in citations)
    return [
        each.key or str((each.item or {}).get("title"))
        for each in citations
        if isinstance(each, Cited)
    ]


def csl(*items: dict[str, object]) -> str:
    return json.dumps({"citationItems": [{"id": 1, "itemData": item} for item in items]})


def test_zotero() -> None:
    text = f" ADDIN ZOTERO_ITEM CSL_CITATION {csl(ITEM, ITEM | {'citation-key': 'knuth1984'})} "
    file = docx(paragraph(field(text[:30], text[30:70], text[70:], result="[@no]")))
    (first, second) = word_citations(file)
    assert first == Cited("", ITEM)
    assert isinstance(second, Cited)
    assert second.key == "knuth1984"


def test_zotero_with_bookmarks() -> None:
    text = f"ZOTERO_ITEM CSL_CITATION {csl(ITEM)}"
    file = docx(paragraph(""))
    properties = "".join(
        f'<property name="ZOTERO_BREF_abc_{number}"><lpwstr>{escape(piece)}</lpwstr></property>'
        for number, piece in ((2, text[40:]), (1, text[:40]), (10, ""))
    )
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("docProps/custom.xml", f"<Properties>{properties}</Properties>")
    assert found(file) == ["The TeXbook"]


def test_mendeley() -> None:
    desktop = paragraph(field(f"ADDIN CSL_CITATION {csl(ITEM)}"))
    tag = "MENDELEY_CITATION_v3_" + base64.b64encode(csl({"title": "Rain"}).encode()).decode()
    inline = paragraph(f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr></w:sdt>')
    block = f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent/></w:sdt>'
    assert found(docx(desktop + inline + block)) == ["The TeXbook", "Rain", "Rain"]


ENDNOTE = """<EndNote><Cite><Author>Knuth</Author><Year>1984</Year><RecNum>7</RecNum><record>
<contributors><authors><author><style face="normal">Knuth, Donald</style></author></authors>
</contributors><titles><title><style>The TeXbook</style></title></titles>
<dates><year>1984</year></dates><electronic-resource-num>10.1000/knuth</electronic-resource-num>
</record></Cite><Cite><Author>Rain</Author><Year>2020</Year></Cite></EndNote>"""


@pytest.mark.parametrize("in_data", [False, True])
def test_endnote(in_data: bool) -> None:
    body = field(f" ADDIN EN.CITE {ENDNOTE}")
    if in_data:
        data = base64.b64encode(ENDNOTE.encode()).decode()
        body = (
            '<w:r><w:fldChar w:fldCharType="begin"><w:fldData xml:space="preserve">'
            f"{data[:76]}\n{data[76:]}</w:fldData></w:fldChar></w:r>"
            "<w:r><w:instrText> ADDIN EN.CITE </w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
    first, second = word_citations(docx(paragraph(body)))
    assert isinstance(first, Cited)
    assert first.item == {
        "DOI": "10.1000/knuth",
        "title": "The TeXbook",
        "author": [{"family": "Knuth", "given": "Donald"}],
        "issued": {"date-parts": [[1984]]},
    }
    assert isinstance(second, Cited)
    assert second.item == {
        "author": [{"literal": "Rain"}],
        "issued": {"date-parts": [[2020]]},
    }


def test_words_own_and_keys_in_the_text_and_notes() -> None:
    own = paragraph(field(r" CITATION Dwi21 \l 1057 \m Knu84 ") + '<w:fldSimple w:instr="PAGE"/>')
    text = paragraph("<w:r><w:t>As [@a</w:t></w:r><w:r><w:t>b2020; @c] say</w:t></w:r>")
    simple = paragraph(r'<w:fldSimple w:instr=" CITATION Sim20 \l 1033 "/>')
    file = docx(own + text + simple, footnotes=paragraph("<w:r><w:t>@note</w:t></w:r>"))
    assert found(file) == ["Dwi21", "Knu84", "ab2020", "c", "Sim20", "note"]


def test_a_field_that_goes_over_paragraphs_and_one_inside_another() -> None:
    inner = field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl(ITEM)}")
    outer = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
    )
    file = docx(
        paragraph(outer + inner) + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + paragraph("<w:r><w:t>@after</w:t></w:r>")
    )  # fmt: skip
    assert found(file) == ["The TeXbook", "after"]


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" + b"\x00" * 40])
def test_what_is_no_document(data: bytes) -> None:
    with pytest.raises(ValueError, match="no document of Word"):
        list(word_citations(io.BytesIO(data)))


def test_another_archive() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(ValueError, match="no document of Word"):
        list(word_citations(file))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("word/document.xml", document(""))
    with pytest.raises(ValueError, match="no document of Word"):
        list(word_citations(file))


def test_damage_anywhere_is_told_as_such() -> None:
    whole = docx(paragraph(field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl(ITEM)}"))).getvalue()
    for place in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 0x5A
        try:
            list(word_citations(io.BytesIO(bytes(damaged))))
        except ValueError as error:
            told = str(error)
        else:
            told = "it is no document of Word, or one that is read"
        assert told.startswith(("it is no document of Word", "it unpacks"))


def test_what_unpacks_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UNPACKED", 1 << 20)
    bomb = docx(paragraph("<w:r><w:t>x</w:t></w:r>") * 60_000)
    assert len(bomb.getvalue()) < 50_000
    with pytest.raises(ValueError, match="unpacks to over 1 MB"):
        list(word_citations(bomb))


def test_entities_are_not_expanded() -> None:
    file = io.BytesIO()
    laughs = "".join(f'<!ENTITY l{i} "&l{i - 1};&l{i - 1};">' for i in range(1, 40))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            f'<w:document xmlns:w="{W}"><w:p><w:t>&l39;&f;</w:t></w:p>'
            "<w:p><w:t>@a</w:t></w:p></w:document>",
        )
    assert set(found(file)) <= {"a"}


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
@example(" ")
@example("\u2029")
def test_no_instruction_breaks_it(text: str) -> None:
    for head in ("ADDIN ZOTERO_ITEM CSL_CITATION ", "ADDIN EN.CITE ", "CITATION ", ""):
        list(word_citations(docx(paragraph(field(head + text)))))
