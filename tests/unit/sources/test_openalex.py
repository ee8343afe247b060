"""OpenAlex as a source, without a network: requests out, responses in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import ConfigError
from refman.model.identifier import doi_key, parse_doi
from refman.ports import Answer, AnswerStatus, Request, Response, WebSource
from refman.sources.openalex import KIND, OpenAlexSource, open_source

BASE = "https://api.openalex.org"
WORKS = Path(__file__).parents[2] / "data" / "openalex" / "works.jsonl"
BY_DOI: dict[str, dict[str, Any]] = {
    doi: work
    for line in WORKS.read_text(encoding="utf-8").splitlines()
    if (doi := parse_doi((work := json.loads(line))["doi"] or "")) is not None
}
REAL = list(BY_DOI)
FLASK = b"<!doctype html>\n<p>The requested URL was not found on the server.</p>"


def response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status=status, headers=headers or {}, body=raw)


def listing(works: Sequence[object], count: int | None = None) -> dict[str, Any]:
    return {"meta": {"count": len(works) if count is None else count}, "results": list(works)}


def read(request: Request, reply: Response) -> tuple[list[Answer], list[Request]]:
    said = list(OpenAlexSource(BASE).read(request, reply))
    return (
        [item for item in said if isinstance(item, Answer)],
        [item for item in said if isinstance(item, Request)],
    )


def asked(*dois: str) -> Request:
    (request,) = OpenAlexSource(BASE).requests(dois)
    return request


def only(request: Request, reply: Response) -> Answer:
    ((answer,), further) = read(request, reply)
    assert not further
    return answer


def test_it_is_a_web_source_that_supplements() -> None:
    source = OpenAlexSource()
    assert isinstance(source, WebSource)
    assert source.name == "openalex"
    assert source.supplement


def test_a_list_asks_for_all_of_its_works() -> None:
    source = OpenAlexSource(f"{BASE}/", "me@example.org", "a key")
    (request,) = source.requests(REAL[:3])
    query = parse_qs(urlsplit(request.url).query)
    assert query["filter"] == [f"doi:{'|'.join(REAL[:3])}"]
    assert int(query["per-page"][0]) >= 3
    assert query["mailto"] == ["me@example.org"]
    assert query["api_key"] == ["a key"]
    assert "abstract_inverted_index" in query["select"][0].split(",")
    assert (request.dois, request.kind) == (tuple(REAL[:3]), KIND)


def test_one_alone_is_free() -> None:
    request = asked("10.1/a?b")
    assert request.url.startswith(f"{BASE}/works/doi:10.1/a%3Fb?select=")


@pytest.mark.parametrize("doi", ["10.5/b,c", "10.5/b|c", "10.5/!b", '10.5/"b"', "10.5/<b>"])
def test_what_a_filter_would_take_for_its_own_goes_alone(doi: str) -> None:
    requests = list(OpenAlexSource(BASE).requests(["10.5/a", doi, "10.5/d"]))
    assert [request.dois for request in requests] == [(doi,), ("10.5/a", "10.5/d")]


def test_no_more_than_a_hundred_at_once() -> None:
    dois = [f"10.5555/{number}" for number in range(201)]
    requests = list(OpenAlexSource(BASE).requests(dois))
    assert [len(request.dois) for request in requests] == [100, 100, 1]
    assert all(len(request.url) < 4_094 for request in requests)
    assert "per-page=100&" in requests[0].url


def test_a_work_found_alone() -> None:
    doi = REAL[4]
    answer = only(asked(doi.upper()), response(BY_DOI[doi]))
    assert answer.status is AnswerStatus.FOUND
    assert doi.upper() == answer.DOI
    assert answer.record is not None
    assert answer.record.origin.name == "openalex"
    assert "title" in answer.record.guessed
    assert answer.payload is not None
    assert "cited_by_count" not in json.loads(answer.payload)


@pytest.mark.parametrize("doi", REAL)
def test_a_kept_answer_says_the_same(doi: str) -> None:
    answer = only(asked(doi), response(BY_DOI[doi]))
    assert answer.payload is not None
    again = OpenAlexSource(BASE).restore(doi, answer.payload)
    assert (again.record, again.payload) == (answer.record, answer.payload)


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"\xff"])
def test_a_spoilt_kept_answer_is_failed(payload: bytes) -> None:
    assert OpenAlexSource(BASE).restore("10.5/a", payload).status is AnswerStatus.FAILED


@pytest.mark.parametrize(
    ("status", "body", "found", "reason"),
    [
        (404, FLASK, AnswerStatus.NOT_FOUND, "OpenAlex has no work of it"),
        (404, {"error": "Not found"}, AnswerStatus.NOT_FOUND, "OpenAlex has no work of it"),
        (404, b"<html>nginx", AnswerStatus.FAILED, "a web page answered 404"),
        (401, {"error": "Invalid API key"}, AnswerStatus.FAILED, "OpenAlex answered 401 Unauth"),
        (200, b"<html>", AnswerStatus.FAILED, "OpenAlex's answer is a web page"),
        (200, {}, AnswerStatus.FAILED, "OpenAlex's answer is no work"),
        (200, [], AnswerStatus.FAILED, "OpenAlex's answer is no work"),
    ],
)
def test_what_an_answer_means(status: int, body: object, found: AnswerStatus, reason: str) -> None:
    answer = only(asked("10.5/a"), response(body, status))
    assert answer.status is found
    assert answer.reason is not None
    assert answer.reason.startswith(reason)


def test_another_work_than_the_one_asked_for() -> None:
    answer = only(asked("10.5/a"), response(BY_DOI[REAL[0]]))
    assert answer.reason == f"OpenAlex answered with another work, {REAL[0]}"


def test_what_a_whole_list_does_not_hold_is_not_found() -> None:
    request = asked(REAL[0].upper(), "10.5/missing", REAL[1])
    strangers: list[object] = [None, 1, {"doi": None}, {"doi": "https://doi.org/10.9/z"}]
    body = listing([BY_DOI[REAL[1]], *strangers, BY_DOI[REAL[0]]])
    answers, further = read(request, response(body))
    assert not further
    assert [(one.DOI, one.status) for one in answers] == [
        (REAL[0].upper(), AnswerStatus.FOUND),
        (REAL[1], AnswerStatus.FOUND),
        ("10.5/missing", AnswerStatus.NOT_FOUND),
    ]


@pytest.mark.parametrize("body", [listing([], count=3), {"results": []}])
def test_what_a_part_of_a_list_does_not_hold_is_asked_for(body: dict[str, Any]) -> None:
    answers, further = read(asked("10.5/a", "10.5/b"), response(body))
    assert not answers
    assert [request.dois for request in further] == [("10.5/a",), ("10.5/b",)]


def test_a_list_that_is_too_much_is_taken_apart() -> None:
    answers, further = read(asked("10.5/a", "10.5/b"), response(b"", 400))
    assert not answers
    assert len(further) == 2


def test_settings() -> None:
    source = open_source(
        {"openalex_url": "http://127.0.0.1:9", "openalex_api_key": "k&1", "mailto": "a@b.org"}
    )
    (request,) = source.requests(["10.5/a"])
    assert request.url.startswith("http://127.0.0.1:9/works/doi:10.5/a?select=")
    assert request.url.endswith("&mailto=a@b.org&api_key=k%261")
    assert "api_key" not in next(open_source({}).requests(["10.5/a"])).url
    with pytest.raises(ConfigError, match="REFMAN_OPENALEX_URL"):
        open_source({"openalex_url": "nowhere"})


dois_drawn = st.lists(
    st.one_of(
        st.from_regex(r"10\.[0-9]{3,6}/[!-~ü]{1,30}", fullmatch=True),
        st.text(max_size=12),
        st.sampled_from(REAL),
    ),
    max_size=120,
)


@settings(max_examples=50, deadline=None)
@given(dois_drawn)
def test_every_doi_is_in_exactly_one_request(dois: Sequence[str]) -> None:
    requests = list(OpenAlexSource(BASE, "me@example.org", "key").requests(dois))
    assert sorted(doi for request in requests for doi in request.dois) == sorted(set(dois))
    for request in requests:
        assert request.url.isascii()
        assert len({doi_key(doi) for doi in request.dois}) <= 100
        assert len(request.url) < 4_094


works: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(list(BY_DOI.values())),
    st.dictionaries(st.sampled_from(["doi", "ids"]), st.sampled_from(["10.5/a", 1, None, {}])),
    st.none(),
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda found, count: json.dumps({"results": found, "meta": {"count": count}}).encode(),
        st.lists(works, max_size=4),
        st.sampled_from([0, 3, None, "x"]),
    ),
    st.builds(lambda work: json.dumps(work).encode(), works),
)


@settings(max_examples=150, deadline=None)
@given(bodies, st.sampled_from([200, 204, 304, 400, 404, 406, 410, 414, 500, -1]), st.booleans())
def test_every_doi_gets_exactly_one_answer_or_request(body: bytes, status: int, one: bool) -> None:
    request = asked("10.5/a") if one else asked("10.5/a", "10.5/A", REAL[0], "10.5/b")
    said = list(OpenAlexSource(BASE).read(request, response(body, status)))
    about = [
        doi for item in said for doi in ([item.DOI] if isinstance(item, Answer) else item.dois)
    ]
    assert sorted(about) == sorted(request.dois)
