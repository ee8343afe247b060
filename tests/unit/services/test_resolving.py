"""Other identifiers than DOIs, asked of the services that know them."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from refman.errors import NotFoundError, SourceUnavailable
from refman.net import Net, NetSettings
from refman.services.resolving import Services, resolve, scheme_of
from tests.crossref_server import CrossrefServer, no_limits

BOOK = {
    "DOI": "10.5555/book",
    "type": "monograph",
    "title": ["A book"],
    "ISBN": ["9780306406157"],
}
CHAPTER = {**BOOK, "DOI": "10.5555/book.1", "type": "book-chapter", "title": ["Its chapter"]}


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("https://doi.org/10.1000/x", "doi"),
        ("arXiv:1706.03762v5", "arxiv"),
        ("hep-th/9901001", "arxiv"),
        ("ISBN: 978-0-306-40615-7", "isbn"),
        ("0306406152", "isbn"),
        ("pmid:31452104", "pmid"),
        ("31452104", "pmid"),
        ("nonsense", None),
        ("978-0-306-40615-8", None),
    ],
)
def test_what_an_identifier_is(text: str, scheme: str | None) -> None:
    assert scheme_of(text) == scheme


def _resolved(text: str, server: CrossrefServer) -> str:
    async def work() -> str:
        async with Net(NetSettings(retries=0)) as net:
            return await resolve(text, net, Services(server.url, server.url))

    return asyncio.run(work())


def test_an_arxiv_identifier_has_a_doi_of_its_own() -> None:
    found = asyncio.run(resolve("arXiv:1706.03762v5", None, Services("", "")))
    assert found == "10.48550/arXiv.1706.03762"


def test_an_isbn_is_that_of_the_book_and_not_of_its_chapters() -> None:
    with CrossrefServer([BOOK, CHAPTER], limits=no_limits()) as server:
        assert _resolved("978-0-306-40615-7", server) == "10.5555/book"


def test_several_books_with_an_isbn_are_named() -> None:
    other = {**BOOK, "DOI": "10.5555/other"}
    with (
        CrossrefServer([BOOK, other], limits=no_limits()) as server,
        pytest.raises(NotFoundError, match=r"several books .*10\.5555/book, 10\.5555/other"),
    ):
        _resolved("9780306406157", server)


def test_an_isbn_that_nobody_knows() -> None:
    with (
        CrossrefServer([CHAPTER], limits=no_limits()) as server,
        pytest.raises(NotFoundError, match="no book with the ISBN"),
    ):
        _resolved("9780306406157", server)


def test_offline_is_said() -> None:
    with pytest.raises(SourceUnavailable, match="offline"):
        asyncio.run(resolve("31452104", None, Services("", "")))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"doi": "https://doi.org/10.1234/ABC", "title": "x"}', "10.1234/ABC"),
        (200, b'{"doi": null}', NotFoundError),
        (404, b'{"error": "not found"}', NotFoundError),
        (401, b"who are you", SourceUnavailable),
        (200, b"[]", SourceUnavailable),
    ],
)
def test_a_pmid_is_asked_of_openalex(status: int, body: bytes, expected: object) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(status, content=body)

    async def work() -> str:
        settings = NetSettings(retries=0, transport=httpx.MockTransport(answer))
        services = Services("", "https://openalex.example.org", "me@example.org", "k&y")
        async with Net(settings) as net:
            return await resolve("pmid:31452104", net, services)

    if isinstance(expected, str):
        assert asyncio.run(work()) == expected
    else:
        assert isinstance(expected, type)
        with pytest.raises(expected):
            asyncio.run(work())
    assert asked == [
        "https://openalex.example.org/works/pmid:31452104"
        "?select=doi,title&mailto=me@example.org&api_key=k%26y"
    ]
