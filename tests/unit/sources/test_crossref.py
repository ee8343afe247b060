"""The REST source, without a network: requests out, responses in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import ConfigError
from refman.model import OriginKind
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus, Request, Response, WebSource
from refman.sources.crossref import CrossrefSource, open_source

BASE = "https://api.crossref.org"
WORKS = Path(__file__).parents[2] / "data" / "crossref" / "works.jsonl"
BY_DOI: dict[str, dict[str, Any]] = {
    (message := json.loads(line))["DOI"]: message
    for line in WORKS.read_text(encoding="utf-8").splitlines()
}
REAL = list(BY_DOI)


def response(body: object, status: int = 200, url: str = "") -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status=status, headers={}, body=raw, url=url)


def work(message: dict[str, Any]) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work", "message": message}


def listing(messages: Sequence[object]) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work-list", "message": {"items": messages}}


def read(request: Request, reply: Response) -> tuple[list[Answer], list[Request]]:
    said = list(CrossrefSource(BASE).read(request, reply))
    return (
        [item for item in said if isinstance(item, Answer)],
        [item for item in said if isinstance(item, Request)],
    )


def single(doi: str = "10.5555/a", *, base: str = BASE) -> Request:
    return Request(url=f"{base}/works/{quote(doi, safe='')}", dois=(doi,), kind="single")


def array(*dois: str) -> Request:
    (request,) = CrossrefSource(BASE).requests(dois)
    assert request.kind == "array"
    return request


# Requests


def test_it_is_a_web_source() -> None:
    assert isinstance(CrossrefSource(), WebSource)
    assert CrossrefSource().name == "crossref"


def test_a_batch_asks_for_all_of_its_rows() -> None:
    (request,) = CrossrefSource(f"{BASE}/", "me+you@example.org").requests(REAL[:3])
    assert request.url.startswith(f"{BASE}/works?filter=doi:10.1371/journal.pone.0000542,doi:")
    query = parse_qs(urlsplit(request.url).query)
    assert query["rows"] == ["3"]
    assert query["mailto"] == ["me+you@example.org"]
    assert query["filter"] == [",".join(f"doi:{doi}" for doi in REAL[:3])]
    assert request.dois == tuple(REAL[:3])
    assert request.kind == "array"


def test_without_an_address_none_is_sent() -> None:
    assert "mailto" not in next(CrossrefSource(BASE).requests(REAL[:2])).url
    assert "mailto" not in next(CrossrefSource(BASE).requests(REAL[:1])).url


def test_no_more_than_fifty_at_once() -> None:
    dois = [f"10.5555/{number}" for number in range(101)]
    requests = list(CrossrefSource(BASE).requests(dois))
    assert [len(request.dois) for request in requests] == [50, 50, 1]
    assert [request.kind for request in requests] == ["array", "array", "single"]


def test_long_dois_are_counted_as_they_are_encoded() -> None:
    dois = [f"10.5555/{'ü' * 60}{number}" for number in range(50)]
    requests = list(CrossrefSource(BASE, "me@example.org").requests(dois))
    assert len(requests) > 1
    assert all(len(request.url) <= 3_800 for request in requests)
    assert [doi for request in requests for doi in request.dois] == dois


@pytest.mark.parametrize(
    "doi",
    [
        "10.1001/jama.251.19.2504,2509",
        "10.1002/(sici)1097%3C1661::aid%3E3.0.co;2-2",
        "10.1/too-short-a-prefix",
        "10.5555/with blank",
        "10.5555/" + "x" * 2_000,
        "not a doi",
        "",
    ],
)
def test_what_would_spoil_a_list_goes_alone(doi: str) -> None:
    requests = list(CrossrefSource(BASE).requests(["10.5555/a", doi, "10.5555/b"]))
    assert sorted(len(request.dois) for request in requests) == [1, 2]
    (alone,) = (request for request in requests if len(request.dois) == 1)
    assert alone.dois == (doi,)
    assert alone.kind == "single"
    assert unquote(alone.url.removeprefix(f"{BASE}/works/")) == doi


def test_a_path_is_encoded_whole() -> None:
    doi = "10.1175/1520-0493(1974)102<0736:wacoj>2.0.co;2#a?b"
    (request,) = CrossrefSource(BASE).requests([doi])
    assert request.url.removeprefix(f"{BASE}/works/").count("/") == 0
    assert not set("#?;<>") & set(request.url.removeprefix(BASE))


def test_spellings_of_one_doi_are_asked_for_once() -> None:
    (request,) = CrossrefSource(BASE).requests(["10.5555/A", "10.5555/a", "10.5555/A"])
    assert request.kind == "single"
    assert request.dois == ("10.5555/A", "10.5555/a")
    answers, _ = read(request, response(work({"DOI": "10.5555/a", "title": ["T"]})))
    assert [answer.DOI for answer in answers] == ["10.5555/A", "10.5555/a"]


def test_nothing_asked_nothing_sent() -> None:
    assert list(CrossrefSource(BASE).requests([])) == []


# Answers to one


def test_found() -> None:
    doi = REAL[0]
    ((answer,), further) = read(single(doi), response(work(BY_DOI[doi])))
    assert not further
    assert answer.status is AnswerStatus.FOUND
    assert answer.record is not None
    assert answer.record.origin.kind is OriginKind.SOURCE
    assert (answer.record.origin.name, answer.record.origin.location) == ("crossref", doi)
    assert answer.record.payload is None
    assert answer.record.description.title
    assert answer.payload is not None
    assert json.loads(answer.payload) == BY_DOI[doi]
    assert b'": ' not in answer.payload[:200]


def test_an_alias_keeps_the_doi_that_was_asked_for() -> None:
    prime = {"DOI": "10.5555/prime", "title": ["T"]}
    reply = response(work(prime), url=f"{BASE}/works/10.5555%2Fprime")
    ((answer,), _) = read(single("10.5555/alias"), reply)
    assert (answer.DOI, answer.status) == ("10.5555/alias", AnswerStatus.FOUND)
    assert answer.record is not None
    assert answer.record.description.DOI == "10.5555/prime"


def test_another_work_under_the_same_address_is_not_believed() -> None:
    request = single("10.5555/a")
    reply = response(work({"DOI": "10.5555/b"}), url=f"{request.url}?mailto=me@example.org")
    ((answer,), _) = read(request, reply)
    assert answer.status is AnswerStatus.FAILED
    assert "10.5555/b" in (answer.reason or "")


def test_a_doi_that_is_registered_percent_encoded() -> None:
    request = single("10.5555/a%3Cb")
    ((answer,), _) = read(request, response(work({"DOI": "10.5555/a%3cb"}), url=request.url))
    assert answer.status is AnswerStatus.FOUND


def test_crossref_lowers_letters_of_every_script() -> None:
    request = single("10.5555/ÜBER")
    ((answer,), _) = read(request, response(work({"DOI": "10.5555/über"}), url=request.url))
    assert (answer.DOI, answer.status) == ("10.5555/ÜBER", AnswerStatus.FOUND)


def test_a_deleted_doi_is_not_found() -> None:
    message = {"DOI": "10.5555/a", "container-title": ["CrossRef Listing of Deleted DOIs"]}
    ((answer,), _) = read(single(), response(work(message)))
    assert answer.status is AnswerStatus.NOT_FOUND
    assert "deleted" in (answer.reason or "")
    ((again,), _) = read(array("10.5555/a", "10.5555/b"), response(listing([message])))[0], None
    assert again.status is AnswerStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, b"Resource not found.", "not_found"),
        (404, b"", "not_found"),
        (404, b"<html><h1>Not Found</h1></html>", "failed"),
        (404, b'{"status":"error","message-type":"route-not-found"}', "failed"),
        (400, b'{"message":[{"type":"doi-not-valid","message":"bad doi"}]}', "not_found"),
        (400, b'{"message":[{"type":"parameter-not-allowed","message":"no"}]}', "failed"),
        (200, b"", "failed"),
        (200, b"  \n", "failed"),
        (200, b"<html><body>Busy</body></html>", "failed"),
        (200, b'{"status":"ok","message":{"DOI":"10.55', "failed"),
        (200, b'{"message":[{"type":"x","message":"list"}]}', "failed"),
        (200, b'{"message":"Resource not found."}', "failed"),
        (200, b'{"message":{"title":["no DOI"]}}', "failed"),
        (200, b'{"message":{"DOI":7}}', "failed"),
        (200, b"[]", "failed"),
        (200, b"null", "failed"),
        (200, b"\xff\xfe\x00", "failed"),
        (200, b"[" * 200_000, "failed"),
        (301, b"", "failed"),
        (401, b"", "failed"),
        (403, b"Forbidden", "failed"),
        (414, b"<html>", "failed"),
        (429, b"", "failed"),
        (500, b'{"message":{"name":"class clojure.lang.Exc","description":"boom"}}', "failed"),
        (502, b"<html>Bad Gateway</html>", "failed"),
        (599, b"\x00\x1b[31m", "failed"),
        (0, b"", "failed"),
    ],
)
def test_whatever_comes_there_is_one_answer_for_each(
    status: int, body: bytes, expected: str
) -> None:
    ((answer,), further) = read(single(), response(body, status))
    assert not further
    assert answer.status == expected
    assert answer.reason
    assert answer.reason.isprintable()
    assert answer.record is None
    assert answer.payload is None

    request = array("10.5555/a", "10.5555/b")
    answers, singles = read(request, response(body, status))
    if status in (400, 414):
        assert [one.dois for one in singles] == [("10.5555/a",), ("10.5555/b",)]
        assert not answers
    else:
        assert [one.DOI for one in answers] == list(request.dois)
        assert {one.status for one in answers} == {AnswerStatus.FAILED}


def test_the_reason_says_what_crossref_said() -> None:
    body = b'{"message":{"name":"class clojure.lang.Exc","description":"boom"}}'
    ((answer,), _) = read(single(), response(body, 500))
    assert answer.reason == "Crossref answered 500 Internal Server Error: boom"


# Answers to many


def test_a_list_in_any_order_with_gaps_strangers_and_doubles() -> None:
    asked = ["10.1371/JOURNAL.pone.0000542", REAL[1], "10.5555/missing", REAL[2]]
    items: list[object] = [
        BY_DOI[REAL[2]],
        {"DOI": "10.9999/stranger", "title": ["Nobody asked"]},
        BY_DOI[REAL[0]],
        {**BY_DOI[REAL[0]], "title": ["A later double"]},
        None,
        "x",
        {"title": ["no DOI"]},
    ]
    answers, further = read(array(*asked), response(listing(items)))
    assert [answer.DOI for answer in answers] == [asked[0], REAL[2]]
    assert all(answer.status is AnswerStatus.FOUND for answer in answers)
    assert answers[0].record is not None
    assert answers[0].record.description.title != "A later double"
    assert [request.dois for request in further] == [(REAL[1],), ("10.5555/missing",)]
    assert all(request.kind == "single" for request in further)


def test_an_empty_list_leaves_singles() -> None:
    answers, further = read(array("10.5555/a", "10.5555/b"), response(listing([])))
    assert not answers
    assert len(further) == 2


def test_settings() -> None:
    source = open_source({"crossref_url": "http://127.0.0.1:9", "mailto": "a@b.org"})
    assert next(source.requests(["10.5555/a"])).url == (
        "http://127.0.0.1:9/works/10.5555%2Fa?mailto=a@b.org"
    )
    assert next(open_source({}).requests(["10.5555/a"])).url.startswith(BASE)


@pytest.mark.parametrize(
    "url", ["api.crossref.org", "ftp://a.test", "https://", "http://[", "https://a.test:99999"]
)
def test_an_address_that_is_none_is_told_by_its_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="REFMAN_CROSSREF_URL"):
        open_source({"crossref_url": url})


dois = st.lists(
    st.one_of(
        st.from_regex(r"10\.[0-9]{3,6}/[!-~ü]{1,30}", fullmatch=True),
        st.text(max_size=12),
        st.sampled_from(REAL),
    ),
    max_size=130,
)


@settings(max_examples=60, deadline=None)
@given(dois)
def test_every_doi_is_in_exactly_one_request(asked: list[str]) -> None:
    requests = list(CrossrefSource(BASE, "me@example.org").requests(asked))
    assert sorted(doi for request in requests for doi in request.dois) == sorted(set(asked))
    for request in requests:
        assert request.url.isascii()
        assert len({doi_key(doi) for doi in request.dois}) <= 50
        if request.kind == "array":
            assert len(request.url) <= 3_800
        filters = parse_qs(urlsplit(request.url).query).get("filter", [""])[0]
        assert request.kind == "single" or all("," not in doi for doi in request.dois)
        assert request.kind == "single" or filters.count("doi:10.") >= 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(-1, 700), st.booleans())
def test_read_is_total(body: bytes, status: int, one: bool) -> None:
    request = single() if one else array("10.5555/a", "10.5555/b")
    said = list(CrossrefSource(BASE).read(request, response(body, status)))
    about = [item.DOI if isinstance(item, Answer) else item.dois[0] for item in said]
    assert about == list(request.dois)
