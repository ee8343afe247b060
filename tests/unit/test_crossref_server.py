"""The imitation of the Crossref REST API behaves as the service does, and its faults strike."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests import crossref_server
from tests.crossref_server import (
    CrossrefServer,
    DataciteServer,
    DoiOrgServer,
    Fault,
    FaultName,
    Limit,
    LoopbackServer,
    Speed,
    Wire,
    corpus,
    no_limits,
)
from tests.crossref_server.__main__ import build_parser, build_servers, parse_latency
from tests.crossref_server.filters import split_filters
from tests.crossref_server.limiter import CROSSREF_LIMITS, Limiter, parse_limits
from tests.crossref_server.log import LogEntry, RequestLog
from tests.crossref_server.messages import extract_doi
from tests.crossref_server.speed import Pace
from tests.crossref_server.store import read_works
from tests.crossref_server.vocabulary import SELECT_FIELDS, TYPES

POLITE = {"User-Agent": "tester/1.0 (mailto:Ada@Example.org)"}


@dataclass
class Answer:
    """Status, headers (names in lower case) and body of one answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> Any:
        return self.json["message"]

    @property
    def dois(self) -> list[str]:
        return [item["DOI"] for item in self.message["items"]]

    @property
    def failure_types(self) -> list[str]:
        assert self.status == 400
        assert self.json["status"] == "failed"
        assert self.json["message-type"] == "validation-failure"
        return [failure["type"] for failure in self.message]


def ask(
    server: LoopbackServer,
    path: str,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 5.0,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        got = connection.getresponse()
        found = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, found, got.read())
    finally:
        connection.close()


def works_path(**params: object) -> str:
    named = {name.replace("__", "."): value for name, value in params.items()}
    return "/works?" + urlencode(named)


def single(doi: str) -> str:
    return "/works/" + quote(doi, safe="")


@pytest.fixture(scope="module")
def common() -> Iterator[CrossrefServer]:
    """One server for the tests that do not change it."""
    server = CrossrefServer(
        corpus.works(),
        aliases=corpus.aliases(),
        agencies=corpus.agency_ids(),
        limits=no_limits(),
        plus_tokens=["good-key"],
    )
    with server:
        yield server


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    """A server of its own for a test with faults."""
    with CrossrefServer(corpus.works(), aliases=corpus.aliases(), limits=no_limits()) as made:
        yield made


# --- one record -----------------------------------------------------------------------------------


def test_a_record_comes_in_the_envelope(common: CrossrefServer) -> None:
    got = ask(common, single(corpus.PLAIN))
    assert got.status == 200
    assert got.headers["content-type"] == "application/json"
    assert got.headers["access-control-allow-origin"] == "*"
    envelope = {name: got.json[name] for name in ("status", "message-type", "message-version")}
    assert envelope == {"status": "ok", "message-type": "work", "message-version": "1.0.0"}
    assert got.message["DOI"] == corpus.PLAIN
    assert got.message["score"] == 1


@pytest.mark.parametrize(
    "doi",
    [corpus.SICI, corpus.COMMA, corpus.HASH, corpus.PERCENT, corpus.QUESTION, corpus.UNICODE,
     corpus.VERY_LONG],
)  # fmt: skip
def test_difficult_dois_are_found_when_encoded(common: CrossrefServer, doi: str) -> None:
    assert ask(common, single(doi)).message["DOI"] == doi
    assert ask(common, single(doi.upper())).message["DOI"] == doi


@pytest.mark.parametrize(
    "path",
    [
        "/works/10.5555/plain",
        "/works/10.5555%2Fplain",
        "/works/10.5555%2fPLAIN/",
        "/v1/works/10.5555/plain",
        "/v1.0/works/10.5555/plain",
        "/works/doi:10.5555/plain",
        "/works/https://doi.org/10.5555/plain",
        "/works/" + quote("http://dx.doi.org/10.5555/Plain", safe=""),
        "/works/10.5555%2Fplain%0A",
        "/works/10.5555%2Fpl%00ain",
        "/works/10.5555%2Fplain?mailto=me@example.org",
    ],
)
def test_a_doi_is_found_in_any_dress(common: CrossrefServer, path: str) -> None:
    assert ask(common, path).message["DOI"] == corpus.PLAIN


def test_unencoded_delimiters_lose_the_rest_of_the_doi(common: CrossrefServer) -> None:
    assert ask(common, "/works/10.5555/part#2").status == 404
    assert ask(common, "/works/10.5555/why?not").failure_types == ["unknown-parameter"]


def test_a_doubly_encoded_doi_is_found_by_path_and_not_by_filter(common: CrossrefServer) -> None:
    stored = quote(corpus.SICI, safe="/()")
    assert "%3C" in stored
    assert ask(common, single(stored)).message["DOI"] == corpus.SICI
    assert ask(common, works_path(filter=f"doi:{stored}")).dois == []


@pytest.mark.parametrize("path", ["/works/10.5555/unknown", "/works/nonsense", "/works/10.5/x"])
def test_an_unknown_doi_is_404_in_plain_text(common: CrossrefServer, path: str) -> None:
    got = ask(common, path)
    assert (got.status, got.body) == (404, b"Resource not found.")
    assert got.headers["content-type"] == "text/plain"
    assert got.headers["x-api-pool"] == "public-single"


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1/nothing", "/prefixes", "/v10/works"])
def test_an_unknown_route_is_404_in_json(common: CrossrefServer, path: str) -> None:
    got = ask(common, path)
    assert got.status == 404
    assert got.json["message-type"] == "route-not-found"
    assert got.message == "Route not found"


@pytest.mark.parametrize(
    "name",
    ["rows", "offset", "sample", "select", "filter", "facet", "sort", "order", "cursor", "query"],
)
def test_a_single_route_takes_no_list_parameter(common: CrossrefServer, name: str) -> None:
    got = ask(common, f"{single(corpus.PLAIN)}?{name}=1")
    assert got.failure_types == ["parameter-not-allowed"]
    assert got.message[0]["value"] == name
    assert got.message[0]["message"] == f"This route does not support {name}"


def test_several_failures_come_together(common: CrossrefServer) -> None:
    got = ask(common, f"{single(corpus.PLAIN)}?rows=1&query.title=x&nonsense=1")
    assert [failure["value"] for failure in got.message] == ["nonsense", "rows", "query.*"]
    assert got.failure_types[0] == "unknown-parameter"
    assert got.failure_types[1:] == ["parameter-not-allowed"] * 2


def test_an_alias_redirects_to_its_prime_without_the_query(common: CrossrefServer) -> None:
    got = ask(common, f"{single(corpus.ALIAS)}?mailto=me@example.org")
    assert got.status == 301
    assert got.headers["location"] == "/works/10.5555%2Fplain"
    chain = ask(common, single(corpus.ALIAS_OF_ALIAS))
    assert chain.headers["location"] == single(corpus.ALIAS)
    lost = ask(common, single(corpus.ALIAS_TO_NOWHERE))
    assert lost.status == 301
    assert ask(common, lost.headers["location"]).status == 404


def test_an_alias_is_not_in_lists(common: CrossrefServer) -> None:
    got = ask(common, works_path(filter=f"doi:{corpus.ALIAS},doi:{corpus.PLAIN}"))
    assert got.dois == [corpus.PLAIN]
    assert ask(common, works_path(filter="has-alias:true")).dois == [corpus.PLAIN]
    assert ask(common, works_path(filter="has-prime-doi:true")).dois == []


def test_an_alias_that_has_a_record_is_hidden() -> None:
    works = [corpus.work("10.5555/old", "Old"), corpus.work("10.5555/new", "New")]
    with CrossrefServer(works, aliases={"10.5555/OLD": "10.5555/NEW"}, limits=no_limits()) as made:
        assert ask(made, "/works").dois == ["10.5555/new"]
        assert ask(made, single("10.5555/old")).status == 301


def test_agency(common: CrossrefServer) -> None:
    got = ask(common, f"{single(corpus.PLAIN)}/agency")
    assert got.json == {
        "status": "ok",
        "message-type": "work-agency",
        "message-version": "1.0.0",
        "message": {"DOI": corpus.PLAIN, "agency": {"id": "crossref", "label": "Crossref"}},
    }
    other = ask(common, f"/works/{corpus.DATACITE_ONLY}/agency")
    assert other.message["agency"] == {"id": "datacite", "label": "DataCite"}
    assert ask(common, f"/works/{corpus.NOWHERE}/agency").status == 404
    assert ask(common, f"{single(corpus.PLAIN)}/agency?rows=1").failure_types


# --- content negotiation --------------------------------------------------------------------------


def test_csl_json_is_nearly_csl(common: CrossrefServer) -> None:
    mime = "application/vnd.citationstyles.csl+json"
    got = ask(common, f"{single(corpus.PLAIN)}/transform", headers={"Accept": f"{mime};q=1"})
    assert got.headers["content-type"] == mime
    assert got.json["title"] == "A plain article about nothing in particular"
    assert got.json["type"] == "journal-article"
    assert got.json["container-title"] == "Journal of Made-up Results"
    assert got.json["container-title-short"] == "J. Made-up Res."
    assert got.json["ISSN"] == ["1234-5679", "9876-5434"]
    untitled = ask(common, f"{single(corpus.NO_TITLE)}/transform/{mime}")
    assert untitled.json["title"] == []


def test_bibtex_is_one_line_without_organisations(common: CrossrefServer) -> None:
    path = f"{single(corpus.PLAIN)}/transform/application/x-bibtex"
    got = ask(common, path)
    text = got.body.decode()
    assert got.headers["content-type"] == "application/x-bibtex"
    assert text.startswith(" @article{Quill_2020, title={A plain")
    assert text.count("\n") == 1
    assert "month=may, pages={45–67} }" in text
    body = ask(common, f"{single(corpus.ORGANISATION)}/transform/application/x-bibtex")
    assert b"author={" not in body.body


def test_ris_text_and_unknown_types(common: CrossrefServer) -> None:
    path = f"{single(corpus.PLAIN)}/transform"
    ris = ask(common, f"{path}/application/x-research-info-systems").body.decode()
    assert ris.startswith("TY  - JOUR\r\n")
    assert "SP  - 45-67\r\n" in ris
    odd = single(corpus.type_doi("standard"))
    assert (
        b"TY  - GENERIC" in ask(common, f"{odd}/transform/application/x-research-info-systems").body
    )
    assert b"(2020)" in ask(common, path, headers={"Accept": "text/x-bibliography"}).body
    assert ask(common, path, headers={"Accept": "text/turtle"}).status == 406
    assert (
        ask(common, f"{single(corpus.ALIAS)}/transform")
        .headers["location"]
        .endswith("plain/transform")
    )
    assert ask(common, "/works/10.5555/unknown/transform").status == 404


# --- lists ----------------------------------------------------------------------------------------


def test_a_list_has_twenty_rows_unless_told(common: CrossrefServer) -> None:
    got = ask(common, "/works")
    assert got.json["message-type"] == "work-list"
    assert got.message["total-results"] == len(corpus.works())
    assert len(got.message["items"]) == got.message["items-per-page"] == 20
    assert got.message["query"] == {"start-index": 0, "search-terms": None}
    assert got.message["facets"] == {}
    assert "next-cursor" not in got.message
    assert ask(common, "/works/").message["total-results"] == len(corpus.works())


def test_rows_zero_and_offset(common: CrossrefServer) -> None:
    assert ask(common, "/works?rows=0").dois == []
    everything = ask(common, "/works?rows=1000").dois
    assert ask(common, "/works?rows=5&offset=7").dois == everything[7:12]
    assert len(set(everything)) == len(everything)
    assert everything != sorted(everything)


def test_the_batch_by_doi(common: CrossrefServer) -> None:
    asked = [corpus.type_doi(kind) for kind, _ in TYPES][:25]
    text = ",".join(f"doi:{doi.upper()}" for doi in [*asked, "10.5555/unknown"])
    assert len(ask(common, works_path(filter=text)).dois) == 20
    found = ask(common, works_path(filter=text, rows=50)).dois
    assert sorted(found) == sorted(asked)
    assert found != asked
    twice = ask(common, works_path(filter=f"doi:{corpus.PLAIN},doi:{corpus.PLAIN}"))
    assert twice.dois == [corpus.PLAIN]


def test_commas_in_filters_are_glued_or_refused(common: CrossrefServer) -> None:
    path = works_path(filter=f"doi:{corpus.COMMA}")
    assert ask(common, path).dois == [corpus.COMMA]
    lists = works_path(filter=f"doi:{corpus.PLAIN},{corpus.TEST_RECORD}")
    assert ask(common, lists).dois == []
    with CrossrefServer(corpus.works(), limits=no_limits(), glue_commas=False) as strict:
        for refused in (path, lists):
            got = ask(strict, refused)
            assert got.failure_types == ["pair-list-form-invalid"]
            assert "should be of the form: key:val,...,keyN:valN" in got.message[0]["message"]


def test_splitting_of_filters() -> None:
    assert split_filters("doi:a,b,issn:1", glue=True) == [("doi", "a,b"), ("issn", "1")]
    assert split_filters("doi:a:b", glue=True) == [("doi", "a:b")]
    assert split_filters("doi:a,b:c", glue=True) == [("doi", "a"), ("b", "c")]
    assert split_filters("a,doi:b", glue=True) is None
    assert split_filters("doi:a,b", glue=False) is None
    assert split_filters("category-name:a, b", glue=False) == [("category-name", "a, b")]


def test_a_comma_before_a_colon_breaks_the_request(common: CrossrefServer) -> None:
    got = ask(common, works_path(filter="doi:10.5555/a,b:c"))
    assert got.failure_types == ["filter-not-available"]
    assert got.message[0]["value"] == "b"


def test_one_bad_doi_fails_the_whole_batch(common: CrossrefServer) -> None:
    got = ask(common, works_path(filter=f"doi:{corpus.PLAIN},doi:10.55/short"))
    assert got.failure_types == ["doi-not-valid"]
    assert got.message[0]["value"] == "10.55/short"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("rows=1001", "integer-not-valid"),
        ("rows=-1", "integer-not-valid"),
        ("rows=ten", "integer-not-valid"),
        ("offset=10001", "integer-not-valid"),
        ("sample=101", "integer-not-valid"),
        ("sample=2&rows=2", "sample-with-rows-or-offset"),
        ("sample=2&offset=2", "sample-with-rows-or-offset"),
        ("cursor=*&offset=2", "cursor-with-offset-or-sample"),
        ("cursor=*&sample=2", "cursor-with-offset-or-sample"),
        ("sort=nonsense", "sort-field-not-valid"),
        ("order=up", "sort-order-not-valid"),
        ("select=language", "select-not-available"),
        ("select=DOI,subtype", "select-not-available"),
        ("filter=nonsense:1", "filter-not-available"),
        ("filter=nonsense", "pair-list-form-invalid"),
        ("filter=", "pair-list-form-invalid"),
        ("filter=issn:12", "issn-not-valid"),
        ("filter=orcid:12", "orcid-not-valid"),
        ("filter=prefix:12", "prefix-not-valid"),
        ("filter=type:article", "type-not-valid"),
        ("filter=member:x", "integer-not-valid"),
        ("filter=has-abstract:yes", "boolean-not-valid"),
        ("filter=from-pub-date:2020-1", "date-not-valid"),
        ("filter=from-pub-date:2020-02-31", "date-not-legitimate"),
        ("filter=updates:x", "doi-not-valid"),
        ("facet=nonsense:*", "facet-not-available"),
        ("facet=type-name", "pair-list-form-invalid"),
        ("query.nonsense=x", "field-query-not-available"),
        ("page=2", "unknown-parameter"),
    ],
)
def test_bad_parameters_of_a_list(common: CrossrefServer, query: str, kind: str) -> None:
    assert ask(common, f"/works?{query}").failure_types == [kind]


def test_the_texts_of_failures_are_the_service_s(common: CrossrefServer) -> None:
    got = ask(common, "/works?rows=1001&offset=10001")
    assert got.json == {
        "status": "failed",
        "message-type": "validation-failure",
        "message": [
            {
                "type": "integer-not-valid",
                "value": "1001",
                "message": "Integer specified as 1001 but must be a positive integer"
                " less than or equal to 1000. ",
            },
            {
                "type": "integer-not-valid",
                "value": "10001",
                "message": "Integer specified as 10001 but must be a positive integer less than"
                " or equal to 10000.  Use the cursor parameter to page further into result sets.",
            },
        ],
    }


def test_select(common: CrossrefServer) -> None:
    got = ask(common, works_path(filter=f"doi:{corpus.PLAIN}", select="DOI,title,abstract"))
    assert got.message["items"] == [
        {"DOI": corpus.PLAIN, "title": ["A plain article about nothing in particular"]}
    ]
    everything = ask(common, works_path(rows=1, select=",".join(SELECT_FIELDS)))
    assert "language" not in everything.message["items"][0]


def test_same_filters_are_alternatives_and_others_must_all_hold(common: CrossrefServer) -> None:
    books = "type:book,type:monograph"
    found = ask(common, works_path(filter=books)).dois
    assert set(found) == {corpus.type_doi("book"), corpus.type_doi("monograph"), corpus.ISBN_URL}
    narrow = ask(common, works_path(filter=f"{books},isbn:9780000000002")).dois
    assert narrow == [corpus.ISBN_URL]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("has-abstract:true", corpus.ABSTRACT),
        ("has-references:1", corpus.REFERENCES),
        ("funder:501100000001", corpus.REFERENCES),
        ("funder:10.13039/501100000001", corpus.REFERENCES),
        ("award.number:F-1", corpus.REFERENCES),
        ("orcid:0000-0002-1825-0097", corpus.MIXED_AUTHORS),
        ("orcid:https://orcid.org/0000-0001-5109-3700", corpus.MIXED_AUTHORS),
        ("until-pub-date:1984-05", corpus.COMMA),
        ("from-posted-date:2019-11-04,until-posted-date:2019-12", corpus.PREPRINT),
        ("update-type:err", corpus.ODD_UPDATE),
        (f"updates:{corpus.RETRACTED_BOTH}", corpus.RETRACTION_NOTICE),
        ("article-number:e123", corpus.ARTICLE_NUMBER),
        ("publisher-name:x,type-name:Book", None),
        ("type-name:Grant", corpus.type_doi("grant")),
        ("relation.type:has-preprint", corpus.PUBLISHED_PREPRINT),
        (f"relation.object:{corpus.PUBLISHED_PREPRINT}", corpus.PREPRINT),
        ("prefix:10.1002", corpus.SICI),
        ("container-title:the book of inventions", corpus.TWO_CONTAINERS),
    ],
)
def test_filters(common: CrossrefServer, text: str, doi: str | None) -> None:
    got = ask(common, works_path(filter=text, rows=1000))
    if doi is None:
        assert got.failure_types == ["filter-not-available"]
    else:
        assert got.dois == [doi]


def test_filters_on_dates_and_updates(common: CrossrefServer) -> None:
    total = len(corpus.works())

    def count(text: str) -> int:
        found = ask(common, works_path(filter=text, rows=0)).message["total-results"]
        assert isinstance(found, int)
        return found

    assert count("from-index-date:2026-03-01,until-index-date:2026-03-01") == total
    assert count("from-index-date:2026-03-02") == 0
    assert count("from-created-date:2026-03") == total
    assert count("has-update:true") == 4
    assert count("is-update:true") == 3
    assert count("has-update:false") == total - 4
    assert count("issn:12345679") == count("issn:1234-5679") > 10
    # A year alone is neither before nor after a day of it; null dates match nothing.
    assert corpus.YEAR_ONLY in ask(common, works_path(filter="until-pub-date:1987", rows=100)).dois
    assert count("until-pub-date:1987-06-01") == count("until-pub-date:1986")


def test_query_ranks_and_scores(common: CrossrefServer) -> None:
    text = "Toward a theory of empty results Quill 2008"
    got = ask(common, works_path(query__bibliographic=text, rows=2))
    first, second = got.message["items"]
    assert first["DOI"] == corpus.TEST_RECORD
    assert first["score"] > second["score"] > 0
    everywhere = ask(common, works_path(query="fiction", rows=1))
    assert everywhere.dois == [corpus.REFERENCES]
    assert everywhere.message["query"]["search-terms"] == "fiction"
    assert ask(common, works_path(query__bibliographic="fiction")).dois == []
    assert ask(common, works_path(query__author="Ørsted")).dois == [corpus.MIXED_AUTHORS]
    assert ask(common, works_path(query__title="xyzzy")).message["total-results"] == 0


def test_sort(common: CrossrefServer) -> None:
    oldest = ask(common, works_path(sort="published", order="asc", filter="type:journal-article",
                                    rows=6))  # fmt: skip
    assert oldest.dois[3:] == [corpus.COMMA, corpus.YEAR_ONLY, corpus.SICI]
    newest = ask(common, works_path(sort="issued", order="-1", rows=1))
    assert newest.dois == [corpus.RETRACTION_NOTICE]
    most = ask(common, works_path(sort="references-count", rows=1))
    assert most.dois == [corpus.REFERENCES]


def test_sample(common: CrossrefServer) -> None:
    got = ask(common, "/works?sample=7")
    assert len(set(got.dois)) == 7
    assert got.message["items-per-page"] == 7


def test_facets(common: CrossrefServer) -> None:
    got = ask(common, works_path(rows=0, facet="type-name:2,published:*"))
    kinds = got.message["facets"]["type-name"]
    assert kinds["value-count"] == len(TYPES) + 1
    assert len(kinds["values"]) == 2
    assert got.message["facets"]["published"]["values"]["1984"] == 1
    assert "issn" in ask(common, "/works?rows=0&facet=*").message["facets"]


# --- cursors --------------------------------------------------------------------------------------


def test_a_cursor_reads_everything_once(common: CrossrefServer) -> None:
    found: list[str] = []
    cursor, pages = "*", 0
    while True:
        got = ask(common, works_path(cursor=cursor, rows=30, select="DOI"))
        found += got.dois
        cursor, pages = got.message["next-cursor"], pages + 1
        if len(got.dois) < 30:
            break
    assert "+" in cursor
    assert cursor.endswith("=")
    assert pages == len(found) // 30 + 1
    assert sorted(found) == sorted(work["DOI"] for work in corpus.works())


def test_a_cursor_must_be_encoded_and_belongs_to_its_query(common: CrossrefServer) -> None:
    first = ask(common, "/works?cursor=*&rows=5").message["next-cursor"]
    raw = ask(common, f"/works?cursor={first}&rows=5")
    assert raw.status == 500
    assert raw.json["message-type"] == "exception"
    assert ask(common, works_path(cursor=first, rows=5, filter="type:book")).status == 500
    again = [ask(common, works_path(cursor=first, rows=5)).dois for _ in range(2)]
    assert again[0] == again[1] != ask(common, "/works?rows=5").dois


def test_a_cursor_without_rows_is_a_server_failure(common: CrossrefServer) -> None:
    got = ask(common, "/works?cursor=*&rows=0")
    assert got.status == 500
    assert got.headers["exception-name"] == "IllegalArgumentException"
    assert got.message["stack"]


def test_a_cursor_dies_when_it_rests_too_long() -> None:
    now = [0.0]
    with CrossrefServer(corpus.works(), limits=no_limits(), clock=lambda: now[0]) as made:
        token = ask(made, "/works?cursor=*&rows=5").message["next-cursor"]
        path = works_path(cursor=token, rows=5)
        now[0] = 299
        assert ask(made, path).status == 200
        now[0] = 299 + 299  # each use renews it
        assert ask(made, path).status == 200
        now[0] += 301
        assert (ask(made, path).status, ask(made, path).body) == (404, b"Resource not found.")


# --- journals, members, types, prefixes, funders --------------------------------------------------


def test_journals(common: CrossrefServer) -> None:
    got = ask(common, "/journals/1234-5679")
    assert got.json["message-type"] == "journal"
    assert got.message["publisher"] == "Test Publishing House"
    assert {"coverage", "breakdowns", "counts", "last-status-check-time"} <= set(got.message)
    assert ask(common, "/journals/12345679").status == 200
    assert ask(common, "/journals/0000-0000").status == 404
    assert ask(common, "/journals/book").status == 404
    works = ask(common, "/journals/1234-5679/works?rows=0")
    assert works.message["total-results"] == got.message["counts"]["total-dois"]
    assert ask(common, "/journals").message["total-results"] == 1
    assert ask(common, "/journals?filter=issn:1234-5679").failure_types == ["parameter-not-allowed"]
    assert ask(common, "/journals?cursor=*").failure_types == ["parameter-not-allowed"]
    assert ask(common, "/journals/1234-5679/issues").status == 404


def test_types(common: CrossrefServer) -> None:
    got = ask(common, "/types")
    assert got.message["total-results"] == len(TYPES)
    assert {"id": "journal-article", "label": "Journal Article"} in got.message["items"]
    assert ask(common, "/types/book").message == {"id": "book", "label": "Book"}
    assert ask(common, "/types/poster").status == 404
    assert ask(common, "/types/grant/works").dois == [corpus.type_doi("grant")]


def test_members_prefixes_and_funders(common: CrossrefServer) -> None:
    member = ask(common, "/members/7822")
    assert member.message["prefixes"] == ["10.1001", "10.1002", "10.5555"]
    assert ask(common, "/members/1").status == 404
    assert ask(common, "/members?query=publishing").message["total-results"] == 1
    assert ask(common, "/prefixes/10.1002").message["name"] == "Test Publishing House"
    assert ask(common, "/prefixes/10.1002/works").dois == [corpus.SICI]
    funder = ask(common, "/funders/501100000001")
    assert funder.message["name"] == "Fund for Fiction"
    assert ask(common, "/funders/10.13039/501100000001/works").dois == [corpus.REFERENCES]
    assert ask(common, "/prefixes/10.1002?rows=1").failure_types == ["parameter-not-allowed"]


# --- HTTP -----------------------------------------------------------------------------------------


def test_head_has_the_headers_of_get_and_no_body(common: CrossrefServer) -> None:
    got = ask(common, single(corpus.PLAIN))
    head = ask(common, single(corpus.PLAIN), method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.body))


def test_options_and_other_methods(common: CrossrefServer) -> None:
    got = ask(common, "/works", method="OPTIONS")
    assert (got.status, got.headers["allow"]) == (200, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(common, "/works", method=method, body=b"{}").status == 405


def test_a_long_request_line_is_414(common: CrossrefServer) -> None:
    line = len("GET  HTTP/1.1") + len("/works?query=")
    fits = "/works?query=" + "a" * (4096 - line)
    assert ask(common, fits).status == 200
    assert ask(common, fits + "a").status == 414
    with CrossrefServer(wire=Wire(max_line=100, long_line_status=403)) as short:
        assert ask(short, "/works?query=" + "a" * 100).status == 403


def test_gzip_when_asked(common: CrossrefServer) -> None:
    plain = ask(common, single(corpus.MANY_AUTHORS))
    packed = ask(common, single(corpus.MANY_AUTHORS), headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.body))
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 5
    assert len(json.loads(plain.body)["message"]["author"]) == 3000


def test_the_charset_is_a_setting() -> None:
    wire = Wire(json_type="application/json;charset=utf-8")
    with CrossrefServer(corpus.works(), wire=wire) as made:
        assert ask(made, "/types").headers["content-type"] == "application/json;charset=utf-8"


def test_a_connection_is_kept_and_quick(common: CrossrefServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", common.port, timeout=5)
    connection.connect()
    sock = connection.sock
    started = time.perf_counter()
    for _ in range(20):
        connection.request("GET", single(corpus.PLAIN))
        connection.getresponse().read()
    took = time.perf_counter() - started
    assert connection.sock is sock
    connection.close()
    # With delayed acknowledgements 20 requests would take 0.9 s.
    assert took < 0.8


def test_starting_is_fast_and_works_are_read_late() -> None:
    def never() -> Iterator[dict[str, Any]]:
        pytest.fail("read too early")
        yield {}

    times = []
    for _ in range(5):
        started = time.perf_counter()
        with CrossrefServer(never()) as made:
            times.append(time.perf_counter() - started)
            assert ask(made, "/nothing").status == 404
    assert min(times) < 0.5


def test_a_record_can_be_replaced_while_the_server_runs(server: CrossrefServer) -> None:
    assert ask(server, works_path(query__title="particular")).dois == [corpus.PLAIN]
    server.store.put(corpus.work(corpus.PLAIN, "Something after all"))
    assert ask(server, single(corpus.PLAIN)).message["title"] == ["Something after all"]
    assert ask(server, works_path(query__title="particular")).dois == []
    server.store.put(corpus.work("10.5555/NEW", "New"))
    assert ask(server, single("10.5555/new")).status == 200


def test_a_failure_of_the_imitation_is_loud() -> None:
    broken: list[dict[str, Any]] = [{"title": ["no DOI"]}]
    made = CrossrefServer(broken, limits=no_limits()).start()
    with pytest.raises(http.client.RemoteDisconnected):
        ask(made, "/works")
    with pytest.raises(RuntimeError, match="failed while answering"):
        made.__exit__(None, None, None)


def test_read_works(tmp_path: Path) -> None:
    text = '{"DOI": "10.5555/a", "title": ["é"]}\n\n{"DOI": "10.5555/b"}\n'
    plain, packed = tmp_path / "w.jsonl", tmp_path / "w.jsonl.gz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    assert list(read_works(plain)) == list(read_works(packed))
    assert [work["DOI"] for work in read_works(packed)] == ["10.5555/a", "10.5555/b"]


# --- pools and limits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "headers", "pool", "key"),
    [
        ("/works/10.5555/plain", {}, "public-single", "127.0.0.1"),
        ("/works", {}, "public-array", "127.0.0.1"),
        ("/works?filter=doi:10.5555/plain", {}, "public-array", "127.0.0.1"),
        ("/works/10.5555/plain?mailto=Me@example.org", {}, "polite-single", "me@example.org"),
        ("/works?mailto=nonsense", {}, "public-array", "127.0.0.1"),
        ("/works", POLITE, "polite-array", "ada@example.org"),
        ("/works?mailto=me@example.org", POLITE, "polite-array", "me@example.org"),
        ("/works/10.5555/plain/transform", POLITE, "polite-single", "ada@example.org"),
        ("/journals/1234-5679", POLITE, "polite-single", "ada@example.org"),
        ("/journals/1234-5679/works", POLITE, "polite-array", "ada@example.org"),
        ("/works", {"Crossref-Plus-API-Token": "Bearer good-key"}, "plus", "good-key"),
    ],
)
def test_pools(
    common: CrossrefServer, path: str, headers: dict[str, str], pool: str, key: str
) -> None:
    common.log.clear()
    got = ask(common, path, headers=headers)
    assert got.headers["x-api-pool"] == pool
    entry = common.log.entries[-1]
    assert (entry.pool, entry.key) == (pool, key)


def test_a_bad_plus_token_is_401(common: CrossrefServer) -> None:
    assert ask(common, "/works", headers={"Crossref-Plus-API-Token": "Bearer x"}).status == 401


def test_the_live_limits_are_the_default() -> None:
    with CrossrefServer(corpus.works()) as made:
        got = ask(made, "/works?rows=0", headers=POLITE)
        lone = ask(made, single("10.5555/unknown"))
    wanted = {"limit": "3", "interval": "1s"}
    assert {name: got.headers[f"x-rate-limit-{name}"] for name in wanted} == wanted
    assert got.headers["x-concurrency-limit"] == "3"
    assert "x-rate-limit-type" not in got.headers
    assert (lone.headers["x-rate-limit-limit"], lone.headers["x-concurrency-limit"]) == ("5", "1")
    assert (CROSSREF_LIMITS["public-array"].rate, CROSSREF_LIMITS["polite-single"].rate) == (1, 10)


def test_over_the_rate_is_an_empty_429_without_headers() -> None:
    now = [100.0]
    limits = {"public-single": Limit(2, interval=0.5, header_interval="1s", limit_type="single")}
    with CrossrefServer(corpus.works(), limits=limits, clock=lambda: now[0]) as made:
        first = ask(made, single(corpus.PLAIN))
        assert first.headers["x-rate-limit-interval"] == "1s"
        assert first.headers["x-rate-limit-type"] == "single"
        statuses = [ask(made, single(corpus.PLAIN)).status for _ in range(3)]
        assert statuses == [200, 429, 429]
        refused = ask(made, single(corpus.PLAIN))
        assert refused.body == b""
        assert refused.headers.keys() == {"server", "date", "content-length"}
        now[0] += 0.51
        assert ask(made, single(corpus.PLAIN)).status == 200
        assert made.log.entries[3].refused == "rate"
        made.limiter.set_limit("public-single", Limit(None))
        assert [ask(made, single(corpus.PLAIN)).status for _ in range(4)] == [200] * 4


def test_keys_and_pools_are_limited_apart() -> None:
    limits = {name: Limit(1, interval=60) for name in ("polite-single", "polite-array")}
    with CrossrefServer(corpus.works(), limits=limits) as made:
        statuses = [
            ask(made, path).status
            for path in (
                "/works/10.5555/plain?mailto=a@example.org",
                "/works/10.5555/plain?mailto=b@example.org",
                "/works?mailto=a@example.org",
                "/works/10.5555/plain?mailto=A@example.org",
            )
        ]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("flavour", ["html", "seconds", "date"])
def test_flavours_of_the_limiter_s_429(flavour: str) -> None:
    limits = {"public-array": Limit(1, interval=30)}
    with CrossrefServer(corpus.works(), limits=limits, wire=Wire(flavour=flavour)) as made:
        ask(made, "/works")
        got = ask(made, "/works")
    assert got.status == 429
    assert "x-rate-limit-limit" not in got.headers
    if flavour == "html":
        assert got.body.startswith(b"<html><body><h1>429 Too Many Requests</h1>")
        assert "retry-after" not in got.headers
    elif flavour == "seconds":
        assert 28 <= int(got.headers["retry-after"]) <= 30
    else:
        ends = parsedate_to_datetime(got.headers["retry-after"]).timestamp()
        assert 27 <= ends - time.time() <= 32


def in_parallel(count: int, server: LoopbackServer, path: str, **options: Any) -> list[int]:
    """Statuses of `count` requests sent at once."""
    statuses: list[int] = []
    together = threading.Barrier(count)

    def run() -> None:
        together.wait()
        statuses.append(ask(server, path, **options).status)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_requests_at_once_are_limited_apart_from_the_rate() -> None:
    limits = {"polite-array": Limit(None, concurrency=3), "public-array": Limit(None)}
    with CrossrefServer(corpus.works(), limits=limits, speed=Speed(batch=0.4)) as made:
        assert in_parallel(5, made, "/works?rows=0", headers=POLITE) == [200, 200, 200, 429, 429]
        assert made.log.max_in_flight("polite-array") >= 4
        assert {e.refused for e in made.log if e.status == 429} == {"concurrency"}
        made.log.clear()
        assert in_parallel(5, made, "/works?rows=0") == [200] * 5
        assert made.log.max_in_flight() == made.log.max_in_flight("public-array") == 5


def test_a_place_in_flight_is_free_when_the_answer_has_come() -> None:
    limits = {"public-single": Limit(None, concurrency=1)}
    with CrossrefServer(corpus.works(), limits=limits) as made:
        statuses = {ask(made, single(corpus.MANY_AUTHORS)).status for _ in range(50)}
    assert statuses == {200}


def test_the_limiter_slides() -> None:
    now = [0.0]
    limiter = Limiter({"p": Limit(2, interval=1.0)}, lambda: now[0])

    def enter() -> str | None:
        refused = limiter.enter("p", "k").refused
        limiter.leave("p", "k")
        return refused

    assert enter() is None
    now[0] = 0.5
    assert enter() is None
    now[0] = 0.75
    assert enter() == "rate"
    now[0] = 1.0
    assert [enter(), enter()] == [None, "rate"]
    now[0] = 1.5
    assert [enter(), enter()] == [None, "rate"]


def test_parsing_of_limits() -> None:
    limits = parse_limits("polite-array=1/10/2,plus=-")
    assert limits["polite-array"] == Limit(1, 10.0, 2)
    assert limits["plus"].rate is None
    assert limits["public-single"] == CROSSREF_LIMITS["public-single"]
    assert parse_limits("none") == no_limits()
    with pytest.raises(ValueError, match="unknown pool"):
        parse_limits("best=1/1/1")


# --- the log --------------------------------------------------------------------------------------


def entry(moment: float, pool: str = "p", key: str = "k", dois: tuple[str, ...] = ()) -> LogEntry:
    return LogEntry(moment, "GET", "/", pool, key, 1, 1, 1, 14, dois, 200)


def test_max_rate_finds_the_busiest_window() -> None:
    log = RequestLog()
    for moment in (0.0, 0.4, 0.99, 1.0, 1.3, 5.0):
        log.add(entry(moment))
    log.add(entry(1.1, key="other"))
    log.add(entry(1.1, pool="q"))
    assert log.max_rate("p") == 4
    assert log.max_rate("p", interval=0.05) == 2
    assert log.max_rate("p", slack=0.15) == 3
    assert log.max_rate() == 4
    assert log.max_rate("nobody") == 0


def test_the_log_knows_what_was_asked(server: CrossrefServer) -> None:
    path = works_path(filter=f"doi:{corpus.PLAIN},doi:{corpus.HASH},type:book", mailto="a@b.org")
    ask(server, path, headers={"User-Agent": "tester"})
    ask(server, single(corpus.PLAIN.upper()))
    with server.fault("unavailable"):
        ask(server, single(corpus.PLAIN))
    log = server.log
    assert log.times_asked(corpus.PLAIN.upper()) == 3
    assert log.times_asked(corpus.PLAIN, status=200) == 2
    assert log.asked() == {corpus.PLAIN: 3, corpus.HASH: 1}
    assert log.statuses() == [200, 200, 503]
    assert log.paths()[0] == path
    assert log.max_path_bytes() == log.entries[0].path_bytes == len(path)
    assert log.entries[0].line_bytes == len(f"GET {path} HTTP/1.1")
    assert log.entries[0].user_agent == "tester"
    assert log.entries[2].faults == ("unavailable",)
    assert log.pools() == {"polite-array", "public-single"}
    assert log.max_in_flight("polite-array") == 1
    assert len(log) == 3


# --- speed ----------------------------------------------------------------------------------------


def test_speed() -> None:
    exact = Pace(Speed(single=0.25, batch=0.5, per_10kb=0.001))
    assert exact.delay(True, 0) == 0.25
    assert exact.delay(False, 100_000) == pytest.approx(0.51)
    pace = Pace(Speed.realistic())
    drawn = sorted(pace.delay(True, 0) for _ in range(4000))
    assert drawn[2000] == pytest.approx(0.25, rel=0.2)
    assert 3 < drawn[3960] < 8
    assert parse_latency("0.1/0.2/1/0") == Speed(0.1, 0.2, 1.0, 0.0)
    assert parse_latency("none") == Speed()


def test_latency_is_waited() -> None:
    with CrossrefServer(corpus.works(), speed=Speed(single=0.1)) as made:
        started = time.perf_counter()
        ask(made, single(corpus.PLAIN))
        assert time.perf_counter() - started >= 0.1


# --- faults: which requests -----------------------------------------------------------------------


def test_a_fault_strikes_the_first_n_requests(server: CrossrefServer) -> None:
    fault = server.faults.add("bad-gateway", times=2)
    assert [ask(server, "/types").status for _ in range(4)] == [502, 502, 200, 200]
    assert server.faults.struck(fault) == 2
    server.faults.remove(fault)
    assert server.faults.struck(fault) == 0


def test_a_fault_may_skip_and_come_every_nth_time(server: CrossrefServer) -> None:
    with server.fault(Fault(FaultName.UNAVAILABLE, skip=1, every=2, times=2)):
        statuses = [ask(server, "/types").status for _ in range(8)]
    assert statuses == [200, 200, 503, 200, 503, 200, 200, 200]


def test_a_fault_may_be_for_some_dois_and_one_kind(server: CrossrefServer) -> None:
    batch = works_path(filter=f"doi:{corpus.PLAIN},doi:{corpus.HASH}")
    with server.fault("UNAVAILABLE", dois=[corpus.HASH.upper()]):
        assert ask(server, single(corpus.PLAIN)).status == 200
        assert ask(server, single(corpus.HASH)).status == 503
        assert ask(server, batch).status == 503
    with server.fault("unavailable", kind="array"):
        assert ask(server, single(corpus.PLAIN)).status == 200
        assert ask(server, batch).status == 503
    server.faults.add("unavailable")
    server.faults.clear()
    assert ask(server, batch).status == 200


def test_faults_from_text() -> None:
    text = "too-many:times=3,flavour=date,seconds=1.5,dois=10.5555/A;10.5555/b,kind=single"
    assert Fault.parse(text) == Fault(
        FaultName.TOO_MANY, times=3, flavour="date", seconds=1.5, kind="single",
        dois=frozenset({"10.5555/a", "10.5555/b"}),
    )  # fmt: skip
    assert Fault.parse("limit-change:limit=1/10/2").limit == Limit(1, 10.0, 2)
    for wrong in ("nonsense", "stall:nonsense=1", "too-many:flavour=sour", "stall:kind=both"):
        with pytest.raises(ValueError):
            Fault.parse(wrong)
    with pytest.raises(ValueError, match="takes no conditions"):
        Fault.of("connect-refused", times=1)


# --- faults: each one -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "kind", "start"),
    [
        ("blocked", 403, "text/html", b"<html>"),
        ("unauthorized", 401, "text/plain", b"Unauthorized"),
        ("server-exception", 500, "application/json", b'{"status":"error"'),
        ("bad-gateway", 502, "text/html", b"<html>"),
        ("unavailable", 503, "text/html", b"<html>"),
        ("gateway-timeout", 504, "text/html", b"<html>"),
        ("html-ok", 200, "text/html", b"<html>"),
        ("empty-ok", 200, "application/json", b""),
    ],
)
def test_faults_that_answer(
    server: CrossrefServer, name: str, status: int, kind: str, start: bytes
) -> None:
    with server.fault(name):
        got = ask(server, single(corpus.PLAIN))
    assert (got.status, got.headers["content-type"]) == (status, kind)
    assert got.body.startswith(start)
    assert bool(got.body) == bool(start)
    assert ("exception-name" in got.headers) == (status == 500)
    assert ask(server, single(corpus.PLAIN)).status == 200


def test_fault_unavailable_may_say_when(server: CrossrefServer) -> None:
    with server.fault("unavailable", seconds=1.2):
        assert ask(server, "/types").headers["retry-after"] == "2"
    with server.fault("unavailable"):
        assert "retry-after" not in ask(server, "/types").headers


def test_fault_too_many(server: CrossrefServer) -> None:
    with server.fault("too-many"):
        got = ask(server, "/types")
        assert (got.status, got.body) == (429, b"")
        assert "x-api-pool" not in got.headers
        assert "retry-after" not in got.headers
    with server.fault("too-many", flavour="html"):
        assert b"<h1>429 Too Many Requests</h1>" in ask(server, "/types").body
    with server.fault("too-many", flavour="seconds", seconds=7):
        assert ask(server, "/types").headers["retry-after"] == "7"
    with server.fault("too-many", flavour="date", seconds=60):
        date = parsedate_to_datetime(ask(server, "/types").headers["retry-after"])
        assert 57 < date.timestamp() - time.time() < 63


def test_fault_retry_after_huge(server: CrossrefServer) -> None:
    with server.fault("retry-after-huge"):
        got = ask(server, "/types")
        assert (got.status, got.headers["retry-after"]) == (429, "2592000")
    with server.fault("retry-after-huge", flavour="date"):
        date = parsedate_to_datetime(ask(server, "/types").headers["retry-after"])
        assert date.timestamp() - time.time() > 2_500_000


def test_fault_connect_refused(server: CrossrefServer) -> None:
    url = server.url
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    kept.request("GET", "/types")
    kept.getresponse().read()
    with server.fault("connect-refused"):
        with pytest.raises(ConnectionRefusedError):
            ask(server, "/types")
        with contextlib.suppress(OSError):
            kept.request("GET", "/types")
        with pytest.raises((http.client.HTTPException, OSError)):
            kept.getresponse()
    kept.close()
    assert server.url == url
    assert ask(server, "/types").status == 200


def test_connect_refused_from_the_start() -> None:
    with CrossrefServer(faults=[Fault.of("connect-refused")]) as made:
        with pytest.raises(ConnectionRefusedError):
            ask(made, "/types")
        made.faults.clear()
        assert ask(made, "/types").status == 200


def test_fault_cut_before_headers(server: CrossrefServer) -> None:
    with server.fault("cut-before-headers"), pytest.raises(http.client.RemoteDisconnected):
        ask(server, "/types")
    assert server.log.statuses() == [0]


def test_fault_reset_mid_body(server: CrossrefServer) -> None:
    with server.fault("reset-mid-body"), pytest.raises(ConnectionResetError):
        ask(server, single(corpus.MANY_AUTHORS))
    assert server.log.statuses() == [200]


def test_fault_slow_body(server: CrossrefServer) -> None:
    with server.fault("slow-body", size=200, seconds=0.02):
        started = time.perf_counter()
        got = ask(server, "/types")
        took = time.perf_counter() - started
    assert got.message["total-results"] == len(TYPES)
    assert took >= 0.02 * (len(got.body) // 200)


def test_fault_stall(server: CrossrefServer) -> None:
    with server.fault("stall"), pytest.raises(TimeoutError):
        ask(server, "/types", timeout=0.1)
    with server.fault("stall", seconds=0.1):
        started = time.perf_counter()
        assert ask(server, "/types").status == 200
        assert time.perf_counter() - started >= 0.1
    assert server.log.statuses() == [0, 200]


def test_a_stalled_answer_does_not_hold_up_the_end() -> None:
    started = time.perf_counter()
    with CrossrefServer(faults=[Fault.of("stall")]) as made, pytest.raises(TimeoutError):
        ask(made, "/types", timeout=0.1)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_fault_truncated_json_has_the_right_length(server: CrossrefServer, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    with server.fault("truncated-json"):
        got = ask(server, single(corpus.PLAIN), headers=headers)
    assert got.status == 200
    assert got.headers["content-length"] == str(len(got.body))
    body = gzip.decompress(got.body) if encoding == "gzip" else got.body
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_fault_short_body_has_the_wrong_length(server: CrossrefServer) -> None:
    whole = ask(server, single(corpus.PLAIN))
    with server.fault("short-body"), pytest.raises(http.client.IncompleteRead) as raised:
        ask(server, single(corpus.PLAIN))
    assert len(raised.value.partial) == len(whole.body) // 2


def test_fault_message_list(server: CrossrefServer) -> None:
    with server.fault("message-list"):
        for path in (single(corpus.PLAIN), "/works"):
            got = ask(server, path)
            assert got.status == 200
            assert isinstance(got.message, list)


BATCH = works_path(filter=f"doi:{corpus.PLAIN},doi:{corpus.HASH},doi:{corpus.SICI}", rows=50)


def test_fault_missing_items(server: CrossrefServer) -> None:
    with server.fault("missing-items", dois=[corpus.HASH]):
        got = ask(server, BATCH)
        assert sorted(got.dois) == sorted([corpus.PLAIN, corpus.SICI])
        assert got.message["total-results"] == 2
    with server.fault("missing-items", size=2):
        assert len(ask(server, BATCH).dois) == 1
    assert len(ask(server, BATCH).dois) == 3


def test_fault_duplicate_items(server: CrossrefServer) -> None:
    with server.fault("duplicate-items"):
        found = ask(server, BATCH).dois
    assert (len(found), len(set(found))) == (4, 3)


def test_fault_wrong_doi(server: CrossrefServer) -> None:
    with server.fault("wrong-doi"):
        assert ask(server, single(corpus.PLAIN)).message["DOI"] == "10.5555/not-what-you-asked-for"
        assert len(set(ask(server, BATCH).dois) & {corpus.PLAIN, corpus.HASH, corpus.SICI}) == 2
    with server.fault("wrong-doi", text="10.5555/x"):
        assert ask(server, single(corpus.PLAIN)).message["DOI"] == "10.5555/x"
    assert ask(server, single(corpus.PLAIN)).message["DOI"] == corpus.PLAIN


def test_fault_wrong_total(server: CrossrefServer) -> None:
    with server.fault("wrong-total"):
        got = ask(server, BATCH)
    assert (len(got.dois), got.message["total-results"]) == (3, 10)


def test_fault_cursor_repeats(server: CrossrefServer) -> None:
    with server.fault("cursor-repeats"):
        first = ask(server, "/works?cursor=*&rows=5")
        path = works_path(cursor=first.message["next-cursor"], rows=5)
        second = ask(server, path)
    assert second.message["next-cursor"] == first.message["next-cursor"] != "*"
    assert second.dois != first.dois
    assert ask(server, path).dois == second.dois


def test_fault_limit_change_in_mid_run() -> None:
    limits = {"polite-array": Limit(3, interval=0.01, concurrency=3, header_interval="1s")}
    with CrossrefServer(corpus.works(), limits=limits) as made:
        made.faults.add("limit-change", skip=2)
        answers = []
        for _ in range(4):
            answers.append(ask(made, "/works?rows=0", headers=POLITE))
            time.sleep(0.02)
    assert [a.status for a in answers] == [200, 200, 429, 429]
    assert answers[1].headers["x-rate-limit-limit"] == "3"
    with CrossrefServer(corpus.works()) as made:
        made.faults.add("limit-change")
        got = ask(made, "/works?rows=0", headers=POLITE)
    names = ("x-rate-limit-limit", "x-rate-limit-interval", "x-concurrency-limit")
    assert [got.headers[name] for name in names] == ["1", "10s", "1"]


def test_faults_of_the_limit_headers(server: CrossrefServer) -> None:
    names = {"x-rate-limit-limit", "x-rate-limit-interval", "x-concurrency-limit", "x-api-pool"}
    server.limiter.set_limit("public-single", Limit(1000, concurrency=100))
    assert names <= ask(server, single(corpus.PLAIN)).headers.keys()
    with server.fault("limit-headers-absent"):
        assert names.isdisjoint(ask(server, single(corpus.PLAIN)).headers)
    with server.fault("limit-headers-garbage"):
        got = ask(server, single(corpus.PLAIN))
    assert {got.headers[name] for name in names} == {"½ per fortnight"}
    with server.fault("limit-headers-garbage", text="-1"):
        assert ask(server, single(corpus.PLAIN)).headers["x-rate-limit-limit"] == "-1"


def test_fault_redirect_loop(server: CrossrefServer) -> None:
    with server.fault("redirect-loop"):
        got = ask(server, single(corpus.PLAIN) + "?mailto=a@b.org")
        assert (got.status, got.headers["location"]) == (301, single(corpus.PLAIN))
        assert ask(server, got.headers["location"]).status == 301


def test_fault_redirect_other_host(server: CrossrefServer) -> None:
    with server.fault("redirect-other-host", text="http://127.0.0.1:9"):
        got = ask(server, single(corpus.PLAIN))
    assert got.headers["location"] == "http://127.0.0.1:9" + single(corpus.PLAIN)


def test_fault_redirect_to_404(server: CrossrefServer) -> None:
    with server.fault("redirect-to-404"):
        got = ask(server, single(corpus.PLAIN))
        assert got.status == 301
        assert ask(server, got.headers["location"]).status == 404


def test_fault_dns_failure(server: CrossrefServer) -> None:
    with server.fault("dns-failure"):
        got = ask(server, single(corpus.PLAIN))
    assert got.status == 301
    assert got.headers["location"].startswith("http://api.crossref.invalid/works/")
    assert server.unresolvable_url.split(":")[1].endswith(".invalid")


def test_fault_clock_jump(server: CrossrefServer) -> None:
    with server.fault("clock-jump", seconds=-3600):
        date = parsedate_to_datetime(ask(server, "/types").headers["date"])
        assert -3605 < date.timestamp() - time.time() < -3595
        with server.fault("too-many", flavour="date", seconds=60):
            ends = parsedate_to_datetime(ask(server, "/types").headers["retry-after"])
            assert ends.timestamp() < time.time() - 3000
    with server.fault("clock-jump"):
        date = parsedate_to_datetime(ask(server, "/types").headers["date"])
        assert date.timestamp() - time.time() > 86_000


def test_fault_huge_record(server: CrossrefServer) -> None:
    with server.fault("huge-record"):
        got = ask(server, single(corpus.PLAIN), headers={"Accept-Encoding": "gzip"})
    assert len(got.body) < 500_000
    assert len(gzip.decompress(got.body)) > 20_000_000
    with server.fault("huge-record", size=5000):
        assert len(ask(server, "/works?rows=1").body) > 5000


def test_fault_changing_record(server: CrossrefServer) -> None:
    with server.fault("changing-record"):
        seen = [ask(server, single(corpus.PLAIN)).message["indexed"] for _ in range(2)]
        listed = ask(server, works_path(filter=f"doi:{corpus.PLAIN}")).message["items"][0]
    seen.append(listed["indexed"])
    assert [date["date-parts"][0][2] for date in seen] == [2, 3, 4]
    assert seen[0]["date-time"] == "2026-03-02T08:30:00Z"
    assert seen[1]["timestamp"] - seen[0]["timestamp"] == 86_400_000


def test_every_fault_is_described() -> None:
    text = (Path(crossref_server.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in FaultName if f"| `{name}` |" not in text] == []


def test_every_fault_leaves_the_server_in_order(server: CrossrefServer) -> None:
    for name in FaultName:
        small = {"seconds": 0.001, "size": 1000} if name != FaultName.CONNECT_REFUSED else {}
        with server.fault(name, **small):
            with contextlib.suppress(http.client.HTTPException, OSError):
                ask(server, BATCH)
            with contextlib.suppress(http.client.HTTPException, OSError):
                ask(server, single(corpus.PLAIN), headers={"Accept-Encoding": "gzip"})
        assert sorted(ask(server, BATCH).dois) == sorted([corpus.PLAIN, corpus.HASH, corpus.SICI])
    assert server.errors == []
    with server.fault("limit-change", limit=Limit(None, concurrency=1)):
        # Nothing is left in flight by the faults.
        assert ask(server, single(corpus.PLAIN)).status == 200


# --- doi.org and DataCite -------------------------------------------------------------------------


def test_the_agency_service_of_doi_org() -> None:
    with DoiOrgServer(corpus.agencies()) as doi_org:
        got = ask(doi_org, "/ra/10.5281/Zenodo.1")
        assert got.json == [{"DOI": "10.5281/Zenodo.1", "RA": "DataCite"}]
        assert "x-api-pool" not in got.headers
        assert ask(doi_org, "/doiRA/10.1400").json == [{"DOI": "10.1400", "RA": "mEDRA"}]
        encoded = ask(doi_org, "/ra/" + quote(corpus.SICI, safe=""))
        assert encoded.json[0] == {"DOI": corpus.SICI, "RA": "Crossref"}
        for doi in (corpus.NOWHERE, "10.4444/x"):
            unknown = ask(doi_org, f"/ra/{doi}")
            assert unknown.status == 200
            assert unknown.json == [{"DOI": doi, "status": "DOI does not exist"}]
        assert ask(doi_org, "/ra/hello").json == [{"DOI": "hello", "status": "Invalid DOI"}]
        assert doi_org.log.times_asked(corpus.DATACITE_ONLY) == 1
        with doi_org.fault("stall"), pytest.raises(TimeoutError):
            ask(doi_org, "/ra/10.1400", timeout=0.05)
    with DoiOrgServer(corpus.agencies(), prefix_404=True) as strict:
        assert ask(strict, "/ra/10.4444/x").status == 404


def test_doi_org_leads_to_the_agency() -> None:
    homes = {"Crossref": "http://crossref.invalid", "DataCite": "http://datacite.invalid"}
    mime = "application/vnd.citationstyles.csl+json"
    with DoiOrgServer(corpus.agencies(), homes=homes) as doi_org:
        got = ask(doi_org, "/10.5555/plain", headers={"Accept": mime})
        assert got.status == 302
        assert got.headers["location"] == "http://crossref.invalid/works/10.5555%2Fplain/transform"
        other = ask(doi_org, f"/{corpus.DATACITE_ONLY}", headers={"Accept": mime})
        assert other.headers["location"] == (
            f"http://datacite.invalid/dois/{mime}/{quote(corpus.DATACITE_ONLY, safe='')}"
        )
        page = ask(doi_org, "/10.5555/plain", headers={"Accept": "text/html"})
        assert page.headers["location"].startswith("http://landing.invalid/")
        assert ask(doi_org, f"/{corpus.NOWHERE}").status == 404


def test_datacite() -> None:
    draft = {"attributes": {"titles": [{"title": "A draft without a DOI"}]}}
    with DataciteServer([*corpus.datacite_works(), draft]) as datacite:
        got = ask(datacite, f"/dois/{corpus.DATACITE_ONLY.upper()}")
        assert got.json["data"]["attributes"]["doi"] == corpus.DATACITE_ONLY
        missing = ask(datacite, "/dois/10.5281/zenodo.2")
        assert missing.status == 404
        assert missing.json["errors"][0]["status"] == "404"
        query = urlencode({"query": f'doi:"{corpus.DATACITE_ONLY}"'})
        found = ask(datacite, f"/dois?{query}")
        assert found.json["meta"]["total"] == len(found.json["data"]) == 1
        csl = f"/dois/application/vnd.citationstyles.csl+json/{corpus.DATACITE_ONLY}"
        assert ask(datacite, csl).json["author"][1] == {"literal": "Institute of Invention"}
        ask(datacite, "/dois/10.5281/zenodo.2?mailto=a@b.org")
        assert datacite.log.pools() == {"datacite-anonymous", "datacite-email"}
        assert datacite.log.times_asked(corpus.DATACITE_ONLY) == 3


def test_datacite_says_when_to_come_back() -> None:
    limits = {"datacite-anonymous": Limit(1, interval=300)}
    with DataciteServer(corpus.datacite_works(), limits=limits) as datacite:
        ask(datacite, "/dois/10.5281/zenodo.1")
        got = ask(datacite, "/dois/10.5281/zenodo.1")
    assert got.status == 429
    assert 290 < int(got.headers["retry-after"]) <= 300


# --- the corpus, the command line -----------------------------------------------------------------


def test_the_corpus_holds_its_traps() -> None:
    works = {work["DOI"]: work for work in corpus.works()}
    constants = {
        value
        for name, value in vars(corpus).items()
        if name.isupper() and isinstance(value, str) and extract_doi(value)
    }
    away = {corpus.ALIAS, corpus.ALIAS_OF_ALIAS, corpus.ALIAS_TO_NOWHERE, corpus.DATACITE_ONLY,
            corpus.MEDRA_ONLY, corpus.NOWHERE}  # fmt: skip
    assert constants - away <= works.keys()
    assert len(works) == len(corpus.works())
    assert {work["type"] for work in works.values()} == {kind for kind, _ in TYPES} | {"poster"}
    assert works[corpus.NO_DATE]["issued"] == {"date-parts": [[None]]}
    assert "title" not in works[corpus.NO_TITLE]
    assert "name" in works[corpus.ORGANISATION]["author"][0]
    assert len(works[corpus.MANY_AUTHORS]["author"]) == 3000
    assert "author" not in works[corpus.NO_AUTHOR]
    assert works[corpus.RETRACTED_SELF]["update-to"][0]["DOI"] == corpus.RETRACTED_SELF
    sources = {update["source"] for update in works[corpus.RETRACTED_BOTH]["updated-by"]}
    assert sources == {"publisher", "retraction-watch"}
    assert all(extract_doi(doi) == doi for doi in works)
    corpus.works()[0]["title"] = ["changed"]
    assert corpus.works()[0]["title"] != ["changed"]


def test_the_options_of_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "works.jsonl"
    file.write_text('{"DOI": "10.5555/A", "title": ["A"]}\n', encoding="utf-8")
    options = build_parser().parse_args(
        ["--port", "0", "--works", str(file), "--alias", "10.5555/b=10.5555/a",
         "--fault", "unavailable:times=1", "--pool-limits", "none", "--flavour", "html",
         "--doi-org-port", "0", "--datacite-port", "0", "--charset"]
    )  # fmt: skip
    crossref, doi_org, datacite = build_servers(options)
    with crossref, doi_org, datacite:
        assert ask(crossref, single("10.5555/a")).status == 503
        assert ask(crossref, single("10.5555/a")).headers["content-type"].endswith("charset=utf-8")
        assert ask(crossref, single("10.5555/b")).status == 301
        assert ask(crossref, "/works").message["total-results"] == 1
        assert ask(doi_org, "/ra/10.5555").json[0]["RA"] == "Crossref"
        assert ask(datacite, f"/dois/{corpus.DATACITE_ONLY}").status == 200


def test_it_runs_by_hand() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.crossref_server",
        "--port",
        "0",
        "--pool-limits",
        "none",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            name, url = process.stdout.readline().split()
            port = int(url.rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", single(corpus.PLAIN))
            assert connection.getresponse().status == 200
            connection.close()
            assert single(corpus.PLAIN) in process.stdout.readline()
        finally:
            process.terminate()
    assert name == "CrossrefServer"
