"""The client, against a transport of our own and in a time of our own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from refman import __version__
from refman.errors import ConfigError, SourceError, SourceRefused, SourceUnavailable
from refman.net import Net, NetSettings
from refman.net.client import MAX_FAILURES
from refman.net.limits import MAX_STRIKES
from refman.ports import Request, Response
from tests.unit.net.test_pacing import Time

ME = "me@library.test"
URL = "https://api.crossref.org/works/10.5555%2Fplain"
Answers = Callable[[httpx.Request], httpx.Response]


class Service:
    """Answers in turn, the last of them for ever; keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception | Answers) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []
        self.time = Time()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            headers = [(k, v) for k, v in answer.headers.items() if k != "content-length"]
            return httpx.Response(answer.status_code, headers=headers, content=answer.content)
        return answer(request)

    def net(self, **changes: Any) -> Net:
        settings: dict[str, Any] = {
            "mailto": ME,
            "transport": httpx.MockTransport(self),
            "clock": self.time.clock,
            "sleep": self.time.sleep,
            "jitter": lambda: 0.5,
        }
        return Net(NetSettings(**settings | changes))

    async def fetch(self, url: str = URL, **changes: Any) -> Response:
        async with self.net(**changes) as net:
            return await net.fetch(Request(url=url, dois=()))

    async def failure(self, url: str = URL, **changes: Any) -> SourceError:
        with pytest.raises(SourceError) as caught:
            await self.fetch(url, **changes)
        for secret in (ME, "mailto", "10.5555", "K3Y"):
            assert secret not in caught.value.message
        return caught.value


def found(body: bytes = b'{"status":"ok"}', **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers={"content-type": "application/json"} | named, content=body)


class TestSettings:
    def test_says_who_asks(self) -> None:
        agent = NetSettings(mailto=ME).user_agent
        assert agent == f"refman/{__version__} (citation manager; mailto:{ME})"

    @pytest.mark.parametrize("mailto", [None, "", "  "])
    def test_nobodys_address_is_built_in(self, mailto: str | None) -> None:
        settings = NetSettings(mailto=mailto)
        assert settings.mailto is None
        assert settings.user_agent == f"refman/{__version__} (citation manager)"

    @pytest.mark.parametrize(
        "mailto",
        ["me", "me@here", "me@here.test\r\nX-Evil: 1", "a b@c.test", "me@ü.test", "@c.test"],
    )
    def test_a_contact_address_must_be_one(self, mailto: str) -> None:
        with pytest.raises(ConfigError):
            NetSettings(mailto=mailto)


class TestFetch:
    async def test_gives_status_headers_and_body(self) -> None:
        service = Service(found(b'{"a":1}', X_Api_Pool="polite-single"))
        response = await service.fetch()
        assert (response.status, response.body, response.url) == (200, b'{"a":1}', URL)
        assert response.headers["x-api-pool"] == "polite-single"
        assert "content-length" not in response.headers
        sent = service.asked[0].headers
        assert f"mailto:{ME}" in sent["user-agent"]
        assert sent["accept-encoding"] == "gzip"

    async def test_sends_the_requests_own_headers(self) -> None:
        service = Service(found())
        async with service.net() as net:
            await net.fetch(Request(url=URL, dois=(), headers={"Accept": "text/plain"}))
        assert service.asked[0].headers["accept"] == "text/plain"

    @pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 404, 405, 410, 414])
    async def test_leaves_other_statuses_to_the_source(self, status: int) -> None:
        service = Service(httpx.Response(status, content=b"Resource not found."))
        assert (await service.fetch()).status == status
        assert len(service.asked) == 1

    async def test_keeps_no_cookies(self) -> None:
        service = Service(found(set_cookie="who=you; Path=/"))
        async with service.net() as net:
            for _ in range(2):
                await net.fetch(Request(url=URL, dois=()))
        assert "cookie" not in service.asked[1].headers

    async def test_asks_nothing_offline(self) -> None:
        service = Service(found())
        error = await service.failure(offline=True)
        assert isinstance(error, SourceUnavailable)
        assert error.message.startswith("Offline")
        async with service.net(offline=True) as net:
            with pytest.raises(SourceUnavailable, match="Offline"):
                async with net.turn("https://api.crossref.org", "array"):
                    pytest.fail("it should not have gone")
        assert service.asked == []

    async def test_asks_nobody_by_plain_http(self) -> None:
        service = Service(found())
        with pytest.raises(ConfigError):
            await service.fetch("http://api.crossref.org/works")
        assert service.asked == []

    async def test_a_body_too_large_is_not_tried_again(self) -> None:
        service = Service(found(b"x" * 3_000_000))
        error = await service.failure(max_body=2 * 1024 * 1024)
        assert error.message == "api.crossref.org sends more than 2 MB for one request"
        assert len(service.asked) == 1


class TestTrouble:
    @pytest.mark.parametrize(
        "trouble",
        [
            httpx.Response(429),
            httpx.Response(500),
            httpx.Response(503, headers={"retry-after": "1"}),
            httpx.ConnectTimeout("slow"),
            httpx.ReadTimeout("slow"),
            httpx.ReadError("broken"),
            httpx.RemoteProtocolError("peer closed"),
            httpx.ConnectError("refused"),
            found(b'{"status":'),
            found(b"not packed", content_encoding="br"),
        ],
    )
    async def test_passes(self, trouble: httpx.Response | Exception) -> None:
        service = Service(trouble, trouble, found())
        assert (await service.fetch()).status == 200
        assert len(service.asked) == 3

    @pytest.mark.parametrize(
        ("trouble", "words"),
        [
            (httpx.Response(429), "asks for fewer requests (status 429)"),
            (httpx.Response(502), "has trouble of its own (status 502)"),
            (httpx.ReadTimeout(f"{ME}"), "does not answer within 30 s"),
            (httpx.ConnectError(f"{URL}"), "does not answer: no connection could be made"),
            (httpx.ReadError(""), "does not answer properly: the connection broke"),
            (found(b"{"), "does not answer properly: its answer was cut off"),
        ],
    )
    async def test_stays(self, trouble: httpx.Response | Exception, words: str) -> None:
        service = Service(trouble)
        error = await service.failure(f"{URL}?mailto={ME}&api_key=K3Y")
        assert isinstance(error, SourceUnavailable)
        assert error.message == f"api.crossref.org {words} (5 tries)"
        assert len(service.asked) == 5

    @pytest.mark.parametrize(
        ("cause", "words"),
        [
            (socket.gaierror(-2, "Name or service not known"), "cannot be found"),
            (ssl.SSLCertVerificationError("expired"), "its certificate is not valid"),
        ],
    )
    async def test_is_named(self, cause: Exception, words: str) -> None:
        error = httpx.ConnectError("")
        error.__cause__ = cause
        assert words in (await Service(error).failure(retries=0)).message

    async def test_waits_longer_each_time(self) -> None:
        service = Service(httpx.Response(500))
        await service.failure(jitter=lambda: 1.0)
        assert sum(service.time.slept) == pytest.approx(1 + 2 + 4 + 8)

    async def test_waits_any_part_of_the_bound(self) -> None:
        service = Service(httpx.Response(500))
        await service.failure(jitter=lambda: 0.0)
        assert sum(service.time.slept) == pytest.approx(4 / 9.5)

    async def test_a_refusal_is_final(self) -> None:
        service = Service(httpx.Response(403, content=b"<html>"))
        error = await service.failure()
        assert isinstance(error, SourceRefused)
        assert len(service.asked) == 1

    async def test_no_retries_means_one_try(self) -> None:
        service = Service(httpx.Response(500))
        error = await service.failure(retries=0)
        assert error.message == "api.crossref.org has trouble of its own (status 500)"
        assert len(service.asked) == 1

    async def test_a_429_stops_the_others_too(self) -> None:
        service = Service(httpx.Response(429, headers={"retry-after": "90"}), found())
        waits: list[tuple[str, float]] = []
        async with service.net(on_wait=lambda host, s: waits.append((host, s))) as net:
            await asyncio.gather(*(net.fetch(Request(url=URL, dois=())) for _ in range(3)))
        assert waits == [("api.crossref.org", 90)]
        assert len(service.asked) == 4
        assert sum(service.time.slept) > 90

    async def test_one_who_only_ever_says_429_is_left_alone(self) -> None:
        service = Service(httpx.Response(429))
        async with service.net() as net:
            for _ in range(20):
                with pytest.raises(SourceUnavailable, match="429"):
                    await net.fetch(Request(url=URL, dois=()))
        assert len(service.asked) == MAX_STRIKES
        assert 60 < sum(service.time.slept) < 300

    async def test_an_answer_now_and_then_is_worth_waiting_for(self) -> None:
        few = [httpx.Response(429)] * 3
        service = Service(*(answer for _ in range(6) for answer in [*few, found()]))
        async with service.net() as net:
            for _ in range(6):
                assert (await net.fetch(Request(url=URL, dois=()))).status == 200

    async def test_one_who_wants_us_back_next_month_is_left_alone(self) -> None:
        service = Service(httpx.Response(429, headers={"retry-after": "2592000"}))
        async with service.net() as net:
            for _ in range(3):
                with pytest.raises(SourceUnavailable, match="left alone until"):
                    await net.fetch(Request(url=URL, dois=()))
        assert len(service.asked) == 1


class TestGivingUp:
    async def test_a_dead_host_is_not_asked_for_ever(self) -> None:
        service = Service(httpx.ConnectError(""))
        messages = []
        async with service.net(retries=1) as net:
            for _ in range(MAX_FAILURES + 5):
                with pytest.raises(SourceUnavailable) as caught:
                    await net.fetch(Request(url=URL, dois=()))
                messages.append(caught.value.message)
            with pytest.raises(SourceUnavailable, match="no more are made"):
                async with net.turn(URL, "array"):
                    pytest.fail("it should not have gone")
        assert len(service.asked) == 2 * MAX_FAILURES
        assert messages[-1] == (
            "api.crossref.org does not answer: 8 requests in a row failed, no more are made"
        )

    async def test_those_in_the_queue_are_told_at_once(self) -> None:
        service = Service(httpx.ConnectError(""))
        async with service.net(retries=0) as net:
            requests = [net.fetch(Request(url=URL, dois=())) for _ in range(500)]
            errors = await asyncio.gather(*requests, return_exceptions=True)
        assert {type(error) for error in errors} == {SourceUnavailable}
        assert len(service.asked) <= MAX_FAILURES + 3
        assert sum(service.time.slept) < 2

    async def test_an_answer_counts_from_the_start_again(self) -> None:
        bad, good = httpx.Response(500), found()
        service = Service(*([bad] * 7 + [good] + [bad] * 7 + [good]))
        async with service.net(retries=0) as net:
            for position in range(16):
                if position % 8 == 7:
                    assert (await net.fetch(Request(url=URL, dois=()))).status == 200
                else:
                    with pytest.raises(SourceUnavailable, match="status 500"):
                        await net.fetch(Request(url=URL, dois=()))

    async def test_a_refusing_host_is_left_alone(self) -> None:
        service = Service(httpx.Response(403))
        async with service.net() as net:
            for _ in range(MAX_FAILURES + 5):
                with pytest.raises(SourceRefused, match="refuses"):
                    await net.fetch(Request(url=URL, dois=()))
        assert len(service.asked) == MAX_FAILURES

    async def test_other_hosts_are_asked_on(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.host == "api.crossref.org":
                raise httpx.ConnectError("")
            return found()

        async with Service(answer).net(retries=0) as net:
            for _ in range(MAX_FAILURES + 1):
                with pytest.raises(SourceUnavailable):
                    await net.fetch(Request(url=URL, dois=()))
            assert (
                await net.fetch(Request(url="https://doi.org/ra/10.5555", dois=()))
            ).status == 200


class TestRedirects:
    async def test_an_alias_keeps_the_contact_address(self) -> None:
        moved = httpx.Response(301, headers={"location": "/works/10.5555%2Fprime"})
        service = Service(moved, found())
        response = await service.fetch(f"{URL}?mailto={ME}")
        end = f"https://api.crossref.org/works/10.5555%2Fprime?mailto={ME}"
        assert response.url == str(service.asked[1].url) == end

    async def test_another_host_learns_nothing_about_us(self) -> None:
        moved = httpx.Response(302, headers={"location": f"https://data.test/x?mailto={ME}"})
        service = Service(moved, found())
        headers = {"Accept": "text/plain", "Crossref-Plus-API-Token": "Bearer K3Y"}
        async with service.net() as net:
            url = f"{URL}?mailto={ME}"
            response = await net.fetch(Request(url=url, dois=(), headers=headers))
        assert response.url == "https://data.test/x"
        told = str(service.asked[1].url) + str(service.asked[1].headers.raw)
        assert ME not in told
        assert "K3Y" not in told
        assert service.asked[1].headers["accept"] == "text/plain"
        assert service.asked[1].headers["user-agent"].startswith("refman/")

    @pytest.mark.parametrize(
        "location", ["http://api.crossref.org/x", "http://other.test/", "https://127.0.0.1/x"]
    )
    async def test_unsafe_places_are_not_visited(self, location: str) -> None:
        service = Service(httpx.Response(301, headers={"location": location}))
        assert isinstance(await service.failure(), SourceRefused)
        assert len(service.asked) == 1

    async def test_a_circle_is_left(self) -> None:
        there = httpx.Response(301, headers={"location": "/there"})
        back = httpx.Response(301, headers={"location": URL})
        service = Service(there, back)
        assert "in a circle" in (await service.failure()).message
        assert len(service.asked) == 2

    async def test_no_end_is_an_end(self) -> None:
        def onward(request: httpx.Request) -> httpx.Response:
            return httpx.Response(301, headers={"location": request.url.path + "x"})

        service = Service(onward)
        assert "more than 5 times" in (await service.failure()).message
        assert len(service.asked) == 6

    async def test_a_redirect_to_nowhere_is_the_sources_business(self) -> None:
        service = Service(
            httpx.Response(301, headers={"location": "/works/gone"}), httpx.Response(404)
        )
        assert (await service.fetch()).status == 404

    async def test_a_redirect_without_a_place_is_an_answer(self) -> None:
        assert (await Service(httpx.Response(301)).fetch()).status == 301


class TestTime:
    """What takes real time: answers that do not come."""

    async def test_a_drip_is_not_waited_for(self) -> None:
        async def drip(_request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(10)
            return found()

        async with Net(
            NetSettings(transport=httpx.MockTransport(drip), timeout=0.02, retries=0)
        ) as net:
            with pytest.raises(SourceUnavailable, match="too slow"):
                await net.fetch(Request(url=URL, dois=()))

    async def test_a_cancelled_request_gives_its_turn_back(self) -> None:
        hanging = True

        async def hang(_request: httpx.Request) -> httpx.Response:
            if hanging:
                await asyncio.sleep(10)
            return found()

        async with Net(NetSettings(transport=httpx.MockTransport(hang))) as net:
            for _ in range(3):
                task = asyncio.create_task(net.fetch(Request(url=URL, dois=())))
                await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            hanging = False
            answer = await asyncio.wait_for(net.fetch(Request(url=URL, dois=())), 5)
        assert answer.status == 200


async def test_connecting_does_not_spoil_the_pace() -> None:
    time = Time()

    async def connect_and_answer(request: httpx.Request) -> httpx.Response:
        time.now += 0.3
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        time.now += 0.01
        return found()

    settings = NetSettings(
        mailto=ME,
        transport=httpx.MockTransport(connect_and_answer),
        clock=time.clock,
        sleep=time.sleep,
    )
    async with Net(settings) as net:
        for _ in range(2):
            await net.fetch(Request(url=URL, dois=()))
    assert sum(time.slept) == pytest.approx(1 / 9.5 - 0.01)


async def test_a_turn_is_paced_with_the_requests() -> None:
    service = Service(found())
    async with service.net() as net:
        await net.fetch(Request(url=URL, dois=(), kind="array"))
        async with net.turn("https://api.crossref.org", "array"):
            assert sum(service.time.slept) == pytest.approx(1 / (3 * 0.95))


def test_the_package_loads_nothing_until_it_is_used() -> None:
    program = (
        "import sys, refman.net\n"
        "heavy = {'httpx', 'httpx2', 'habanero', 'asyncio', 'ssl'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "refman.net.Net\n"
        "heavy = {'httpx2', 'habanero'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "refman.net.search\n"
        "assert 'habanero' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
