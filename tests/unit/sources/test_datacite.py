"""DataCite as a source, without a network: requests out, responses in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import ConfigError
from refman.model import OriginKind
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus, Request, Response, WebSource
from refman.sources.datacite import KIND, DataciteSource, open_source

BASE = "https://api.datacite.org"
FOLDER = Path(__file__).parents[2] / "data" / "datacite"
BY_DOI: dict[str, dict[str, Any]] = {
    (record := json.loads(line))["id"]: record
    for name in ("works.jsonl", "made.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
}
REAL = list(BY_DOI)
FLASK = b"<!doctype html><title>404</title>"


def response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status=status, headers=headers or {}, body=raw)


def read(request: Request, reply: Response) -> tuple[list[Answer], list[Request]]:
    said = list(DataciteSource(BASE).read(request, reply))
    return (
        [item for item in said if isinstance(item, Answer)],
        [item for item in said if isinstance(item, Request)],
    )


def asked(*dois: str) -> Request:
    (request,) = DataciteSource(BASE).requests(dois)
    return request


def only(request: Request, reply: Response) -> Answer:
    ((answer,), further) = read(request, reply)
    assert not further
    return answer


def test_it_is_a_web_source() -> None:
    source = DataciteSource()
    assert isinstance(source, WebSource)
    assert source.name == "datacite"
    assert not source.supplement


def test_a_list_asks_for_all_of_its_records() -> None:
    (request,) = DataciteSource(f"{BASE}/", "me+you@example.org").requests(REAL[:3])
    query = parse_qs(urlsplit(request.url).query)
    assert request.url.startswith(f"{BASE}/dois?ids=10.1594/pangaea.836178,")
    assert query["ids"] == [",".join(REAL[:3])]
    assert query["page[size]"] == ["3"]
    assert query["mailto"] == ["me+you@example.org"]
    assert query["affiliation"] == ["true"]
    assert (request.dois, request.kind) == (tuple(REAL[:3]), KIND)


def test_one_alone() -> None:
    request = asked("10.5281/ZENODO.1<2>#3")
    assert request.url == f"{BASE}/dois/10.5281/ZENODO.1%3C2%3E%233?affiliation=true"
    assert request.kind == KIND


def test_a_comma_goes_alone() -> None:
    requests = list(DataciteSource(BASE).requests(["10.5/a", "10.5/b,c", "10.5/d", "10.5/D"]))
    assert sorted(request.dois for request in requests) == [
        ("10.5/a", "10.5/d", "10.5/D"),
        ("10.5/b,c",),
    ]
    assert unquote(requests[0].url) == f"{BASE}/dois/10.5/b,c?affiliation=true"


def test_no_more_than_fifty_at_once() -> None:
    dois = [f"10.5555/{number}" for number in range(101)]
    assert [len(request.dois) for request in DataciteSource(BASE).requests(dois)] == [50, 50, 1]


def test_a_record_found_alone() -> None:
    doi = "10.5281/Zenodo.1196821"
    answer = only(asked(doi), response({"data": BY_DOI[doi.lower()]}))
    assert answer.status is AnswerStatus.FOUND
    asked_for, answered = doi, answer.DOI
    assert answered == asked_for
    assert answer.record is not None
    assert answer.record.origin.kind is OriginKind.SOURCE
    assert (answer.record.origin.name, answer.record.origin.location) == ("datacite", doi)
    assert answer.payload is not None
    assert set(json.loads(answer.payload)) == {"id", "type", "attributes"}


@pytest.mark.parametrize("doi", REAL)
def test_a_kept_answer_says_the_same(doi: str) -> None:
    answer = only(asked(doi), response({"data": BY_DOI[doi]}))
    assert answer.payload is not None
    again = DataciteSource(BASE).restore(doi, answer.payload)
    assert (again.record, again.payload) == (answer.record, answer.payload)


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b'{"attributes":1}', b"\xff"])
def test_a_spoilt_kept_answer_is_failed(payload: bytes) -> None:
    assert DataciteSource(BASE).restore("10.5/a", payload).status is AnswerStatus.FAILED


MISSING = {
    "errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]
}


@pytest.mark.parametrize(
    ("status", "body", "found", "reason"),
    [
        (404, MISSING, AnswerStatus.NOT_FOUND, "DataCite has no record of it"),
        (410, b"", AnswerStatus.NOT_FOUND, "DataCite has no record of it"),
        (204, b"", AnswerStatus.NOT_FOUND, "DataCite has no record of it"),
        (404, FLASK, AnswerStatus.FAILED, "a web page answered 404"),
        (200, FLASK, AnswerStatus.FAILED, "DataCite's answer is a web page"),
        (200, b"", AnswerStatus.FAILED, "DataCite's answer is empty"),
        (200, b"{", AnswerStatus.FAILED, "DataCite's answer is not JSON"),
        (200, b"[" * 100_000, AnswerStatus.FAILED, "DataCite's answer is not JSON"),
        (200, [1], AnswerStatus.FAILED, "DataCite's answer has no data"),
        (200, {"data": None}, AnswerStatus.FAILED, "DataCite's answer is no record"),
        (200, {"data": {"id": "10.5/x"}}, AnswerStatus.FAILED, "DataCite's answer is no record"),
        (304, b"", AnswerStatus.FAILED, "DataCite answered 304 Not Modified"),
        (400, MISSING, AnswerStatus.FAILED, "DataCite answered 400 Bad Request: The resource"),
        (999, b"", AnswerStatus.FAILED, "DataCite answered 999"),
    ],
)
def test_what_an_answer_means(status: int, body: object, found: AnswerStatus, reason: str) -> None:
    answer = only(asked("10.5/a"), response(body, status))
    assert answer.status is found
    assert answer.reason is not None
    assert answer.reason.startswith(reason)


def test_another_work_than_the_one_asked_for() -> None:
    answer = only(asked("10.5/a"), response({"data": BY_DOI[REAL[0]]}))
    assert answer.status is AnswerStatus.FAILED
    assert answer.reason == f"DataCite answered with another work, {REAL[0]}"


def test_a_list_in_any_order_with_gaps_strangers_and_doubles() -> None:
    dois = ["10.5281/ZENODO.1196821", REAL[0], "10.5555/missing", REAL[1]]
    data: list[object] = [
        BY_DOI[REAL[1]],
        {"id": "10.9/stranger", "attributes": {"doi": "10.9/stranger"}},
        BY_DOI["10.5281/zenodo.1196821"],
        {**BY_DOI[REAL[1]], "attributes": {"doi": REAL[1], "titles": [{"title": "A double"}]}},
        None,
        "x",
        {"id": REAL[0]},
    ]
    answers, further = read(asked(*dois), response({"data": data}))
    assert [answer.DOI for answer in answers] == [dois[0], REAL[1]]
    assert answers[1].record is not None
    assert answers[1].record.description.title != "A double"
    assert [request.dois for request in further] == [(REAL[0],), ("10.5555/missing",)]


@pytest.mark.parametrize("status", [400, 413, 414])
def test_a_list_that_is_too_much_is_taken_apart(status: int) -> None:
    answers, further = read(asked("10.5/a", "10.5/b", "10.5/B"), response(b"", status))
    assert not answers
    assert [request.dois for request in further] == [("10.5/a",), ("10.5/b", "10.5/B")]


@pytest.mark.parametrize(
    ("status", "body"), [(200, {"data": {}}), (200, FLASK), (404, FLASK), (500, b""), (200, b"")]
)
def test_a_list_that_is_none_fails_for_each(status: int, body: object) -> None:
    answers, further = read(asked("10.5/a", "10.5/b"), response(body, status))
    assert not further
    assert [(one.DOI, one.status) for one in answers] == [
        ("10.5/a", AnswerStatus.FAILED),
        ("10.5/b", AnswerStatus.FAILED),
    ]


def test_a_doi_that_ends_like_the_route_is_no_list() -> None:
    assert only(asked("10.5/dois"), response(MISSING, 404)).status is AnswerStatus.NOT_FOUND


def test_settings() -> None:
    source = open_source({"datacite_url": "http://127.0.0.1:9/", "mailto": "a@b.org"})
    (request,) = source.requests(["10.5/a"])
    assert request.url == "http://127.0.0.1:9/dois/10.5/a?affiliation=true&mailto=a@b.org"
    assert next(open_source({}).requests(["10.5/a"])).url.startswith(BASE)
    with pytest.raises(ConfigError, match="REFMAN_DATACITE_URL"):
        open_source({"datacite_url": "ftp://a.test"})


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
    requests = list(DataciteSource(BASE, "me@example.org").requests(dois))
    assert sorted(doi for request in requests for doi in request.dois) == sorted(set(dois))
    for request in requests:
        assert request.url.isascii()
        assert len({doi_key(doi) for doi in request.dois}) <= 50
        assert len(request.url) <= 3_800


resources = st.one_of(
    st.sampled_from(list(BY_DOI.values())),
    st.dictionaries(
        st.sampled_from(["id", "attributes", "type"]),
        st.sampled_from(["10.5/a", {"doi": 1}, None, {}]),
    ),
    st.none(),
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda data: json.dumps({"data": data}).encode(), st.lists(resources, max_size=4)),
    st.builds(lambda data: json.dumps({"data": data}).encode(), resources),
)


@settings(max_examples=150, deadline=None)
@given(bodies, st.sampled_from([200, 204, 304, 400, 404, 406, 410, 414, 500, -1]), st.booleans())
def test_every_doi_gets_exactly_one_answer_or_request(body: bytes, status: int, one: bool) -> None:
    request = asked("10.5/a") if one else asked("10.5/a", "10.5/A", REAL[0], "10.5/b")
    said = list(DataciteSource(BASE).read(request, response(body, status)))
    about = [
        doi for item in said for doi in ([item.DOI] if isinstance(item, Answer) else item.dois)
    ]
    assert sorted(about) == sorted(request.dois)
