"""Bodies of answers: whole, within bounds, however they are packed."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.net.body import BodyBroken, BodyTooLarge, is_cut_off, read_body


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces and knows how many were taken."""

    def __init__(self, data: bytes, size: int = 1000) -> None:
        self.data, self.size, self.taken = data, size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.data), self.size):
            self.taken += 1
            yield self.data[start : start + self.size]


def answer(data: bytes, size: int = 1000, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers=named, stream=Pieces(data, size))


async def test_reads_what_is_not_packed() -> None:
    assert await read_body(answer(b"x" * 5000), 5000) == b"x" * 5000


async def test_reads_an_answer_made_of_bytes() -> None:
    assert await read_body(httpx.Response(200, content=b"whole"), 100) == b"whole"


@pytest.mark.parametrize("name", ["gzip", "x-gzip", " GZIP "])
@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_unpacks_gzip(name: str, size: int) -> None:
    data = os.urandom(2000) + b"a" * 600_000
    assert await read_body(answer(gzip.compress(data), size, content_encoding=name), 10**6) == data


async def test_unpacks_several_members() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")
    for size in (1, 1000):
        found = await read_body(answer(packed, size, content_encoding="gzip"), 100)
        assert found == b"one two"


async def test_an_empty_body_may_say_that_it_is_packed() -> None:
    assert await read_body(answer(b"", content_encoding="gzip"), 100) == b""


async def test_stops_at_the_limit() -> None:
    stream = Pieces(b"x" * 10_000_000)
    with pytest.raises(BodyTooLarge):
        await read_body(httpx.Response(200, stream=stream), 5000)
    assert stream.taken == 6


async def test_reads_nothing_of_what_is_declared_too_large() -> None:
    stream = Pieces(b"x" * 100)
    response = httpx.Response(200, headers={"content-length": "9" * 400}, stream=stream)
    with pytest.raises(BodyTooLarge):
        await read_body(response, 5000)
    assert stream.taken == 0


async def test_a_bomb_does_not_go_off() -> None:
    packed = gzip.compress(b"\0" * 40_000_000, 1)
    assert len(packed) < 400_000
    with pytest.raises(BodyTooLarge):
        await read_body(answer(packed, len(packed), content_encoding="gzip"), 1_000_000)


@pytest.mark.parametrize("name", ["gzip, gzip", "br", "deflate", "zstd", "rot13"])
async def test_takes_no_packing_it_did_not_ask_for(name: str) -> None:
    with pytest.raises(BodyBroken, match="not asked for"):
        await read_body(answer(b"x", content_encoding=name), 100)


@given(st.binary(min_size=1, max_size=3000), st.integers(0, 4000), st.integers(1, 500))
@settings(max_examples=60)
async def test_a_cut_off_body_is_told_from_a_whole_one(data: bytes, cut: int, size: int) -> None:
    packed = gzip.compress(data)
    part = packed[: cut % len(packed)]
    if part:
        with pytest.raises(BodyBroken):
            await read_body(answer(part, size, content_encoding="gzip"), 10_000)
    assert await read_body(answer(packed, size, content_encoding="gzip"), 10_000) == data


@given(st.binary(max_size=300))
@settings(max_examples=60)
async def test_rubbish_is_broken_and_no_more(data: bytes) -> None:
    try:
        await read_body(answer(b"\x1f\x8b" + data, content_encoding="gzip"), 10_000)
    except BodyBroken:
        return


@pytest.mark.parametrize(
    ("kind", "body", "cut"),
    [
        ("application/json", b'{"a": [1, 2]}\n', False),
        ("application/json;charset=utf-8", b'{"a": [1, 2]', True),
        ("application/vnd.citationstyles.csl+json", b'{"a"', True),
        ("application/json", b"[1, 2", True),
        ("application/json", b"[1, 2]", False),
        ("application/json", b"", False),
        ("application/json", b"<html>", False),
        ("text/html", b"{", False),
        ("", b"{", False),
    ],
)
def test_tells_json_that_stops_in_the_middle(kind: str, body: bytes, cut: bool) -> None:
    assert is_cut_off({"content-type": kind}, body) is cut
