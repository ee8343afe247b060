"""Addresses on the web: of a service in the configuration, of a page in a record."""

from __future__ import annotations

from urllib.parse import urlsplit

from refman.errors import ConfigError
from refman.text.markup import plain_text

RESOLVERS = frozenset(("doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net"))
"""Hosts whose addresses only repeat an identifier."""

_MAX_SHOWN = 300


def service_address(setting: str | None, variable: str, default: str) -> str:
    """The base address of a service: the setting, without a slash at its end, or the default.

    `variable` is the setting's name for a person. Raises `ConfigError` for what is no address of
    a service.
    """
    url = setting or default
    if not _is_service(url):
        raise ConfigError(
            f"{variable} is not the address of a service: {shown(url)}",
            f"Unset it, and {default} is asked.",
        )
    return url.rstrip("/")


def page_address(text: str) -> str | None:
    """The address of a page as a record gives it, or None for anything but http and https."""
    text = plain_text(text)
    if not text.lower().startswith(("http://", "https://")) or " " in text:
        return None
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return None
    return text if host else None


def is_resolver(address: str) -> bool:
    """Whether an address that `page_address` gave is the resolver's, and so says nothing more."""
    return urlsplit(address).hostname in RESOLVERS


def shown(text: object) -> str:
    """Foreign text on one line and not too long, for a message."""
    printable = (char if char.isprintable() else " " for char in str(text or "")[:_MAX_SHOWN])
    return " ".join("".join(printable).split())


def _is_service(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
