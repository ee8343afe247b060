"""Input made hostile: real files that are cut, doubled, swapped and stuffed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_TOKENS = re.compile(rb"[A-Za-z0-9_:.-]{2,24}|[^A-Za-z0-9\s]{1,4}")
_NASTY = (
    b"\x00", b"\x00\x00\x00\x00", b"\x1b[31mred\x1b[0m", b"\x1b]0;title\x07", b"\x9b31m", b"\x85",
    b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe9", b"\x93\xfa\x96{", b"\xa4\xb3", b"\r", b"\r\n\r\n",
    b"\n\n\n", b"\x0b", b"\x0c", b"\x1c\x1d\x1e\x1f", b"\t", b" " * 300, "é".encode() * 3,
    "e\u0301\u0301\u0301".encode(), "\U0001f600".encode(), "ﬁ".encode(), "\u2028".encode(),
    b"%s%n%x", b"../../../etc/passwd", b"file:///etc/passwd", b"=cmd|' /C calc'!A0", b"@SUM(1)",
    b"\\input{/etc/passwd}", b"\\def\\x{\\x\\x}\\x", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>",
    b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>", b"&b;&b;&b;", b"&#0;",
    b"&#x110000;", b"&#xD800;", b"<![CDATA[", b"]]>", b"-->", b"<!--", b"<?xml version='1.1'?>",
    b"<script>alert(1)</script>", b"javascript:alert(1)", b"NaN", b"-0", b"1e999", b"9" * 400,
    b"0000-00-00", b"2021-02-31", b"99999-99", b"-5000", b"10.1000/" + b"a" * 400, b"null", b"[]",
    b"{}", b'""', b"\\u0000", b"\\ud800", b'{"a": ', b"}{", b"@string{a = a # a}", b"# # #",
    b"crossref = {dwi2021}", b"ER  - ", b"TY  - ", b"%%EOF", b"endobj", b" and " * 40, b", , ,",
)  # fmt: skip
_BRACKETS = (b"{", b"[", b"(", b"<", b'"', b"<a>", b"{{", b'{"a":', b"[[", b"\\{", b"$", b"<<")
_LONGEST = 400_000


def mutated(seeds: tuple[bytes, ...], random: Random) -> bytes:
    """A seed after some mutations; one time in twelve no seed at all, but bytes of chance."""
    if random.random() < 1 / 12:
        return _noise(random)
    data = random.choice(seeds)
    if random.random() < 0.2:
        data = _splice(data, random.choice(seeds), random)
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        way = random.choice(_WAYS)
        data = way(data, random)[:_LONGEST]
    return data


def _noise(random: Random) -> bytes:
    size = random.choice((0, 1, 10, 100, 3000))
    if random.random() < 0.5:
        return random.randbytes(size)
    return bytes(random.choice(b"\n\t {}[]()<>\"'=,;:#%&\\/|@-0129aAzZ") for _ in range(size))


def _range(data: bytes, random: Random, longest: int = 2000) -> tuple[int, int]:
    begin = random.randrange(len(data) + 1)
    return begin, min(len(data), begin + random.randrange(1 + min(longest, len(data))))


def _splice(one: bytes, other: bytes, random: Random) -> bytes:
    return one[: random.randrange(len(one) + 1)] + other[random.randrange(len(other) + 1) :]


def _cut(data: bytes, random: Random) -> bytes:
    begin, end = _range(data, random)
    return data[:begin] + data[end:]


def _end_early(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _double(data: bytes, random: Random) -> bytes:
    begin, end = _range(data, random)
    return data[:end] + data[begin:end] * random.choice((1, 1, 2, 20)) + data[end:]


def _swap(data: bytes, random: Random) -> bytes:
    a, b, c, d = sorted(random.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _swap_lines(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(min(len(lines), 3)):
        a, b = random.randrange(len(lines)), random.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def _stuff(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(_NASTY) + data[place:]


def _stuff_own(data: bytes, random: Random) -> bytes:
    """One of the file's own words somewhere else: what a parser has a branch for."""
    words: list[bytes] = _TOKENS.findall(data[:20_000])
    if not words:
        return _stuff(data, random)
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(words) + data[place:]


def _replace_own(data: bytes, random: Random) -> bytes:
    """One of the file's own words for another, everywhere."""
    words: list[bytes] = _TOKENS.findall(data[:20_000])
    if not words:
        return data
    old = random.choice(words)
    new = random.choice((random.choice(words), random.choice(_NASTY), b""))
    return data.replace(old, new, random.choice((1, 3, 1000)))


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 3, 30))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _long(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    unit = random.choice((b"a", b"a ", b"0", b",", b"-", b"\\", b".", b"{}", b"=", b"a\n", b"&a;"))
    return data[:place] + unit * random.choice((1_000, 20_000)) + data[place:]


def _deep(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    return (
        data[:place] + random.choice(_BRACKETS) * random.choice((30, 1_000, 20_000)) + data[place:]
    )


def _line_ends(data: bytes, random: Random) -> bytes:
    return data.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\n", b" ", b"", b"\x00\n")))


def _other_encoding(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    name = random.choice(("latin-1", "cp1252", "utf-16", "utf-16-be", "shift_jis", "gb18030"))
    return text.encode(name, errors="replace")


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut, _cut, _end_early, _double, _swap, _swap_lines, _stuff, _stuff, _stuff_own, _stuff_own,
    _replace_own, _replace_own, _flip, _flip, _long, _deep, _line_ends, _other_encoding,
)  # fmt: skip
