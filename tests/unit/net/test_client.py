"""The client, against a transport of our own and in a time of our own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from refman import __version__
from refman.errors import ConfigError, SourceErred, SourceError, SourceRefused, SourceUnavailable
from refman.net import Net, NetSettings
from refman.net.failures import MAX_ERRORS, MAX_FAILURES, MAX_UNREACHED, WINDOW
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

    async def test_what_has_not_changed_is_an_answer(self) -> None:
        headers = {"etag": '"one"', "last-modified": "Tue, 03 Nov 2026 09:00:00 GMT"}
        service = Service(*[httpx.Response(304, headers=headers)] * 3)
        asked = {"If-None-Match": '"one"', "If-Modified-Since": headers["last-modified"]}
        waits: list[float] = []
        async with service.net(on_wait=lambda _host, s: waits.append(s)) as net:
            response = await net.fetch(
                Request(url=URL, dois=(), headers={"Accept": "application/json"} | asked)
            )
        assert (response.status, response.body) == (304, b"")
        assert response.headers["etag"] == '"one"'
        assert service.asked[0].headers["if-none-match"] == '"one"'
        assert service.asked[0].headers["if-modified-since"] == headers["last-modified"]
        assert len(service.asked) == 1

    async def test_what_has_not_changed_ends_the_counting_of_failures(self) -> None:
        bad, same = httpx.Response(500), httpx.Response(304)
        service = Service(*([bad] * (MAX_FAILURES - 1) + [same]) * 3)
        async with service.net(retries=0) as net:
            for position in range(2 * MAX_FAILURES):
                if position % MAX_FAILURES == MAX_FAILURES - 1:
                    assert (await net.fetch(Request(url=URL, dois=()))).status == 304
                else:
                    with pytest.raises(SourceErred):
                        await net.fetch(Request(url=URL, dois=()))

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
        assert type(error) is SourceErred
        assert error.message == "api.crossref.org sends more than 2 MB for one request"
        assert len(service.asked) == 1

    async def test_what_says_that_it_is_too_large_is_not_even_read(self) -> None:
        def vast(_request: httpx.Request) -> httpx.Response:
            async def body() -> AsyncIterator[bytes]:
                pytest.fail("it was read")
                yield b""

            return httpx.Response(200, headers={"content-length": "209715200"}, content=body())

        error = await Service(vast).failure()
        assert error.message == "api.crossref.org sends more than 64 MB for one request"


class TestTrouble:
    @pytest.mark.parametrize(
        "trouble",
        [
            httpx.Response(429),
            httpx.Response(500),
            httpx.Response(503, headers={"retry-after": "1"}),
            httpx.ReadTimeout("slow"),
            httpx.ReadError("broken"),
            httpx.RemoteProtocolError("peer closed"),
            found(b'{"status":'),
            found(b"not packed", content_encoding="br"),
        ],
    )
    async def test_passes(self, trouble: httpx.Response | Exception) -> None:
        service = Service(trouble, trouble, found())
        assert (await service.fetch()).status == 200
        assert len(service.asked) == 3

    @pytest.mark.parametrize(
        ("trouble", "words", "kind"),
        [
            (httpx.Response(429), "asks for fewer requests (status 429)", SourceUnavailable),
            (
                httpx.Response(503, headers={"retry-after": "1"}),
                "has trouble of its own (status 503)",
                SourceUnavailable,
            ),
            (httpx.ReadTimeout(f"{ME}"), "does not answer within 30 s", SourceUnavailable),
            (
                httpx.ReadError(""),
                "does not answer properly: the connection broke",
                SourceUnavailable,
            ),
            (httpx.Response(500), "has trouble of its own (status 500)", SourceErred),
            (httpx.Response(502), "has trouble of its own (status 502)", SourceErred),
            (httpx.Response(503), "has trouble of its own (status 503)", SourceErred),
            (httpx.Response(504), "has trouble of its own (status 504)", SourceErred),
            (found(b"{"), "does not answer properly: its answer was cut off", SourceErred),
            (
                found(b"{}", content_encoding="br"),
                "does not answer properly: its answer is packed in a way that was not asked for",
                SourceErred,
            ),
        ],
    )
    async def test_stays(
        self, trouble: httpx.Response | Exception, words: str, kind: type[SourceError]
    ) -> None:
        service = Service(trouble)
        error = await service.failure(f"{URL}?mailto={ME}&api_key=K3Y")
        assert type(error) is kind
        assert error.message == f"api.crossref.org {words} (5 tries)"
        assert len(service.asked) == 5

    async def test_silence_among_the_errors_leaves_the_question_open(self) -> None:
        service = Service(httpx.Response(500), httpx.ReadTimeout(""), httpx.Response(500))
        assert type(await service.failure()) is SourceUnavailable

    @pytest.mark.parametrize(
        "trouble", [httpx.ConnectTimeout("slow"), httpx.ConnectError("refused")]
    )
    async def test_one_who_has_answered_is_worth_all_tries(self, trouble: Exception) -> None:
        service = Service(found(), *[trouble] * 4, found())
        async with service.net() as net:
            for _ in range(2):
                assert (await net.fetch(Request(url=URL, dois=()))).status == 200
        assert len(service.asked) == 6

    @pytest.mark.parametrize(
        ("trouble", "words"),
        [
            (httpx.ConnectTimeout(f"{URL}"), "does not answer: no connection within 10 s"),
            (httpx.ConnectError(f"{URL}"), "does not answer: no connection could be made"),
            (httpx.ProxyError(f"{URL}"), "does not answer: no connection could be made"),
        ],
    )
    async def test_one_who_never_answered_is_worth_two(
        self, trouble: Exception, words: str
    ) -> None:
        service = Service(trouble)
        error = await service.failure(f"{URL}?mailto={ME}&api_key=K3Y")
        assert type(error) is SourceUnavailable
        assert error.message == f"api.crossref.org {words} (2 tries)"
        assert len(service.asked) == 2
        again = Service(trouble, found())
        assert (await again.fetch()).status == 200

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

    async def test_a_wait_of_our_own_choosing_is_told_too(self) -> None:
        service = Service(*[httpx.Response(429)] * 3, found())
        waits: list[float] = []
        async with service.net(on_wait=lambda _host, s: waits.append(s)) as net:
            await net.fetch(Request(url=URL, dois=()))
        assert waits == pytest.approx([1, 2, 4])

    async def test_no_wait_is_not_told(self) -> None:
        soon = {"retry-after": "0"}
        service = Service(httpx.Response(503, headers=soon), httpx.Response(500), found())
        waits: list[float] = []
        async with service.net(on_wait=lambda _host, s: waits.append(s)) as net:
            await net.fetch(Request(url=URL, dois=()))
        assert waits == []

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


class TestSomethingElse:
    """What answers in place of the service."""

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"<!DOCTYPE html><title>Log in</title>", "sends a web page instead of data"),
            (b"\xef\xbb\xbf \r\n<html>", "sends a web page instead of data"),
            (b"", "sends an empty answer"),
            (b"\xef\xbb\xbf\n", "sends an empty answer"),
        ],
    )
    @pytest.mark.parametrize(
        "accept", ["application/json", "application/vnd.citationstyles.csl+JSON"]
    )
    async def test_is_no_json(self, body: bytes, words: str, accept: str) -> None:
        request = Request(url=URL, dois=(), headers={"Accept": accept})
        service = Service(found(body, content_type="text/html"))
        async with service.net() as net:
            with pytest.raises(SourceErred) as caught:
                await net.fetch(request)
        assert caught.value.message == f"api.crossref.org {words} (5 tries)"
        passing = Service(found(body), found())
        async with passing.net() as net:
            assert (await net.fetch(request)).body == b'{"status":"ok"}'

    @pytest.mark.parametrize("accept", [None, "text/html", "application/xml"])
    async def test_may_be_what_was_asked_for(self, accept: str | None) -> None:
        service = Service(found(b"<html>", content_type="text/html"))
        headers = {"accept": accept} if accept else {}
        async with service.net() as net:
            response = await net.fetch(Request(url=URL, dois=(), headers=headers))
        assert response.body == b"<html>"

    @pytest.mark.parametrize("status", [404, 204, 400])
    async def test_is_no_matter_in_what_is_no_record(self, status: int) -> None:
        service = Service(httpx.Response(status, content=b"" if status == 204 else b"<html>"))
        async with service.net() as net:
            headers = {"accept": "application/json"}
            response = await net.fetch(Request(url=URL, dois=(), headers=headers))
        assert response.status == status


class TestGivingUp:
    async def test_a_silent_host_is_not_asked_for_ever(self) -> None:
        service = Service(httpx.ReadTimeout(""))
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
            "api.crossref.org does not answer: 8 requests in a row failed "
            "(the last one: it does not answer within 30 s), no more are made"
        )

    async def test_where_nothing_was_ever_reached_it_is_over_soon(self) -> None:
        service = Service(httpx.ConnectError(""))
        messages = set()
        async with service.net(retries=4) as net:
            for _ in range(200):
                with pytest.raises(SourceUnavailable) as caught:
                    await net.fetch(Request(url=URL, dois=()))
                messages.add(caught.value.message)
        assert len(service.asked) == 2 * MAX_UNREACHED
        assert messages == {
            "api.crossref.org does not answer: no connection could be made (2 tries)"
        }

    async def test_one_that_went_away_is_given_more_time(self) -> None:
        service = Service(httpx.Response(404), httpx.ConnectError(""))
        async with service.net(retries=0) as net:
            await net.fetch(Request(url=URL, dois=()))
            for _ in range(MAX_FAILURES + 5):
                with pytest.raises(SourceUnavailable):
                    await net.fetch(Request(url=URL, dois=()))
        assert len(service.asked) == 1 + MAX_FAILURES

    async def test_those_in_the_queue_are_told_at_once(self) -> None:
        service = Service(httpx.ConnectError(""))
        async with service.net(retries=0) as net:
            requests = [net.fetch(Request(url=URL, dois=())) for _ in range(500)]
            errors = await asyncio.gather(*requests, return_exceptions=True)
        assert {type(error) for error in errors} == {SourceUnavailable}
        assert len(service.asked) <= MAX_UNREACHED + 3
        assert sum(service.time.slept) < 2

    async def test_one_that_fails_every_other_time_is_left_alone(self) -> None:
        service = Service(*[httpx.Response(500), found()] * 200)
        async with service.net(retries=1) as net:
            for _ in range(MAX_ERRORS):
                await net.fetch(Request(url=URL, dois=()))
            with pytest.raises(SourceUnavailable) as caught:
                await net.fetch(Request(url=URL, dois=()))
        assert type(caught.value) is SourceUnavailable
        assert caught.value.message == (
            "api.crossref.org fails too often: 50 of the last 100 requests failed, no more are made"
        )
        assert len(service.asked) == WINDOW

    @pytest.mark.parametrize(
        "others",
        [
            [httpx.Response(500), found(), found()],
            [httpx.Response(429), found()],
            [httpx.Response(404)],
        ],
    )
    async def test_a_few_errors_or_what_is_none_stop_nothing(
        self, others: list[httpx.Response]
    ) -> None:
        service = Service(*others * 200)
        async with service.net() as net:
            for _ in range(WINDOW):
                await net.fetch(Request(url=URL, dois=()))

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
            with pytest.raises(SourceRefused, match="refuses"):
                async with net.turn(URL, "array"):
                    pytest.fail("it should not have gone")
        assert len(service.asked) == 1

    async def test_a_refusal_holds_for_those_who_wait_their_turn_already(self) -> None:
        service = Service(httpx.Response(403), found())
        async with service.net() as net:
            requests = [net.fetch(Request(url=URL, dois=(), kind="array")) for _ in range(20)]
            errors = await asyncio.gather(*requests, return_exceptions=True)
        assert {type(error) for error in errors} == {SourceRefused}
        assert len(service.asked) == 1

    async def test_an_answer_to_another_does_not_lift_a_refusal(self) -> None:
        calm = asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/slow":
                await calm.wait()
                return found()
            return httpx.Response(403)

        transport = httpx.MockTransport(answer)
        async with Net(NetSettings(mailto=ME, transport=transport)) as net:
            slow = asyncio.create_task(net.fetch(Request(url=f"{URL[:24]}/slow", dois=())))
            await asyncio.sleep(0.01)
            for _ in range(2):
                with pytest.raises(SourceRefused):
                    await net.fetch(Request(url=URL, dois=()))
            calm.set()
            assert (await slow).status == 200
            with pytest.raises(SourceRefused):
                await net.fetch(Request(url=URL, dois=()))

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
        headers = {
            "Accept": "text/plain",
            "Crossref-Plus-API-Token": "Bearer K3Y",
            "If-None-Match": '"ours"',
            "If-Modified-Since": "Tue, 03 Nov 2026 09:00:00 GMT",
        }
        async with service.net() as net:
            url = f"{URL}?mailto={ME}"
            response = await net.fetch(Request(url=url, dois=(), headers=headers))
        assert response.url == "https://data.test/x"
        told = str(service.asked[1].url) + str(service.asked[1].headers.raw)
        assert ME not in told
        assert "K3Y" not in told
        assert "if-" not in told.lower()
        assert service.asked[1].headers["accept"] == "text/plain"
        assert service.asked[1].headers["user-agent"].startswith("refman/")

    @pytest.mark.parametrize(
        "location",
        [
            *("http://api.crossref.org/x", "http://other.test/", "https://127.0.0.1/x"),
            *("https://10.0.0.7/x", "https://192.168.1.1/", "https://169.254.169.254/latest"),
            *("https://[fd00::1]/", "https://[::ffff:10.0.0.7]/", "https://0.0.0.0/"),
            *(
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://localhost./",
            ),
        ],
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
