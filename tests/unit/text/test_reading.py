"""Bytes as lines, in whatever encoding and in whatever pieces they come."""

from __future__ import annotations

import gzip
import io
import random
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import InputError
from refman.text import packed, reading
from refman.text.reading import SAMPLE_BYTES, TextInput
from tests.growth import assert_grows_linearly


class _Drip(io.RawIOBase):
    """A pipe: it gives what it has, a few bytes at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes, self._reads = data, sizes or [1], 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        step = self._sizes[self._reads % len(self._sizes)]
        self._reads += 1
        if size >= 0:
            step = min(step, size)
        piece, self._data = self._data[:step], self._data[step:]
        return piece

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _input(data: bytes, sizes: list[int] | None = None) -> TextInput:
    stream: BinaryIO = io.BytesIO(data)
    if sizes is not None:
        stream = _Drip(data, sizes)  # type: ignore[assignment]
    return TextInput(stream, "x.bib")


def _lines(data: bytes, sizes: list[int] | None = None) -> list[str]:
    return list(_input(data, sizes).lines())


_TEXT = st.text(
    st.one_of(st.sampled_from("\r\n\u2028\x85\x0b\x0c é𝔘aa"), st.characters(codec="utf-8")),
    max_size=40,
)


def _by_newline(text: str) -> list[str]:
    pieces = text.split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


@settings(max_examples=150, deadline=None)
@given(
    text=_TEXT,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le-mark", "utf-16-be-mark"]),
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    chunk=st.integers(1, 7),
)
def test_lines_are_the_same_however_they_come(
    text: str, encoding: str, sizes: list[int], chunk: int
) -> None:
    if encoding.endswith("-mark"):
        data = ("\ufeff" + text).encode(encoding.removesuffix("-mark"))
    else:
        data = text.encode(encoding)
    if encoding != "utf-8" or not text.startswith("\ufeff"):
        expected = _by_newline(text.replace("\r\n", "\n").replace("\r", "\n"))
    else:
        expected = _by_newline(text[1:].replace("\r\n", "\n").replace("\r", "\n"))
    with pytest.MonkeyPatch.context() as patch:
        # So that line ends and characters are cut in two.
        patch.setattr(reading, "_CHUNK", chunk)
        patch.setattr(reading, "SAMPLE_BYTES", chunk + 3)
        source = _input(data, sizes)
        assert list(source.lines()) == expected
        assert source.mistake is None
        assert _input(data, sizes).text() == "".join(expected)
        assert _input(data, sizes).binary().read() == data


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_at_every_border_of_a_chunk(end: bytes) -> None:
    for length in range(SAMPLE_BYTES - 3, SAMPLE_BYTES + 3):
        data = b"a" * length + end + b"b" + end
        assert _lines(data) == ["a" * length + "\n", "b\n"]
    for length in range(SAMPLE_BYTES + reading._CHUNK - 2, SAMPLE_BYTES + reading._CHUNK + 2):
        data = b"a" * length + end + end + b"b"
        assert _lines(data) == ["a" * length + "\n", "\n", "b"]


def test_lines_that_are_no_utf_8_are_read_as_what_they_look_like_and_told() -> None:
    source = _input("fine é\n".encode() + b"Caf\xe9 \x93quoted\x94\nM\xfcller\n")
    assert list(source.lines()) == ["fine é\n", "Café “quoted”\n", "Müller\n"]
    assert source.mistake is not None
    assert "line 2" in source.mistake
    assert "0xe9" in source.mistake
    assert "such lines were read as Windows-1252" in source.mistake


def test_odd_lines_far_behind_the_head_are_judged_by_those_around_them() -> None:
    good = "Müller, größer é\n".encode() * 6000
    data = good + "Dvořák a Říha píší česky\nZażółć gęślą jaźń\n".encode("cp1250") + good
    source = _input(data)
    lines = list(source.lines())
    assert lines[0] == lines[-1] == "Müller, größer é\n"
    assert lines[6000:6002] == ["Dvořák a Říha píší česky\n", "Zażółć gęślą jaźń\n"]
    assert source.mistake is not None
    assert "line 6001" in source.mistake
    assert "such lines were read as Windows-1250" in source.mistake


def test_bytes_that_no_encoding_has_do_not_stop_it() -> None:
    assert _lines(b"Caf\xe9 \xe0 la\na\x81b\n") == ["Café à la\n", "a\ufffdb\n"]


@pytest.mark.parametrize(
    ("encoding", "label", "text"),
    [
        ("cp932", "Shift JIS", "マイクロ波レーダーによる計測\n後藤 眞二\n日本語の題名\n"),
        ("euc_jp", "EUC-JP", "マイクロ波レーダーによる計測\n後藤 眞二\n日本語の題名\n"),
        ("gb18030", "GB 18030", "模糊测试技术研究\n中国经济增长的动力与结构转型\n"),
        ("big5", "Big5", "臺灣高等教育政策之研究\n國民小學教師專業發展\n"),
        ("euc_kr", "EUC-KR", "한국 경제의 구조 변화에 관한 연구\n김철수, 이영희\n"),
        ("koi8_r", "KOI8-R", "Экономический рост в России\nИванов И. И.\n"),
        ("cp1251", "Windows-1251", "Экономический рост в России\nИванов И. И.\n"),
        ("cp1253", "Windows-1253", "Η εκπαιδευτική πολιτική στην Ελλάδα\n"),
        ("cp1252", "Windows-1252", "Théorie générale — l’évolution\nMüller, Jörg\n"),
        ("mac_roman", "Mac Roman", "Théorie générale — l’évolution\nMüller, Jörg\n"),
        ("cp1250", "Windows-1250", "Vývoj české literatury\nDvořák, Šimon\nŁódź\n"),
        ("cp1254", "Windows-1254", "Türkiye'de eğitim politikaları\nYıldız, Ayşe\n"),
    ],
)
def test_other_encodings_are_guessed_and_told(encoding: str, label: str, text: str) -> None:
    ascii_lines = "@article{key,\n  year = {2010},\n"
    source = _input((ascii_lines + text).encode(encoding))
    assert source.head_text == ascii_lines + text
    assert "".join(source.lines()) == ascii_lines + text
    assert source.mistake is not None
    assert "line 3 is not valid UTF-8" in source.mistake
    assert f"read as {label}, at a guess" in source.mistake


def test_what_a_file_declares_itself_to_be_is_no_mistake() -> None:
    text = "% Encoding: ISO-8859-2\n\n@book{a, author = {Ładoń}}\n"
    source = _input(text.encode("iso8859-2"))
    assert "".join(source.lines()) == text
    assert source.mistake is None
    for line in ("% -*- coding: latin-1 -*-", "% !TeX encoding = ISO-8859-1", "%Encoding: Cp1252"):
        assert _lines(f"{line}\nGarc\u00eda\n".encode("latin-1"))[1] == "García\n"


@pytest.mark.parametrize(
    "declared", ["UTF8", "nonsense", "rot13", "base64", "idna", "utf_7", "undefined", "hz"]
)
def test_what_cannot_be_meant_is_not_believed(declared: str) -> None:
    source = _input(f"% Encoding: {declared}\nGarc\u00eda, Jos\u00e9\n".encode("latin-1"))
    assert list(source.lines())[1] == "García, José\n"
    assert source.mistake is not None


def test_a_declaration_does_not_outdo_good_utf_8() -> None:
    text = "% Encoding: ISO-8859-1\nGarcía “x”\n"
    source = _input(text.encode())
    assert "".join(source.lines()) == text
    assert source.mistake is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark(encoding: str) -> None:
    text = "TY  - JOUR\r\nTI  - Über 日本\r\nER  - \r\n"
    source = _input(text.encode(encoding))
    assert not source.is_binary
    assert source.head_text == text
    assert "".join(source.lines()) == text.replace("\r\n", "\n")
    assert source.mistake is not None
    assert "UTF-16" in source.mistake


def test_utf_32_by_its_mark() -> None:
    assert _lines("\ufeffTitle é\n".encode("utf-32-le")) == ["Title é\n"]


@pytest.mark.parametrize("pattern", [b"\x81", b"\xe9 ", bytes(range(128, 256)), b"\x81\n", b"\xd0"])
def test_time_grows_with_the_input(pattern: bytes) -> None:
    assert_grows_linearly(lambda size: _lines(pattern * size), 4_000)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200).filter(lambda data: not data.startswith(packed.MAGIC)))
def test_any_bytes_are_read(data: bytes) -> None:
    source = _input(data)
    assert isinstance(source.head_text, str)
    for line in source.lines():
        assert line


def test_a_mark_in_the_middle_is_text() -> None:
    assert _lines("a\n\ufeffb\n".encode()) == ["a\n", "\ufeffb\n"]


def test_a_line_that_is_too_long_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 2 << 20)
    for data in (b"a" * (3 << 20), b"ok\n" + b"a" * (3 << 20)):
        with pytest.raises(InputError, match="line of over 2 MB"):
            _lines(data)
    with pytest.raises(InputError, match="line of over 2 MB"):
        _lines(("\ufeff" + "a" * (3 << 20)).encode("utf-16-le"))
    assert len(_lines(b"a" * (1 << 20))) == 1


def test_what_must_be_read_whole_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_TEXT", 1000)
    with pytest.raises(InputError, match="too large"):
        _input(b"line\n" * 300).text()
    assert len(_input(b"line\n" * 100).text()) == 500


@pytest.mark.parametrize(
    ("data", "binary"),
    [
        (b"@article{a, title={x}}", False),
        ("日本語の題名".encode(), False),
        ("title".encode("utf-16"), False),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", True),
        (b"%PDF-1.7\n\x00\x01\x02", True),
        (bytes(range(256)) * 10, True),
        (b"text\twith\x1b[31m colours\x0c and pages", False),
        (b"", False),
    ],
)
def test_tells_text_from_other_files(data: bytes, binary: bool) -> None:
    assert _input(data).is_binary is binary


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe \x00"]
)
def test_tells_that_nothing_is_in_it(data: bytes) -> None:
    assert _input(data).is_empty


def test_the_head_leaves_out_a_character_that_was_cut() -> None:
    data = "é".encode() * SAMPLE_BYTES
    source = _input(b"a" + data)
    assert source.head_text == "a" + "é" * ((SAMPLE_BYTES - 1) // 2)
    assert len(source.head) == SAMPLE_BYTES
    assert source.name == "x.bib"
    assert _input(data, [7, 1000]).head == data[:SAMPLE_BYTES]


# Packed


def test_what_is_packed_is_read_as_what_it_holds() -> None:
    text = "TY  - JOUR\nTI  - Über\n" * 5000
    raw = text.encode()
    whole = gzip.compress(raw)
    for data, sizes in (
        (whole, None), (whole, [1, 700]), (gzip.compress(raw[:50]) + gzip.compress(raw[50:]), None)
    ):  # fmt: skip
        source = _input(data, sizes)
        assert source.head == raw[:SAMPLE_BYTES]
        assert not source.is_binary
        assert "".join(source.lines()) == text
    assert _input(whole).binary().read() == raw


@pytest.mark.parametrize("cut", [1, 9, 400])
def test_a_damaged_gzip_file_is_told(cut: int) -> None:
    data = gzip.compress(random.Random(1).randbytes(300_000).hex().encode())
    with pytest.raises(InputError, match=r"x\.bib is a damaged gzip file"):
        list(_input(data[: -100 * cut]).lines())
    with pytest.raises(InputError, match="damaged"):
        list(_input(packed.MAGIC + b"nonsense" * 10).lines())
    with pytest.raises(InputError, match="damaged"):
        list(_input(data[:1000] + b"\xff" * 100 + data[1100:]).lines())


def test_a_gzip_bomb_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "FREE_SIZE", 1 << 18)
    with pytest.raises(InputError, match="more than a bibliography of its size could"):
        list(_input(gzip.compress(b"line\n" * 1_000_000)).lines())
    assert len(_lines(gzip.compress(b"line\n" * 50_000))) == 50_000
