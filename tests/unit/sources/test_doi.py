"""doi.org as a source, without a network: requests out, responses in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import ConfigError
from refman.model import Extra
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus, Request, Response, WebSource
from refman.sources.doi import AGENCY_KIND, KIND, DoiSource, RecordRequest, open_source

BASE = "https://doi.org"
CSL = "application/vnd.citationstyles.csl+json"
ITEM: dict[str, Any] = {
    "type": "article-journal",
    "title": "A title",
    "author": [{"family": "Muner", "given": "Paolo"}],
    "issued": {"date-parts": [[2014]]},
    "DOI": "10.7336/X",
}
PAGE = b"\xef\xbb\xbf <!DOCTYPE html><title>A landing page</title>"


def response(
    body: object, status: int = 200, url: str = "", headers: dict[str, str] | None = None
) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status=status, headers=headers or {}, body=raw, url=url)


def read(request: Request, reply: Response) -> tuple[list[Answer], list[Request]]:
    said = list(DoiSource(BASE).read(request, reply))
    return (
        [item for item in said if isinstance(item, Answer)],
        [item for item in said if isinstance(item, Request)],
    )


def asked(*dois: str) -> Request:
    (request,) = DoiSource(BASE).requests(dois)
    return request


def record(doi: str = "10.7336/x", agency: str | None = "mEDRA") -> Request:
    entry = {"DOI": doi, "RA": agency} if agency else {"DOI": doi, "status": "Unknown"}
    (request,) = read(asked(doi), response([entry]))[1]
    return request


def only(request: Request, reply: Response) -> Answer:
    ((answer,), further) = read(request, reply)
    assert not further
    return answer


def test_it_is_a_web_source() -> None:
    source = DoiSource()
    assert isinstance(source, WebSource)
    assert source.name == "doi"
    assert not source.supplement


def test_the_agencies_of_many_are_asked_for_at_once() -> None:
    request = asked("10.5/a", "10.5/b,c", "10.5/A")
    assert request.url == f"{BASE}/ra/10.5/a,10.5/b%2Cc"
    assert request.dois == ("10.5/a", "10.5/A", "10.5/b,c")
    assert request.kind == AGENCY_KIND
    dois = [f"10.5555/{number}" for number in range(101)]
    assert [len(request.dois) for request in DoiSource(BASE).requests(dois)] == [50, 50, 1]


def test_the_agencies_decide_who_is_asked() -> None:
    request = asked("10.1/crossref", "10.2/KISTI", "10.3/gone", "10.4/odd", "10.5/b,c")
    body: list[object] = [
        {"DOI": "10.5/b,c", "RA": "JaLC"},
        {"DOI": "10.1/crossref", "RA": "Crossref"},
        {"DOI": "10.2/kisti", "RA": "KISTI"},
        {"DOI": "10.3/gone", "status": "DOI does not exist"},
        {"DOI": "10.4/odd", "status": "Unknown"},
        {"RA": "nobody's"},
        None,
    ]
    answers, further = read(request, response(body))
    assert [(one.DOI, one.status, one.reason) for one in answers] == [
        (
            "10.2/KISTI",
            AnswerStatus.NOT_FOUND,
            "registered with KISTI, which offers no metadata",
        ),
        ("10.3/gone", AnswerStatus.NOT_FOUND, "the DOI does not exist"),
    ]
    assert all(one.kind == KIND and one.headers == {"accept": CSL} for one in further)
    assert [(one.url, getattr(one, "agency", 0)) for one in further] == [
        (f"{BASE}/10.1/crossref", "Crossref"),
        (f"{BASE}/10.4/odd", None),
        (f"{BASE}/10.5/b%2Cc", "JaLC"),
    ]


@pytest.mark.parametrize(
    "reply", [response(b"", 404), response(PAGE), response({}), response(b"x", 414)]
)
def test_without_the_agencies_all_are_asked_for(reply: Response) -> None:
    answers, further = read(asked("10.5/a", "10.5/b"), reply)
    assert not answers
    assert [request.dois for request in further] == [("10.5/a",), ("10.5/b",)]


def test_a_record() -> None:
    answer = only(record(), response(ITEM))
    assert answer.status is AnswerStatus.FOUND
    assert answer.DOI == "10.7336/x"
    assert answer.record is not None
    assert answer.record.description.title == "A title"
    assert answer.record.description.extra == (Extra("doi", "agency", "mEDRA"),)
    assert answer.record.origin.name == "doi"
    assert answer.payload is not None
    again = DoiSource(BASE).restore("10.7336/x", answer.payload)
    assert (again.record, again.payload) == (answer.record, answer.payload)


def test_a_request_with_other_headers_still_knows_its_agency() -> None:
    changed = replace(record(), headers={"accept": CSL, "if-none-match": '"1"'})
    assert isinstance(changed, RecordRequest)
    assert only(changed, response(b"", 404)).reason == (
        "registered with mEDRA, which has no record of it"
    )
    plain = Request(url=changed.url, dois=changed.dois, kind=changed.kind)
    assert only(plain, response(b"", 404)).reason == "doi.org knows of no metadata for it"


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b'{"item":{}}', b"\xff"])
def test_a_spoilt_kept_answer_is_failed(payload: bytes) -> None:
    assert DoiSource(BASE).restore("10.5/a", payload).status is AnswerStatus.FAILED


NO, FAILED = AnswerStatus.NOT_FOUND, AnswerStatus.FAILED


@pytest.mark.parametrize(
    ("agency", "status", "body", "found", "reason"),
    [
        ("Crossref", 404, b"x", NO, "registered with Crossref, which has no record of it"),
        ("Crossref", 404, PAGE, NO, "registered with Crossref, which has no record of it"),
        ("Crossref", 204, b"", NO, "registered with Crossref, which has no metadata of it"),
        ("DataCite", 406, b"", NO, "registered with DataCite, which offers no metadata"),
        ("DataCite", 300, PAGE, NO, "registered with DataCite, which offers no metadata"),
        ("OP", 200, PAGE, FAILED, "OP answered with a web page"),
        ("HAN", 200, PAGE, NO, "registered with HAN, which offers no metadata"),
        ("HAN", 404, PAGE, NO, "registered with HAN, which offers no metadata"),
        (None, 200, PAGE, FAILED, "doi.org answered with a web page"),
        (None, 404, PAGE, FAILED, "a web page answered 404; is that address doi.org's?"),
        (None, 404, b"", NO, "doi.org knows of no metadata for it"),
        ("JaLC", 200, b"{", FAILED, "JaLC's answer is not JSON"),
        ("JaLC", 200, b"", FAILED, "JaLC's answer is empty"),
        ("JaLC", 200, {"status": "OK"}, FAILED, "JaLC answered with no record"),
        ("JaLC", 200, {"DOI": "10.7336/x"}, NO, "JaLC knows neither its title nor its authors"),
        ("JaLC", 400, {"message": "bad"}, FAILED, "JaLC answered 400 Bad Request: bad"),
        ("JaLC", 200, {**ITEM, "DOI": "10.9/z"}, FAILED, "the DOI led to another work, 10.9/z"),
    ],
)  # fmt: skip
def test_what_an_answer_means(
    agency: str | None, status: int, body: object, found: AnswerStatus, reason: str
) -> None:
    url = "https://agency.test/10.7336/x"
    answer = only(record(agency=agency), response(body, status, url))
    assert (answer.status, answer.reason) == (found, reason)


def test_an_alias_leads_to_its_prime_doi() -> None:
    prime = {**ITEM, "DOI": "10.7336/prime(1)"}
    base = "https://api.crossref.org/works/"
    alias = response(prime, url=f"{base}10.7336%2Fprime%281%29/transform")
    assert only(record(agency="Crossref"), alias).status is AnswerStatus.FOUND
    for url in (f"{base}10.7336%2Fx/transform", f"{base}10.7336%2Fprime%281%29more/transform", ""):
        answer = only(record(agency="Crossref"), response(prime, url=url))
        assert answer.status is AnswerStatus.FAILED


def test_a_deleted_doi_is_not_found() -> None:
    item = {**ITEM, "container-title": "CrossRef Listing of Deleted DOIs"}
    answer = only(record(agency="Crossref"), response(item))
    assert (answer.status, answer.reason) == (NO, "the DOI was deleted at Crossref")


def test_settings() -> None:
    (request,) = open_source({"doi_url": "http://127.0.0.1:9/"}).requests(["10.5/a"])
    assert request.url == "http://127.0.0.1:9/ra/10.5/a"
    assert next(open_source({}).requests(["10.5/a"])).url.startswith(BASE)
    with pytest.raises(ConfigError, match="REFMAN_DOI_URL"):
        open_source({"doi_url": "nowhere"})


dois_drawn = st.lists(
    st.one_of(st.from_regex(r"10\.[0-9]{3,6}/[!-~ü]{1,30}", fullmatch=True), st.text(max_size=12)),
    max_size=120,
)


@settings(max_examples=50, deadline=None)
@given(dois_drawn)
def test_every_doi_is_in_exactly_one_request(dois: Sequence[str]) -> None:
    requests = list(DoiSource(BASE).requests(dois))
    assert sorted(doi for request in requests for doi in request.dois) == sorted(set(dois))
    for request in requests:
        assert request.url.isascii()
        assert len(request.url) <= 3_800
        parts = request.url.removeprefix(f"{BASE}/ra/").split(",")
        assert len(parts) == len({doi_key(doi) for doi in request.dois}) <= 50
        encodable = [doi.encode("utf-8", "replace").decode() for doi in request.dois]
        assert {unquote(part) for part in parts} <= set(encodable)


entries = st.fixed_dictionaries(
    {},
    optional={
        "DOI": st.sampled_from(["10.5/a", "10.5/A", "10.5/b", 7, None]),
        "RA": st.sampled_from(["Crossref", "KISTI", "\x1b", 7, None]),
        "status": st.sampled_from(["DOI does not exist", "Invalid DOI", "Unknown", 7]),
    },
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda found: json.dumps(found).encode(), st.lists(entries | st.none(), max_size=4)),
    st.builds(
        lambda damage: json.dumps({**ITEM, **damage}).encode(),
        st.dictionaries(
            st.sampled_from(sorted(ITEM)), st.sampled_from([None, 1, "x", [], {}, [[]]])
        ),
    ),
)
statuses = st.sampled_from([200, 204, 300, 304, 400, 404, 406, 410, 414, 500, -1])


@settings(max_examples=200, deadline=None)
@given(bodies, statuses, st.sampled_from(["", "https://a.test/10.9/z", "http://["]), st.data())
def test_every_doi_gets_exactly_one_answer_or_request(
    body: bytes, status: int, url: str, data: st.DataObject
) -> None:
    request = asked("10.5/a", "10.5/A", "10.5/b")
    if data.draw(st.booleans()):
        request = record(agency=data.draw(st.sampled_from(["Crossref", "HAN", None])))
    said = list(DoiSource(BASE).read(request, response(body, status, url)))
    about = [
        doi for item in said for doi in ([item.DOI] if isinstance(item, Answer) else item.dois)
    ]
    assert sorted(about) == sorted(request.dois)
