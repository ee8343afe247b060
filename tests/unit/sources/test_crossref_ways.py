"""A work is the same whether the API or the snapshot tells of it."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from refman.ports import Answer, AnswerStatus, Request, Response
from refman.sources.crossref import CrossrefSource
from refman.sources.crossref_select import Wanted, select
from refman.sources.crossref_snapshot import CrossrefSnapshot
from tests.crossref_server import CrossrefServer, no_limits, read_works

FILES = sorted((Path(__file__).parents[2] / "data" / "crossref").glob("*.jsonl"))


def through_the_api(url: str, dois: Sequence[str]) -> list[Answer]:
    """What the API answers: every request that the source wants is made."""
    source = CrossrefSource(url)
    answers: list[Answer] = []
    waiting = deque(source.requests(dois))
    while waiting:
        request = waiting.popleft()
        for said in source.read(request, _get(request)):
            if isinstance(said, Request):
                waiting.append(said)
            else:
                answers.append(said)
    return answers


def _get(request: Request) -> Response:
    try:
        with urllib.request.urlopen(request.url, timeout=10) as reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return Response(status=reply.status, headers=headers, body=reply.read(), url=reply.url)
    except urllib.error.HTTPError as error:
        with error:
            return Response(status=error.code, headers={}, body=error.read(), url=request.url)


def said(answer: Answer) -> dict[str, Any]:
    """The raw answer; the score is that of a search, and no word of the work."""
    assert answer.payload is not None
    payload: dict[str, Any] = json.loads(answer.payload)
    return {key: value for key, value in payload.items() if key != "score"}


def compare(works: Iterable[Path], folder: Path) -> int:
    """How many works are found both ways; each is the same."""
    by_doi = {work["DOI"].lower(): work for path in works for work in read_works(path)}
    messages = list(by_doi.values())
    dois = [message["DOI"] for message in messages]
    data = b"\n".join(json.dumps(message).encode() for message in messages)
    whole = folder / "0.jsonl.gz"
    whole.write_bytes(gzip.compress(data, 1))
    kept = folder / "kept.jsonl"
    kept.write_bytes(b"\n".join(select(whole, Wanted.of(dois)).records))
    with CrossrefServer(messages, limits=no_limits()) as server:
        api = {answer.DOI: answer for answer in through_the_api(server.url, [*dois, "10.5555/no"])}
    found = 0
    for path in (whole, kept):
        local = {a.DOI: a for a in CrossrefSnapshot(path).lookup([*dois, "10.5555/no"])}
        assert local.keys() == api.keys()
        found = 0
        for doi, answer in api.items():
            same = local[doi]
            assert answer.status is same.status, doi
            if answer.record is not None and same.record is not None:
                assert answer.record.description == same.record.description, doi
                assert answer.record.origin.location == same.record.origin.location
                assert said(answer) == said(same), doi
                found += 1
            else:
                assert answer.status is AnswerStatus.NOT_FOUND, doi
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_api_and_the_snapshot_tell_the_same(path: Path, tmp_path: Path) -> None:
    # A record may be one of a deleted DOI.
    assert compare([path], tmp_path) >= 0.9 * sum(1 for _ in read_works(path))
