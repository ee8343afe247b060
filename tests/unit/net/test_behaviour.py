"""How the client behaves towards a service that has limits and troubles, over real sockets."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from refman.errors import SourceErred, SourceRefused, SourceUnavailable
from refman.net import Grant, Net, NetSettings
from refman.net.pacing import BucketKey
from refman.ports import Request, Response
from tests.crossref_server import CROSSREF_LIMITS, CrossrefServer, Limit, Speed, corpus, no_limits

ME = "me@library.test"
FAST = {"single": Grant(100, 0.1, concurrency=3), "array": Grant(100, 0.1, concurrency=3)}


@pytest.fixture(autouse=True)
def _no_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading those of the world takes longer than most of these tests, and none uses them."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    with CrossrefServer(corpus.works(), aliases=corpus.aliases(), limits=no_limits()) as running:
        yield running


def client(**changes: Any) -> Net:
    """A client that is in a hurry: short timeouts, next to no backing off."""
    settings: dict[str, Any] = {
        "mailto": ME,
        "timeout": 2.0,
        "grants": FAST,
        "jitter": lambda: 0.02,
    }
    return Net(NetSettings(**settings | changes))


def single(server: CrossrefServer, doi: str = corpus.PLAIN) -> Request:
    return Request(url=f"{server.url}/works/{doi}?mailto={ME}", dois=(doi,))


def array(server: CrossrefServer) -> Request:
    url = f"{server.url}/works?filter=doi:{corpus.PLAIN}&rows=1&mailto={ME}"
    return Request(url=url, dois=(corpus.PLAIN,), kind="array")


async def ask(net: Net, request: Request, times: int) -> list[Response]:
    return await asyncio.gather(*(net.fetch(request) for _ in range(times)))


def record(response: Response) -> dict[str, Any]:
    assert response.status == 200
    message = json.loads(response.body)["message"]
    assert isinstance(message, dict)
    return message


class TestPace:
    @pytest.mark.parametrize(("make", "pool"), [(single, "polite-single"), (array, "polite-array")])
    async def test_never_exceeds_what_the_service_grants(
        self, make: Callable[[CrossrefServer], Request], pool: str
    ) -> None:
        limit = Limit(rate=8, interval=0.4, concurrency=2, header_interval="0.5s")
        speed = Speed(single=0.02, batch=0.02)
        limits = {**CROSSREF_LIMITS, pool: limit}
        with CrossrefServer(corpus.works(), limits=limits, speed=speed) as server:
            async with client(grants=None) as net:
                answers = await ask(net, make(server), 12)
        assert {answer.status for answer in answers} == {200}
        assert set(server.log.statuses()) == {200}
        assert len(server.log) == 12
        assert server.log.max_rate(pool, 0.4) <= 8
        assert server.log.max_in_flight(pool) <= 2

    async def test_uses_the_concurrency_it_is_given(self) -> None:
        limits = {**CROSSREF_LIMITS, "polite-array": Limit(rate=500, concurrency=3)}
        with CrossrefServer(corpus.works(), limits=limits, speed=Speed(batch=0.1)) as server:
            async with client() as net:
                await ask(net, array(server), 9)
        assert server.log.max_in_flight() == 3

    async def test_the_live_limits_are_kept_from_the_first_request_on(self) -> None:
        limit = Limit(rate=3, interval=0.8, concurrency=3, header_interval="1s")
        limits = {**CROSSREF_LIMITS, "polite-array": limit}
        with CrossrefServer(corpus.works(), limits=limits) as server:
            async with client(grants=None) as net:
                await ask(net, array(server), 4)
        assert server.log.statuses() == [200] * 4
        assert server.log.max_rate("polite-array", 0.8) <= 3

    async def test_the_anonymous_come_one_by_one(self) -> None:
        limits = {**CROSSREF_LIMITS, "public-single": Limit(rate=5, concurrency=1)}
        with CrossrefServer(corpus.works(), limits=limits, speed=Speed(single=0.05)) as server:
            async with client(mailto=None, grants=None) as net:
                request = Request(url=f"{server.url}/works/{corpus.PLAIN}", dois=())
                await ask(net, request, 4)
        assert server.log.pools() == {"public-single"}
        assert server.log.statuses() == [200] * 4
        assert server.log.max_in_flight() == 1

    async def test_a_limit_that_changes_is_followed(self, server: CrossrefServer) -> None:
        slow = Limit(rate=2, interval=0.4, concurrency=1, header_interval="0.5s")
        async with client(grants={"single": Grant(100), "array": Grant(100)}) as net:
            await ask(net, single(server), 4)
            with server.fault("limit-change", limit=slow):
                await ask(net, single(server), 4)
        # The first request after the change cannot know of it, and may be turned away.
        after = [entry for entry in server.log if entry.faults]
        assert [entry.status for entry in after if entry.status != 429] == [200] * 4
        assert sum(entry.status == 429 for entry in after) <= 1
        gaps = [b.time - a.time for a, b in pairwise(after)]
        assert all(gap > 0.15 for gap in gaps)

    @pytest.mark.parametrize("fault", ["limit-headers-absent", "limit-headers-garbage"])
    async def test_odd_limit_headers_change_nothing(
        self, server: CrossrefServer, fault: str
    ) -> None:
        server.limiter.set_limit("polite-single", Limit(rate=100, concurrency=3))
        grants = {"single": Grant(40, concurrency=2), "array": Grant(1)}
        with server.fault(fault):
            async with client(grants=grants) as net:
                await ask(net, single(server), 8)
        assert server.log.statuses() == [200] * 8
        times = [entry.time for entry in server.log]
        assert times[-1] - times[0] > 0.12


class TestTooMany:
    @pytest.mark.parametrize("flavour", ["empty", "html"])
    async def test_without_a_time_is_given_some(self, server: CrossrefServer, flavour: str) -> None:
        async with client() as net:
            with server.fault("too-many", times=2, flavour=flavour):
                assert (await net.fetch(single(server))).status == 200
        assert server.log.statuses() == [429, 429, 200]
        first, second, third = (entry.time for entry in server.log)
        assert second - first > 0.1
        assert third - second > 0.2

    async def test_with_a_time_stops_everything_until_then(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("too-many", times=1, flavour="seconds", seconds=1):
                answers = await ask(net, single(server), 6)
        assert {answer.status for answer in answers} == {200}
        refused = next(entry.time for entry in server.log if entry.status == 429)
        # Those under way at that moment could not know.
        later = [entry.time for entry in server.log if entry.time > refused + 0.1]
        assert len(later) >= 4
        assert min(later) - refused > 0.95

    async def test_a_month_is_too_long(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("retry-after-huge", flavour="date"):
                for _ in range(2):
                    with pytest.raises(SourceUnavailable, match="left alone until 20"):
                        await net.fetch(single(server))
        assert len(server.log) == 1

    async def test_a_clock_that_is_wrong_does_not_matter(self, server: CrossrefServer) -> None:
        async with client() as net:
            with (
                server.fault("clock-jump"),
                server.fault("too-many", times=1, flavour="date", seconds=0.1),
            ):
                assert (await net.fetch(single(server))).status == 200
        assert server.log.statuses() == [429, 200]
        refused, answered = (entry.time for entry in server.log)
        assert answered - refused > 0.9


class TestTrouble:
    @pytest.mark.parametrize(
        "fault",
        [
            "server-exception",
            "bad-gateway",
            "unavailable",
            "gateway-timeout",
            "cut-before-headers",
            "reset-mid-body",
            "short-body",
            "truncated-json",
        ],
    )
    async def test_passes(self, server: CrossrefServer, fault: str) -> None:
        async with client() as net:
            with server.fault(fault, times=2):
                response = await net.fetch(single(server))
        assert record(response)["DOI"] == corpus.PLAIN
        assert len(server.log) == 3

    async def test_a_stall_is_not_waited_for(self, server: CrossrefServer) -> None:
        async with client(timeout=0.2) as net:
            with server.fault("stall", times=1, seconds=20):
                response = await net.fetch(single(server))
        assert record(response)["DOI"] == corpus.PLAIN
        assert len(server.log) >= 2

    async def test_a_stall_that_stays_is_named(self, server: CrossrefServer) -> None:
        words = r"does not answer within 0\.1 s"
        async with client(timeout=0.1, retries=1) as net:
            with server.fault("stall", seconds=20), pytest.raises(SourceUnavailable, match=words):
                await net.fetch(single(server))

    async def test_a_slow_body_is_read(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("slow-body", size=50, seconds=0.005):
                response = await net.fetch(single(server))
        assert record(response)["DOI"] == corpus.PLAIN
        assert len(server.log) == 1

    async def test_a_body_that_never_ends_is_not_read_for_ever(
        self, server: CrossrefServer
    ) -> None:
        async with client(timeout=0.1, retries=0) as net:
            with server.fault("slow-body", size=1, seconds=0.05):
                started = time.monotonic()
                with pytest.raises(SourceUnavailable, match=r"too slow|does not answer"):
                    await net.fetch(single(server))
        assert time.monotonic() - started < 5

    async def test_a_record_that_unpacks_to_too_much_is_dropped(
        self, server: CrossrefServer
    ) -> None:
        async with client(max_body=1_000_000) as net:
            huge = server.fault("huge-record", size=5_000_000)
            with huge, pytest.raises(SourceUnavailable, match="sends more than"):
                await net.fetch(single(server))
            assert record(await net.fetch(single(server)))["DOI"] == corpus.PLAIN
        assert len(server.log) == 2

    async def test_a_refused_connection_is_tried_again(self, server: CrossrefServer) -> None:
        async with client(jitter=lambda: 0.2) as net:
            with server.fault("connect-refused"):
                task = asyncio.create_task(net.fetch(single(server)))
                await asyncio.sleep(0.1)
            assert record(await task)["DOI"] == corpus.PLAIN

    async def test_a_dead_host_is_given_up(self, server: CrossrefServer) -> None:
        async with client(retries=0) as net:
            assert (await net.fetch(single(server))).status == 200
            with server.fault("connect-refused"):
                results = await asyncio.gather(
                    *(net.fetch(single(server)) for _ in range(50)), return_exceptions=True
                )
            messages = [str(error) for error in results]
            assert sum("no more are made" in message for message in messages) >= 39
            with pytest.raises(SourceUnavailable, match="no more are made"):
                await net.fetch(single(server))
        assert len(server.log) == 1

    async def test_a_host_that_never_was_there_is_given_up_sooner(
        self, server: CrossrefServer
    ) -> None:
        async with client() as net:
            started = time.monotonic()
            with server.fault("connect-refused"):
                results = await asyncio.gather(
                    *(net.fetch(single(server)) for _ in range(50)), return_exceptions=True
                )
            assert time.monotonic() - started < 2
            assert all("no connection could be made" in str(error) for error in results)
            with pytest.raises(SourceUnavailable, match="no connection"):
                await net.fetch(single(server))
        assert len(server.log) == 0

    async def test_a_name_that_nobody_knows(
        self, server: CrossrefServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[object] = []

        async def getaddrinfo(host: object, *args: object, **named: object) -> object:
            asked.append(host)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
        async with client() as net:
            for _ in range(5):
                request = Request(url="https://api.crossref.invalid/works/10.5555/a", dois=())
                with pytest.raises(SourceUnavailable, match="is this machine connected"):
                    await net.fetch(request)
        assert len(asked) == 4

    async def test_a_name_without_an_address(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("dns-failure"), pytest.raises(SourceRefused, match="plain http"):
                await net.fetch(single(server))

    async def test_a_block_is_not_run_against(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("blocked"), pytest.raises(SourceRefused, match="status 403"):
                await net.fetch(single(server))
        assert server.log.statuses() == [403]

    async def test_a_block_ends_a_whole_run(self, server: CrossrefServer) -> None:
        async with client(grants={"single": Grant(1), "array": Grant(20, concurrency=1)}) as net:
            with server.fault("blocked"):
                results = await asyncio.gather(
                    *(net.fetch(array(server)) for _ in range(30)), return_exceptions=True
                )
        assert {type(error) for error in results} == {SourceRefused}
        assert server.log.statuses() == [403]

    @pytest.mark.parametrize(
        ("fault", "words"), [("html-ok", "web page instead"), ("empty-ok", "empty answer")]
    )
    async def test_a_page_in_place_of_json(
        self, server: CrossrefServer, fault: str, words: str
    ) -> None:
        request = replace(array(server), headers={"accept": "application/json"})
        async with client() as net:
            with server.fault(fault, times=2):
                assert (await net.fetch(request)).status == 200
            with server.fault(fault), pytest.raises(SourceErred, match=words):
                await net.fetch(request)
        assert len(server.log) == 3 + 5

    @pytest.mark.parametrize(
        "fault",
        ["server-exception", "bad-gateway", "gateway-timeout", "reset-mid-body", "short-body"]
        + ["truncated-json"],
    )
    async def test_what_stays_is_told_from_silence(
        self, server: CrossrefServer, fault: str
    ) -> None:
        async with client(retries=1) as net:
            with server.fault(fault), pytest.raises(SourceErred):
                await net.fetch(array(server))
            with server.fault("cut-before-headers"), pytest.raises(SourceUnavailable) as caught:
                await net.fetch(array(server))
        assert type(caught.value) is SourceUnavailable
        assert len(server.log) == 4


class TestEncryption:
    @pytest.fixture
    async def address(self, tmp_path: Path) -> AsyncIterator[str]:
        """A server whose certificate nobody has signed but itself."""
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("openssl makes the certificate")
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        command = f"req -x509 -newkey ed25519 -nodes -keyout {key} -out {certificate} -days 1"
        subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        done = subprocess.run(
            [openssl, *command.split(), *subject], check=False, capture_output=True
        )
        if done.returncode:
            pytest.skip("openssl is too old")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            pytest.fail("a request was sent")

        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
            yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/works/10.5555/a"

    async def test_who_cannot_prove_to_be_itself_is_not_asked(self, address: str) -> None:
        async with client() as net:
            for _ in range(5):
                with pytest.raises(SourceUnavailable, match="certificate is not valid") as caught:
                    await net.fetch(Request(url=address, dois=()))
        assert type(caught.value) is SourceUnavailable
        assert "(2 tries)" in caught.value.message

    async def test_who_never_shakes_hands_is_not_waited_for(self) -> None:
        # Nobody accepts what the kernel has connected already.
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"https://127.0.0.1:{server.getsockname()[1]}/"
            async with client(timeout=0.2) as net:
                for _ in range(5):
                    with pytest.raises(SourceUnavailable, match=r"no connection within 0\.2 s"):
                        await net.fetch(Request(url=url, dois=()))


class OwnPacer:
    """A queue that is not ours, and keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @asynccontextmanager
    async def slot(
        self, key: BucketKey, still_wanted: Callable[[], None]
    ) -> AsyncIterator[Callable[[], None]]:
        still_wanted()
        self.told.append(f"slot {key.kind}")
        yield lambda: self.told.append("sent")
        self.told.append("back")

    def learn(self, key: BucketKey, headers: Mapping[str, str]) -> None:
        self.told.append(f"learn {headers.get('x-api-pool')}")

    def served(self, key: BucketKey) -> None:
        self.told.append("served")

    def back_off(self, key: BucketKey, seconds: float | None) -> float:
        self.told.append(f"back_off {seconds}")
        return 0.0


async def test_another_queue_can_take_the_place_of_ours(server: CrossrefServer) -> None:
    pacer = OwnPacer()
    with server.fault("too-many", times=1, flavour="seconds", seconds=7):
        async with Net(NetSettings(jitter=lambda: 0.0), pacer) as net:
            await net.fetch(array(server))
    assert pacer.told == [
        *("slot array", "sent", "learn None", "back_off 7.0", "back"),
        *("slot array", "sent", "learn polite-array", "served", "back"),
    ]


class TestAnswers:
    async def test_an_alias_stays_polite(self, server: CrossrefServer) -> None:
        async with client() as net:
            response = await net.fetch(single(server, corpus.ALIAS))
        assert record(response)["DOI"] == corpus.PLAIN
        assert server.log.statuses() == [301, 200]
        assert server.log.pools() == {"polite-single"}
        assert all(path.endswith(f"mailto={ME}") for path in server.log.paths())

    @pytest.mark.parametrize(
        ("fault", "body"), [("html-ok", b"<"), ("empty-ok", b""), ("message-list", b"{")]
    )
    async def test_an_odd_answer_is_left_to_the_source(
        self, server: CrossrefServer, fault: str, body: bytes
    ) -> None:
        async with client() as net:
            with server.fault(fault):
                response = await net.fetch(single(server))
        assert response.status == 200
        assert response.body[:1] == body
        assert len(server.log) == 1

    async def test_an_unknown_doi_is_asked_for_once(self, server: CrossrefServer) -> None:
        async with client() as net:
            response = await net.fetch(single(server, corpus.NOWHERE))
        assert (response.status, response.body) == (404, b"Resource not found.")
        assert len(server.log) == 1

    async def test_a_redirect_to_what_is_not_there(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("redirect-to-404", times=1):
                assert (await net.fetch(single(server))).status == 404

    async def test_a_redirect_in_a_circle(self, server: CrossrefServer) -> None:
        async with client() as net:
            with server.fault("redirect-loop"), pytest.raises(SourceUnavailable, match="circle"):
                await net.fetch(single(server))
        assert len(server.log) <= 2

    async def test_another_host_is_not_told_who_asks(self, server: CrossrefServer) -> None:
        with CrossrefServer(corpus.works(), limits=no_limits()) as other:
            async with client() as net:
                with server.fault("redirect-other-host", text=other.url):
                    response = await net.fetch(single(server))
        assert response.url.startswith(other.url)
        assert [ME in entry.path + entry.user_agent for entry in other.log] == [False]

    async def test_a_proxy_does_not_see_what_stays_on_this_machine(
        self, server: CrossrefServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        async with client(retries=0) as net:
            assert (await net.fetch(single(server))).status == 200

    async def test_connections_are_kept(self, server: CrossrefServer) -> None:
        async with client() as net:
            await ask(net, single(server), 30)
            assert net._opened is not None
            pool = net._opened._transport._pool  # type: ignore[attr-defined]
            assert 1 <= len(pool.connections) <= 3
