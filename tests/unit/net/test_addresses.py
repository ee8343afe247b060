"""Which addresses are asked, and where redirects may lead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import ConfigError, SourceError
from refman.net.addresses import checked, origin, redirected

ME = "me@library.test"


@pytest.mark.parametrize(
    "address",
    [
        "https://api.crossref.org/works/10.5555%2Fplain",
        "http://127.0.0.1:8099/works",
        "http://127.8.8.8/works",
        "http://[::1]:8099/works",
        "http://localhost/works",
    ],
)
def test_asks_https_and_this_machine(address: str) -> None:
    assert str(checked(address)) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://api.crossref.org/works",
        "http://127.0.0.1.evil.test/",
        "http://localhost.evil.test/",
        "http://127.0.0.1@evil.test/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://[::ffff:10.0.0.1]/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//api.crossref.org/works",
        "api.crossref.org/works",
        "https:///works",
        "https://[::1",
        "https://a\nb/",
        "",
    ],
)
def test_asks_nothing_else(address: str) -> None:
    with pytest.raises(ConfigError):
        checked(address)


def test_says_what_to_use_instead_and_tells_no_secrets() -> None:
    with pytest.raises(ConfigError) as caught:
        checked(f"http://user:secret@api.crossref.org/works?mailto={ME}&api_key=K3Y")
    assert caught.value.hint == "Use https://api.crossref.org."
    for secret in ("secret", ME, "K3Y"):
        assert secret not in caught.value.message + (caught.value.hint or "")


@pytest.mark.parametrize(
    "path",
    [
        "10.1002%2F%28sici%291097-0000%28199901%2912%3A3%3C45%3A%3Aaid-abc6%3E3.0.co%3B2-%23",
        "10.5555%2F50%2525-solution",
        "10.5555%2F%C3%BCberpr%C3%BCfung",
    ],
)
def test_leaves_an_encoded_doi_as_it_is(path: str) -> None:
    assert checked(f"https://api.crossref.org/works/{path}").raw_path == f"/works/{path}".encode()


@pytest.mark.parametrize(
    ("start", "location", "end"),
    [
        # An alias: the service drops the query, the contact address comes back.
        (f"https://a.test/works/x?mailto={ME}", "/works/y", f"https://a.test/works/y?mailto={ME}"),
        (
            f"https://a.test/works/x?rows=1&mailto={ME}",
            "https://a.test/works/y?z=%2C",
            f"https://a.test/works/y?z=%2C&mailto={ME}",
        ),
        (
            f"https://a.test/works/x?mailto={ME}",
            "/works/y?mailto=other@b.test",
            "https://a.test/works/y?mailto=other@b.test",
        ),
        ("https://a.test/works/x", "/works/y#part", "https://a.test/works/y"),
        ("https://a.test/x", "y%2Fz", "https://a.test/y%2Fz"),
        # Another host gets none of it.
        (f"https://a.test/works/x?mailto={ME}", "https://b.test/y", "https://b.test/y"),
        (
            f"https://a.test/x?mailto={ME}",
            f"https://b.test/y?q=1&mailto={ME}",
            "https://b.test/y?q=1",
        ),
        (
            f"https://a.test/x?mailto={ME}",
            "https://b.test/y?email=ME%40library.test",
            "https://b.test/y",
        ),
        (
            f"https://a.test/x?mailto={ME}",
            f"https://a.test:8443/y?mailto={ME}",
            "https://a.test:8443/y",
        ),
        # From this machine anywhere safe.
        ("http://127.0.0.1:1/x", "https://b.test/y", "https://b.test/y"),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:2/y", "http://127.0.0.1:2/y"),
    ],
)
def test_follows(start: str, location: str, end: str) -> None:
    assert str(redirected(checked(start), location, ME)) == end


@pytest.mark.parametrize(
    ("start", "location"),
    [
        ("https://a.test/x", "http://a.test/x"),
        ("https://a.test/x", "http://127.0.0.1/x"),
        ("https://a.test/x", "https://127.0.0.1:8080/admin"),
        ("https://a.test/x", "https://localhost/admin"),
        ("http://127.0.0.1:1/x", "http://b.test/x"),
        ("https://a.test/x", "file:///etc/passwd"),
        ("https://a.test/x", "javascript:alert(1)"),
        ("https://a.test/x", "mailto:me@a.test"),
        ("https://a.test/x", "https://user:secret@b.test/"),
        ("https://a.test/x", "https://[::1"),
        ("https://a.test/x", "https://b.test:99999999/"),
        ("https://a.test/x", f"https://{'b' * 64}.test/"),
        ("https://a.test/x", "https://b..test/"),
    ],
)
def test_does_not_follow(start: str, location: str) -> None:
    with pytest.raises(SourceError) as caught:
        redirected(checked(start), location, ME)
    assert caught.value.message.startswith(origin(checked(start)))
    assert "secret" not in caught.value.message


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_location_is_safe_or_refused(location: str) -> None:
    start = checked(f"https://a.test/works/x?mailto={ME}")
    try:
        target = redirected(start, location, ME)
    except SourceError:
        return
    assert target.scheme == "https"
    assert origin(target) == "a.test" or ME not in str(target)
