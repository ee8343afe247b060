"""Addresses of services and pages."""

from __future__ import annotations

import pytest

from refman.errors import ConfigError
from refman.text.addresses import is_resolver, page_address, service_address, shown

DEFAULT = "https://api.example.org"


def test_a_service_is_the_setting_or_the_default() -> None:
    assert service_address(None, "X_URL", DEFAULT) == DEFAULT
    assert service_address("", "X_URL", DEFAULT) == DEFAULT
    assert service_address("http://127.0.0.1:9/v2/", "X_URL", DEFAULT) == "http://127.0.0.1:9/v2"


@pytest.mark.parametrize(
    "url", ["api.example.org", "ftp://a.test", "https://", "http://[", "https://a.test:99999"]
)
def test_what_is_no_service_is_told_by_its_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="X_URL is not the address"):
        service_address(url, "X_URL", DEFAULT)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://zenodo.org/record/1", "https://zenodo.org/record/1"),
        (" HTTP://a.test/x\x07 ", "HTTP://a.test/x"),
        ("ftp://a.test/x", None),
        ("info:eu-repo/semantics/openAccess", None),
        ("https://", None),
        ("http://[", None),
        ("https://a.test/x y", None),
        ("javascript:alert(1)", None),
    ],
)
def test_pages(text: str, address: str | None) -> None:
    assert page_address(text) == address


def test_resolvers_only_repeat_an_identifier() -> None:
    assert is_resolver("https://doi.org/10.5555/x")
    assert is_resolver("http://dx.doi.org/10.5555/x")
    assert not is_resolver("https://zenodo.org/doi.org")


def test_shown_is_one_short_line() -> None:
    assert shown("a\x1b[31m\nb" + "c" * 1_000) == "a [31m b" + "c" * 292
    assert shown(None) == ""
