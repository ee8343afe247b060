"""DataCite, doi.org and OpenAlex over the loopback, through the client, as enrichment asks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from refman.net import Net, NetSettings
from refman.net.limits import Grant
from refman.ports import Answer, AnswerStatus, Request, WebSource
from refman.sources import datacite, doi, openalex
from tests.crossref_server import (
    CrossrefServer,
    DataciteServer,
    DoiOrgServer,
    OpenAlexServer,
    corpus,
    no_limits,
)

DATA = Path(__file__).parents[2] / "data"
FAST = Grant(1_000, concurrency=6)
GRANTS = dict.fromkeys(
    ("single", "array", datacite.KIND, doi.KIND, doi.AGENCY_KIND, openalex.KIND), FAST
)
RESOURCES = [
    json.loads(line)
    for name in ("works.jsonl", "made.jsonl")
    for line in (DATA / "datacite" / name).read_text(encoding="utf-8").splitlines()
]
WORKS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (DATA / "openalex" / "works.jsonl").read_text(encoding="utf-8").splitlines()
]


async def ask(source: WebSource, dois: Sequence[str]) -> dict[str, Answer]:
    """Every answer, each DOI exactly once."""
    found: dict[str, Answer] = {}
    async with Net(NetSettings(mailto="me@library.test", grants=GRANTS)) as net:
        waiting = list(source.requests(dois))
        while waiting:
            request = waiting.pop()
            for said in source.read(request, await net.fetch(request)):
                if isinstance(said, Request):
                    waiting.append(said)
                else:
                    assert said.DOI not in found
                    found[said.DOI] = said
    assert sorted(found) == sorted(set(dois))
    return found


async def test_datacite() -> None:
    held = [resource["id"] for resource in RESOURCES]
    asked = [*(one.upper() for one in held), "10.5555/missing", "10.5555/a,comma"]
    with DataciteServer(RESOURCES, limits=no_limits()) as server:
        source = datacite.open_source({"datacite_url": server.url, "mailto": "me@library.test"})
        found = await ask(source, asked)
        assert all(found[one.upper()].status is AnswerStatus.FOUND for one in held)
        assert found["10.5555/missing"].status is AnswerStatus.NOT_FOUND
        assert found["10.5555/a,comma"].status is AnswerStatus.NOT_FOUND
        # One list, and one request for each that it does not answer.
        assert len(server.log.entries) == 3
        assert {entry.pool for entry in server.log.entries} == {"datacite-email"}


async def test_an_answer_that_still_holds_is_not_sent_again() -> None:
    with DataciteServer(RESOURCES, limits=no_limits()) as server:
        source = datacite.open_source({"datacite_url": server.url})
        (request,) = source.requests([RESOURCES[0]["id"]])
        async with Net(NetSettings(grants=GRANTS)) as net:
            etag = (await net.fetch(request)).headers["etag"]
            headers = {**request.headers, "if-none-match": etag}
            response = await net.fetch(replace(request, headers=headers))
        assert (response.status, response.body) == (304, b"")


async def test_doi_org() -> None:
    agencies = {
        "10.5555": "Crossref",
        "10.5281": "DataCite",
        "10.60872": "DataCite",
        "10.7777": "KISTI",
    }
    dois = [
        corpus.PLAIN,
        "10.5281/zenodo.1196821",
        "10.5555/unknown,here",
        "10.5281/unknown",
        "10.7777/korean",
        "10.8888/nowhere",
    ]
    with (
        CrossrefServer(corpus.works(), limits=no_limits()) as crossref,
        DataciteServer(RESOURCES, limits=no_limits()) as data,
        DoiOrgServer(agencies, homes={"Crossref": crossref.url, "DataCite": data.url}) as resolver,
    ):
        found = await ask(doi.open_source({"doi_url": resolver.url}), dois)
        # One request for all agencies, and one for each DOI that somebody may have.
        assert len(resolver.log.entries) == 5
        assert not any("me%40" in entry.path or "me@" in entry.path for entry in data.log.entries)
    assert {one: (answer.status.value, answer.reason) for one, answer in found.items()} == {
        dois[0]: ("found", None),
        dois[1]: ("found", None),
        dois[2]: ("not_found", "registered with Crossref, which has no record of it"),
        dois[3]: ("not_found", "registered with DataCite, which has no record of it"),
        dois[4]: ("not_found", "registered with KISTI, which offers no metadata"),
        dois[5]: ("not_found", "the DOI does not exist"),
    }
    record = found[dois[1]].record
    assert record is not None
    assert ("agency", "DataCite") in [
        (extra.name, extra.value) for extra in record.description.extra
    ]


async def test_openalex() -> None:
    held = [work["doi"].removeprefix("https://doi.org/") for work in WORKS if work["doi"]]
    with OpenAlexServer(WORKS, keys=["k"]) as server:
        settings = {"openalex_url": server.url, "openalex_api_key": "k"}
        found = await ask(openalex.open_source(settings), [*held, "10.5/missing", "10.5/a|b"])
        assert all(found[one].status is AnswerStatus.FOUND for one in held)
        assert found["10.5/missing"].status is AnswerStatus.NOT_FOUND
        assert found["10.5/a|b"].status is AnswerStatus.NOT_FOUND
        assert len(server.log.entries) == 2
        assert {entry.pool for entry in server.log.entries} == {"openalex-key"}


async def test_a_key_that_is_none_fails() -> None:
    with OpenAlexServer(WORKS) as server:
        settings = {"openalex_url": server.url, "openalex_api_key": "wrong"}
        found = await ask(openalex.open_source(settings), ["10.5/a", "10.5/b"])
    assert {answer.status for answer in found.values()} == {AnswerStatus.FAILED}
    assert found["10.5/a"].reason == "OpenAlex answered 401 Unauthorized: It is not known."
