"""Which addresses are asked, and where a redirect may lead.

Only https, and plain http to this machine alone, because an answer that anyone on the way can
change is no evidence. A contact address is meant for the service it was given to, and does not
travel on to another.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote_plus

import httpx

from refman.errors import ConfigError, SourceRefused, SourceUnavailable


def checked(address: str) -> httpx.URL:
    """The address of a request. Raises `ConfigError` where it is none we would ask."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError) as error:
        raise ConfigError("The address of a source is malformed") from error
    if not _is_sound(url):
        raise ConfigError("The address of a source must be a host's, and begin with https://")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigError(
            f"{origin(url)} is not asked: plain http is for this machine only",
            f"Use https://{origin(url)}.",
        )
    return url


def redirected(url: httpx.URL, location: str, mailto: str | None) -> httpx.URL:
    """Where a redirect from `url` leads, its `mailto` put back or taken off.

    Raises `SourceRefused` for a place where we do not go, `SourceUnavailable` for nonsense.
    """
    try:
        target = url.join(location)
    except httpx.InvalidURL as error:
        message = f"{origin(url)} redirects to a malformed address"
        raise SourceUnavailable(message) from error
    if not _is_sound(target) or target.userinfo:
        raise SourceRefused(f"{origin(url)} redirects to something that is not an address")
    if target.scheme == "http" and (url.scheme == "https" or not is_loopback(target.host)):
        raise SourceRefused(f"{origin(url)} redirects to plain http, which is not followed")
    if is_loopback(target.host) and not is_loopback(url.host):
        raise SourceRefused(f"{origin(url)} redirects to this machine, which is not followed")
    from_outside = not _is_private(url.host) or is_loopback(url.host)
    if _is_private(target.host) and not is_loopback(target.host) and from_outside:
        raise SourceRefused(
            f"{origin(url)} redirects into a private network, which is not followed"
        )
    target = target.copy_with(fragment=None)
    if origin(target) == origin(url):
        return _with_mailto(target, url)
    return _without_mailto(target, mailto)


def origin(url: httpx.URL) -> str:
    """The host, with the port where it is not the usual one: for counting and for messages."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port is None else f"{host}:{url.port}"


def is_loopback(host: str) -> bool:
    """Whether a host's name or number is this machine's own."""
    address = _number(host)
    if address is not None:
        return address.is_loopback
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def _is_private(host: str) -> bool:
    """Whether a host is none that all the world can reach, as far as its name or number tells.

    A number in a spelling that only the system's resolver reads (`127.1`, `0x7f000001`) is one.
    """
    address = _number(host)
    if address is not None:
        return not address.is_global
    last = host.lower().removesuffix(".").rpartition(".")[2]
    return is_loopback(host) or last.isdigit() or last.startswith("0x")


def _number(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is given by; None for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _is_sound(url: httpx.URL) -> bool:
    """Whether an address has what a connection needs, within the bounds of DNS and TCP."""
    return (
        url.scheme in {"http", "https"}
        and (url.port is None or 0 < url.port < 65536)
        and 0 < len(url.raw_host) <= 253
        and all(0 < len(label) <= 63 for label in url.raw_host.removesuffix(b".").split(b"."))
    )


def _with_mailto(target: httpx.URL, before: httpx.URL) -> httpx.URL:
    """The target with the contact address that the request before it had."""
    given = [part for part in before.query.split(b"&") if part.startswith(b"mailto=")]
    parts = [part for part in target.query.split(b"&") if part]
    if not given or any(part.startswith(b"mailto=") for part in parts):
        return target
    return target.copy_with(query=b"&".join([*parts, given[0]]))


def _without_mailto(target: httpx.URL, mailto: str | None) -> httpx.URL:
    """The target without our contact address or key, wherever its query has it."""
    parts = [part for part in target.query.split(b"&") if part]
    kept = [part for part in parts if not _is_contact(part, mailto)]
    return target if kept == parts else target.copy_with(query=b"&".join(kept) or None)


def _is_contact(part: bytes, mailto: str | None) -> bool:
    name, _, value = unquote_plus(part.decode("ascii", "replace")).partition("=")
    return name in ("mailto", "api_key") or (mailto is not None and value.lower() == mailto.lower())
