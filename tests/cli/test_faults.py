"""Every fault that a service may have: each work is accounted for, and nothing is asked twice.

The command line runs in this process against the imitation of Crossref. Time runs faster for the
client, so that a second which a service asks for is soon over; what it does is what it always does.
"""

from __future__ import annotations

import asyncio
import csv
import functools
import shutil
import sqlite3
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import refman.net
from refman.net import Grant, NetSettings, SharedPacer
from refman.services.library import Library
from refman.sources import crossref
from tests.cli.conftest import Refman, Result
from tests.crossref_server import CrossrefServer, DataciteServer, Wire, corpus, no_limits

STATUSES = ("enriched", "unchanged", "not_found", "mismatch", "failed", "pending")
DOIS = [f"10.5555/work-{number:02}" for number in range(24)]
"""Three lists' worth of works, as lists are in these tests."""
_LIST = 10
_HASTE = 30
"""How much faster time runs for the client."""


@dataclass(frozen=True)
class Case:
    """A fault, and what becomes of the works while it lasts, by status."""

    name: str
    fault: str
    lasting: dict[str, int]
    reason: str = ""
    """What the reason of those that are open says."""
    options: dict[str, Any] = field(default_factory=dict)


def _case(name: str, fault: str, reason: str, /, status: str = "pending", **options: Any) -> Case:
    return Case(name, fault, {status: len(DOIS)}, reason, options)


CASES = [
    _case("429", "too-many", "asks for fewer requests"),
    _case("429, HTML", "too-many", "asks for fewer requests", flavour="html"),
    _case("429, seconds", "too-many", "asks for fewer requests", flavour="seconds"),
    _case("429, date", "too-many", "asks for fewer requests", flavour="date"),
    _case("429, a month", "retry-after-huge", "asks to be left alone until"),
    _case("403", "blocked", "refuses to serve us"),
    _case("401", "unauthorized", "401 Unauthorized", "failed"),
    _case("500", "server-exception", "status 500"),
    _case("502", "bad-gateway", "status 502"),
    _case("503", "unavailable", "status 503"),
    _case("503, seconds", "unavailable", "status 503", seconds=1),
    _case("504", "gateway-timeout", "status 504"),
    _case("HTML with 200", "html-ok", "web page"),
    _case("nothing with 200", "empty-ok", "empty answer"),
    _case("half of the JSON", "truncated-json", "cut off"),
    _case("half of the body", "short-body", "does not answer properly"),
    _case("a complaint with 200", "message-list", "found fault with the question", "failed"),
    Case("another DOI", "wrong-doi", {"enriched": 21, "failed": 3}, "answered with another work"),
    Case("duplicate items", "duplicate-items", {"enriched": 24}, options={"size": 3}),
    Case("missing items", "missing-items", {"enriched": 24}, options={"size": 3}),
    Case("an empty list", "missing-items", {"enriched": 24}, options={"size": 100}),
    _case("drips", "slow-body", "is too slow", seconds=0.1),
    _case("hangs", "stall", "does not answer within", seconds=1),
    _case("cut before headers", "cut-before-headers", "the connection broke"),
    _case("reset in the middle", "reset-mid-body", "the connection broke"),
    _case("too large", "huge-record", "sends more than", size=300_000),
    _case("200 MB", "flood", "sends more than"),
    _case("redirects in a circle", "redirect-loop", "redirects in a circle"),
    _case("redirects to plain http", "redirect-other-host", "plain http, which is not followed"),
    _case(
        "redirects to a private address",
        "redirect-other-host",
        "plain http, which is not followed",
        text="http://192.168.1.1",
    ),
    _case("redirects to no host", "dns-failure", "cannot be found", text="https://nowhere.invalid"),
]  # fmt: skip
_AT_ONCE = {"403", "401", "429, a month", "a complaint with 200",
            "redirects in a circle", "redirects to plain http", "redirects to a private address",
            "redirects to no host"}  # fmt: skip
"""Those that are not tried again in the same run, so that one fault leaves works open."""


def _works() -> list[dict[str, Any]]:
    return [corpus.work(doi, f"The work with the number {doi[-2:]}") for doi in DOIS]


@pytest.fixture(scope="module")
def _server() -> Iterator[CrossrefServer]:
    with CrossrefServer(_works(), limits=no_limits()) as running:
        yield running


@pytest.fixture
def server(_server: CrossrefServer, monkeypatch: pytest.MonkeyPatch) -> CrossrefServer:
    _server.log.clear()
    monkeypatch.setenv("REFMAN_CROSSREF_URL", _server.url)
    return _server


@pytest.fixture(scope="module")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "library.db"
    with Library(path, create=True) as library:
        assert len(library.import_text("\n".join(DOIS))) == len(DOIS)
    return path


@pytest.fixture
def path(_seed: Path, tmp_path: Path) -> Path:
    """The library of the works, in the current folder."""
    return Path(shutil.copy(_seed, tmp_path / "library.db"))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Short timeouts, and a clock that runs fast. No certificates: reading them takes longer."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / _HASTE)

    begun = time.time()
    fast = {kind: Grant(100, 1.0, concurrency=6) for kind in ("single", "array")}
    settings = functools.partial(
        NetSettings, timeout=0.15, retries=2, max_body=200_000, sleep=sleep
    )

    def pacer(folder: Path, *_: object, mailto: str | None, **__: object) -> SharedPacer:
        def clock() -> float:
            return begun + (time.time() - begun) * _HASTE

        return SharedPacer(folder, fast, mailto=mailto, clock=clock, sleep=sleep)

    monkeypatch.setattr(crossref.CrossrefSource, "max_batch", _LIST)
    monkeypatch.setattr(refman.net, "NetSettings", settings)
    monkeypatch.setattr(refman.net, "SharedPacer", pacer)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


Enrich = Callable[[], "tuple[int, Counter[str], dict[str, str]]"]


@pytest.fixture
def enrich(refman: Refman, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Enrich:
    """Enrich the library: exit status, works by status, and the reason of each that is open."""
    monkeypatch.delenv("REFMAN_OFFLINE")

    def call() -> tuple[int, Counter[str], dict[str, str]]:
        # As if it were long after the run before, so that a pause which it was told is over.
        shutil.rmtree(tmp_path / "xdg-cache", ignore_errors=True)
        before = _open(path)
        result = refman("enrich", "--json", "--report", "report.csv")
        return _accounted(result, tmp_path / "report.csv", before)

    return call


def _accounted(
    result: Result, report: Path, before: list[str]
) -> tuple[int, Counter[str], dict[str, str]]:
    """Check that a run says of each work what became of it, and why where it is still open."""
    assert "Traceback" not in result.err
    assert "went wrong inside" not in result.err
    told = result.json
    records = told["records"]
    assert sorted(record["doi"] for record in records) == sorted(before)
    counts = Counter(record["status"] for record in records)
    assert {status: told[status] for status in STATUSES} == {s: counts[s] for s in STATUSES}
    assert sum(told[status] for status in STATUSES) == len(before)
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["doi"] for row in rows] == DOIS
    by_doi = {row["doi"]: row for row in rows}
    for record in records:
        row = by_doi[record["doi"]]
        assert (row["status"], row["citation_key"]) == (record["status"], record["citation_key"])
        assert row["reason"] == (record["reason"] or "")
    reasons = {r["doi"]: r["reason"] for r in records if r["status"] != "enriched"}
    for reason in reasons.values():
        assert len(reason.split()) > 2, "a reason in words"
        assert "127.0.0.1" not in reason or "://" not in reason
    if before:
        assert result.status == (1 if reasons else 0)
    return result.status, counts, reasons


def _open(path: Path) -> list[str]:
    """The DOIs that a run will be asked for, from the library."""
    with Library(path) as library:
        return [doi for _, doi in library.targets("")]


def _answered(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {doi for (doi,) in connection.execute("SELECT doi FROM answers")}
    finally:
        connection.close()


def _asked(server: CrossrefServer) -> set[str]:
    return {doi for entry in server.log for doi in entry.dois}


Tally = Callable[..., None]


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """Takes what became of the works in each run; prints the table at the end (`pytest -s`)."""
    lines: list[str] = []

    def add(case: str, run: str, requests: int, counts: Counter[str]) -> None:
        numbers = "".join(f"{counts[status]:>10}" for status in STATUSES)
        lines.append(f"{case:32}{run:10}{requests:>9}{numbers}{counts.total():>7}")
        assert counts.total() in (0, len(DOIS)) or run == "second"

    yield add
    head = f"{'fault':32}{'run':10}{'requests':>9}" + "".join(f"{s:>10}" for s in STATUSES)
    print("\n" + head + f"{'sum':>7}")
    print("\n".join(lines))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_that_lasts_and_is_lifted(
    case: Case, server: CrossrefServer, enrich: Enrich, path: Path, tally: Tally
) -> None:
    with server.fault(case.fault, **case.options):
        begun, (_, counts, reasons) = time.monotonic(), enrich()
    assert time.monotonic() - begun < 10
    tally(case.name, "lasting", len(server.log), counts)
    assert counts == Counter(case.lasting)
    # After a while no more requests are made, and that is the reason then.
    given_up = "requests in a row failed"
    assert all(case.reason in reason or given_up in reason for reason in reasons.values())
    assert len(server.log) <= 150
    answered = _answered(path)
    assert len(answered) == counts["enriched"]

    server.log.clear()
    status, counts, _ = enrich()
    tally(case.name, "second", len(server.log), counts)
    assert (status, counts) == (0, Counter(enriched=len(reasons)))
    assert not _asked(server) & answered
    assert _asked(server) == set(reasons)

    server.log.clear()
    status, counts, _ = enrich()
    assert (status, counts.total(), len(server.log)) == (0, 0, 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_that_passes(
    case: Case, server: CrossrefServer, enrich: Enrich, path: Path, tally: Tally
) -> None:
    with server.fault(case.fault, times=1, **case.options):
        status, counts, reasons = enrich()
    tally(case.name, "passing", len(server.log), counts)
    if case.name not in _AT_ONCE:
        assert (status, counts) == (0, Counter(enriched=len(DOIS)))
        return
    answered = _answered(path)
    assert set(DOIS) - answered == set(reasons)
    server.log.clear()
    status, counts, _ = enrich()
    tally(case.name, "second", len(server.log), counts)
    assert (status, counts) == (0, Counter(enriched=len(reasons)))
    assert not _asked(server) & answered


@pytest.mark.parametrize(
    "name",
    ["server-exception", "bad-gateway", "unavailable", "gateway-timeout", "html-ok", "empty-ok",
     "truncated-json", "short-body", "wrong-doi"],
)  # fmt: skip
def test_a_doi_that_breaks_the_service_keeps_no_other_from_being_answered(
    name: str, server: CrossrefServer, enrich: Enrich, tally: Tally
) -> None:
    culprit = DOIS[7]
    fault: dict[str, Any] = {"dois": [culprit]}
    if name == "wrong-doi":
        fault["kind"] = "single"
        server.faults.add("missing-items", dois=[culprit])
    try:
        with server.fault(name, **fault):
            _, counts, reasons = enrich()
    finally:
        server.faults.clear()
    tally(f"{name}, for one DOI", "lasting", len(server.log), counts)
    assert counts["enriched"] == len(DOIS) - 1
    assert set(reasons) == {culprit}
    server.log.clear()
    status, counts, _ = enrich()
    assert (status, counts) == (0, Counter(enriched=1))
    assert _asked(server) == {culprit}


def test_many_dois_that_break_the_service(
    server: CrossrefServer, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    """The others get through before there have been too many failures in a row."""
    monkeypatch.setattr(crossref.CrossrefSource, "max_batch", 50)
    culprits = DOIS[::3]
    with server.fault("server-exception", dois=culprits):
        _, counts, reasons = enrich()
    tally("500, for every third DOI", "lasting", len(server.log), counts)
    # Which of them fail in a row is chance, and after eight in a row no more are asked.
    assert counts["enriched"] + counts["pending"] == len(DOIS)
    assert counts["enriched"] >= 12
    assert set(reasons) >= set(culprits)


def test_json_that_is_called_something_else(
    enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    wire = Wire(json_type="text/html; charset=utf-8")
    with CrossrefServer(_works(), limits=no_limits(), wire=wire) as server:
        monkeypatch.setenv("REFMAN_CROSSREF_URL", server.url)
        status, counts, _ = enrich()
        tally("wrong content type", "lasting", len(server.log), counts)
    assert (status, counts) == (0, Counter(enriched=len(DOIS)))


# A service that cannot be reached


def _goes_on(
    name: str, url: str, reason: str, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    """All works wait while a service is where `url` says, and are enriched when it is there."""
    monkeypatch.setenv("REFMAN_CROSSREF_URL", url)
    _, counts, reasons = enrich()
    tally(name, "lasting", 0, counts)
    assert counts == Counter(pending=len(DOIS))
    assert all(reason in said for said in reasons.values()), set(reasons.values())
    with CrossrefServer(_works(), limits=no_limits()) as server:
        monkeypatch.setenv("REFMAN_CROSSREF_URL", server.url)
        status, counts, _ = enrich()
        tally(name, "second", len(server.log), counts)
    assert (status, counts) == (0, Counter(enriched=len(DOIS)))


def test_a_name_that_cannot_be_found(
    enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    url = "https://api.crossref.invalid"
    _goes_on("DNS failure", url, "cannot be found", enrich, monkeypatch, tally)


def test_nobody_who_listens(
    server: CrossrefServer, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    with server.fault("connect-refused"):
        _goes_on("refused", server.url, "no connection", enrich, monkeypatch, tally)


@contextmanager
def _stranger(tmp_path: Path) -> Iterator[str]:
    """A server whose certificate nobody has signed but itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"req -x509 -newkey ed25519 -nodes -keyout {key} -out {certificate} -days 1"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    if subprocess.run(
        [openssl, *command.split(), *subject], check=False, capture_output=True
    ).returncode:
        pytest.skip("openssl is too old")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_certificate_that_proves_nothing(
    enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tally: Tally
) -> None:
    with _stranger(tmp_path) as url:
        _goes_on("TLS failure", url, "certificate is not valid", enrich, monkeypatch, tally)


def test_encryption_that_is_none(
    server: CrossrefServer, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    url = server.url.replace("http://", "https://")
    _goes_on("no TLS at all", url, "no connection could be made", enrich, monkeypatch, tally)


def test_a_network_that_is_pulled_in_the_middle(
    server: CrossrefServer, enrich: Enrich, path: Path, tally: Tally
) -> None:
    def pull() -> None:
        deadline = time.monotonic() + 10
        while len(server.log) < 2 and time.monotonic() < deadline:
            time.sleep(0.001)
        # Enough for what was asked first to arrive, and the rest still stalls.
        time.sleep(0.4)
        server.faults.add("connect-refused")

    thread = threading.Thread(target=pull)
    thread.start()
    try:
        # From the third request on nothing comes, and soon nobody is there any more.
        with server.fault("stall", skip=2, seconds=1):
            _, counts, reasons = enrich()
    finally:
        thread.join()
        server.faults.clear()
    tally("pulled", "lasting", len(server.log), counts)
    # Two requests are answered: two lists, or one and what is left over.
    assert counts.keys() == {"enriched", "pending"}
    assert counts.total() == len(DOIS)
    assert counts["enriched"] in (2 * _LIST, _LIST + len(DOIS) % _LIST)
    answered = _answered(path)
    assert answered.isdisjoint(reasons)
    server.log.clear()
    status, counts, _ = enrich()
    tally("pulled", "second", len(server.log), counts)
    assert (status, counts) == (0, Counter(enriched=len(reasons)))
    assert not _asked(server) & answered


def test_one_of_two_sources_that_fails(
    server: CrossrefServer, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    """Misses of the one are kept though the other is away, and are not asked for again."""
    missing = set(DOIS[:7])
    with CrossrefServer(_works()[7:], limits=no_limits()) as first, DataciteServer() as datacite:
        monkeypatch.setenv("REFMAN_CROSSREF_URL", first.url)
        monkeypatch.setenv("REFMAN_DATACITE_URL", datacite.url)
        with datacite.fault("bad-gateway"):
            _, counts, reasons = enrich()
        assert counts == Counter(enriched=17, pending=7)
        assert set(reasons) == missing
        assert _answered(path) == set(DOIS)
        first.log.clear()
        _, counts, reasons = enrich()
        assert counts == Counter(not_found=7)
        assert not first.log.entries
