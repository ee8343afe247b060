"""Crossref's search through habanero, against the imitation of the service."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from refman.errors import ConfigError, SourceRefused, SourceUnavailable
from refman.net.habanero_search import FIELDS, MAX_QUERY, read_items, search, search_url
from tests.crossref_server import CrossrefServer, corpus, no_limits

ME = "me@library.test"


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    with CrossrefServer(corpus.works(), limits=no_limits()) as running:
        yield running


def test_finds_candidates(server: CrossrefServer) -> None:
    found = search("Quill, Made-up Results,\n plain", base_url=server.url + "/", mailto=ME, rows=3)
    assert len(found) == 3
    for item in found:
        assert isinstance(item["DOI"], str)
        assert set(item) <= {*FIELDS, "member"}
    (entry,) = server.log
    assert entry.path.startswith("/works?")
    assert "rows=3&" in entry.path
    assert "query.bibliographic=Quill" in entry.path
    assert (entry.pool, entry.key) == ("polite-array", ME)
    assert "refman/" in entry.user_agent


def test_is_anonymous_without_an_address(server: CrossrefServer) -> None:
    search("made-up results", base_url=server.url, mailto=None)
    assert server.log.pools() == {"public-array"}


def test_asks_nothing_for_nothing(server: CrossrefServer) -> None:
    assert search(" \n ", base_url=server.url, mailto=ME) == []
    assert len(server.log) == 0


@pytest.mark.parametrize("text", ["wörter " * 2000, "语" * 9000, "a " * 5000])
def test_a_long_reference_still_fits_into_the_address(server: CrossrefServer, text: str) -> None:
    search(text, base_url=server.url, mailto=ME, rows=10_000)
    assert all(entry.status == 200 for entry in server.log)
    assert server.log.max_path_bytes() <= MAX_QUERY + 400


def test_asks_nobody_by_plain_http() -> None:
    with pytest.raises(ConfigError):
        search("x", base_url="http://api.crossref.org", mailto=ME)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("too-many", "asks for fewer requests"),
        ("unavailable", "could not answer a search"),
        ("server-exception", "could not answer a search"),
        ("redirect-loop", "could not answer a search"),
        ("html-ok", "does not answer properly"),
        ("empty-ok", "does not answer properly"),
        ("truncated-json", "does not answer properly"),
        ("message-list", "does not answer properly"),
        ("reset-mid-body", "does not answer"),
        ("cut-before-headers", "does not answer"),
        ("connect-refused", "does not answer"),
    ],
)
def test_trouble_is_an_error_of_ours(server: CrossrefServer, fault: str, words: str) -> None:
    with server.fault(fault), pytest.raises(SourceUnavailable, match=words) as caught:
        search("made-up results", base_url=server.url, mailto=ME)
    assert ME not in caught.value.message


def test_a_stall_ends(server: CrossrefServer) -> None:
    with server.fault("stall", seconds=20), pytest.raises(SourceUnavailable):
        search("made-up results", base_url=server.url, mailto=ME, timeout=0.2)


def test_a_block_is_a_refusal(server: CrossrefServer) -> None:
    with server.fault("blocked"), pytest.raises(SourceRefused):
        search("made-up results", base_url=server.url, mailto=ME)


def test_a_limit_in_html_is_understood(server: CrossrefServer) -> None:
    html = server.fault("too-many", flavour="html")
    with html, pytest.raises(SourceUnavailable, match="asks for fewer requests"):
        search("made-up results", base_url=server.url, mailto=ME)


def test_the_address_asks_the_same_question() -> None:
    url = search_url(
        "A & B: café, 50%", base_url="https://api.example/", mailto="me@a.org", rows=99
    )
    asked = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert url.startswith("https://api.example/works?query.bibliographic=A%20%26%20B")
    assert asked == {
        "query.bibliographic": ["A & B: café, 50%"],
        "rows": ["20"],
        "select": [",".join(FIELDS)],
        "mailto": ["me@a.org"],
    }
    assert search_url("  ", base_url="https://api.example", mailto=None) == ""
    assert len(search_url("wörter " * 2000, base_url="https://a.org", mailto=None)) < 3000


def test_what_is_no_list_of_works_is_an_error() -> None:
    assert read_items(b'{"message": {"items": [{"DOI": "10.1/x"}, 3]}}') == [{"DOI": "10.1/x"}]
    no_lists = (b"", b"<html>", b"[]", b'{"message": []}', b'{"message": {"items": 3}}')
    for body in (*no_lists, b"[" * 99_999):
        with pytest.raises(SourceUnavailable):
            read_items(body)
