"""Named faults a test can switch on while a server runs.

A `Fault` says what goes wrong (`FaultName`), for which requests, and with which parameters. The
`FaultBox` of a server holds those switched on and hands each request the ones that strike it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from tests.crossref_server.limiter import Limit


class FaultName(StrEnum):
    """Everything that can go wrong; README.md says what each does and takes."""

    TOO_MANY = "too-many"
    RETRY_AFTER_HUGE = "retry-after-huge"
    BLOCKED = "blocked"
    UNAUTHORIZED = "unauthorized"
    SERVER_EXCEPTION = "server-exception"
    BAD_GATEWAY = "bad-gateway"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway-timeout"
    CONNECT_REFUSED = "connect-refused"
    CUT_BEFORE_HEADERS = "cut-before-headers"
    RESET_MID_BODY = "reset-mid-body"
    SLOW_BODY = "slow-body"
    STALL = "stall"
    TRUNCATED_JSON = "truncated-json"
    SHORT_BODY = "short-body"
    HTML_OK = "html-ok"
    EMPTY_OK = "empty-ok"
    MESSAGE_LIST = "message-list"
    MISSING_ITEMS = "missing-items"
    DUPLICATE_ITEMS = "duplicate-items"
    WRONG_DOI = "wrong-doi"
    WRONG_TOTAL = "wrong-total"
    CURSOR_REPEATS = "cursor-repeats"
    LIMIT_CHANGE = "limit-change"
    LIMIT_HEADERS_ABSENT = "limit-headers-absent"
    LIMIT_HEADERS_GARBAGE = "limit-headers-garbage"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_OTHER_HOST = "redirect-other-host"
    REDIRECT_TO_404 = "redirect-to-404"
    CLOCK_JUMP = "clock-jump"
    HUGE_RECORD = "huge-record"
    FLOOD = "flood"
    CHANGING_RECORD = "changing-record"
    DNS_FAILURE = "dns-failure"


FLAVOURS = ("empty", "html", "seconds", "date")
"""How a 429 looks: empty without any header (2026), HTML (2016-17), or with a Retry-After."""

_DEFAULT_SECONDS: dict[FaultName, float] = {
    FaultName.TOO_MANY: 1.0,  # Retry-After of the flavours "seconds" and "date"
    FaultName.RETRY_AFTER_HUGE: 86_400.0 * 30,
    FaultName.SLOW_BODY: 0.05,
    FaultName.STALL: 30.0,
    FaultName.LIMIT_CHANGE: 10.0,
    FaultName.CLOCK_JUMP: 86_400.0,
}
_DEFAULT_SIZE: dict[FaultName, int] = {
    FaultName.SLOW_BODY: 1,
    FaultName.MISSING_ITEMS: 1,
    FaultName.DUPLICATE_ITEMS: 1,
    FaultName.WRONG_TOTAL: 7,
    FaultName.HUGE_RECORD: 20_000_000,
    FaultName.FLOOD: 200_000_000,
}
_DEFAULT_TEXT: dict[FaultName, str] = {
    FaultName.WRONG_DOI: "10.5555/not-what-you-asked-for",
    FaultName.REDIRECT_OTHER_HOST: "http://other-host.invalid",
    FaultName.DNS_FAILURE: "http://api.crossref.invalid",
    FaultName.LIMIT_HEADERS_GARBAGE: "\u00bd per fortnight",
}


@dataclass(frozen=True)
class Fault:
    """One fault with the requests it strikes and its parameters.

    Which requests (all conditions must hold):
    times: only the first so many matching requests, None for as long as it is switched on.
    skip: let so many matching requests pass first (for "mid-run" changes).
    every: only each so-manieth matching request (2: every second one).
    dois: only requests for one of these DOIs (lower case), by either route.
    kind: "single" or "array", None for both.

    Parameters (None takes the default of that fault, see README.md):
    seconds, size, text: meaning depends on the fault.
    flavour: look of a 429, one of `FLAVOURS`.
    limit: the new limit of `LIMIT_CHANGE`.
    """

    name: FaultName
    times: int | None = None
    skip: int = 0
    every: int = 1
    dois: frozenset[str] = frozenset()
    kind: str | None = None
    seconds: float | None = None
    size: int | None = None
    text: str | None = None
    flavour: str = "empty"
    limit: Limit | None = None

    def __post_init__(self) -> None:
        if self.flavour not in FLAVOURS:
            raise ValueError(f"flavour {self.flavour!r} is none of {FLAVOURS}")
        if self.kind not in (None, "single", "array"):
            raise ValueError(f"kind {self.kind!r} is neither 'single' nor 'array'")
        if self.name is FaultName.CONNECT_REFUSED and (self.times or self.skip or self.dois):
            # A refused connection never reaches the server, so it cannot be counted or matched.
            raise ValueError("connect-refused takes no conditions: switch it on and off")

    @property
    def wait(self) -> float:
        """`seconds` or this fault's default."""
        return _DEFAULT_SECONDS.get(self.name, 0.0) if self.seconds is None else self.seconds

    @property
    def amount(self) -> int:
        """`size` or this fault's default."""
        return _DEFAULT_SIZE.get(self.name, 0) if self.size is None else self.size

    @property
    def value(self) -> str:
        """`text` or this fault's default."""
        return _DEFAULT_TEXT.get(self.name, "") if self.text is None else self.text

    @classmethod
    def of(cls, name: FaultName | str, dois: Iterable[str] = (), **parameters: object) -> Fault:
        """A fault from a name (either spelling of it) and any of the fields above.

        Raises ValueError for an unknown name and TypeError for an unknown field.
        """
        plain = FaultName(str(name).lower().replace("_", "-"))
        lowered = frozenset(doi.lower() for doi in dois)
        return replace(cls(plain, dois=lowered), **parameters)  # type: ignore[arg-type]

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A fault from a command line: ``NAME[:FIELD=VALUE,...]``.

        Several DOIs are separated by ``;``; ``limit`` is ``RATE/SECONDS/CONCURRENT``.
        Raises ValueError when it cannot be read.
        """
        name, _, rest = text.partition(":")
        known = {field.name for field in fields(cls)} - {"name"}
        found: dict[str, object] = {}
        for part in filter(None, rest.split(",")):
            key, _, value = part.partition("=")
            if key not in known:
                raise ValueError(f"fault {name!r} has no field {key!r}; one of {sorted(known)}")
            found[key] = _read_field(key, value)
        dois = found.pop("dois", ())
        assert isinstance(dois, tuple)
        return cls.of(name, dois=dois, **found)


def _read_field(key: str, value: str) -> object:
    """The value of a field of `Fault` from its text."""
    if key in ("times", "skip", "every", "size"):
        return int(value)
    if key == "seconds":
        return float(value)
    if key == "dois":
        return tuple(value.split(";"))
    if key == "limit":
        rate, seconds, concurrency = value.split("/")
        return Limit(int(rate), float(seconds), int(concurrency))
    return value


@dataclass
class _Switched:
    """A fault that is on, and how many requests it has matched and struck."""

    fault: Fault
    matched: int = 0
    struck: int = 0

    def strike(self, dois: Iterable[str], kind: str) -> bool:
        """Whether the fault strikes a request of `kind` for `dois`; counts it."""
        fault = self.fault
        if fault.kind is not None and fault.kind != kind:
            return False
        if fault.dois and fault.dois.isdisjoint(dois):
            return False
        self.matched += 1
        if self.matched <= fault.skip or (self.matched - fault.skip) % fault.every:
            return False
        if fault.times is not None and self.struck >= fault.times:
            return False
        self.struck += 1
        return True


class FaultBox:
    """The faults of a server that are switched on. Thread safe.

    `on_change` is called after every change, outside the lock, with the box.
    """

    def __init__(self, on_change: Callable[[FaultBox], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._switched: list[_Switched] = []
        self._on_change = on_change

    def add(self, fault: Fault | FaultName | str, **parameters: object) -> Fault:
        """Switch a fault on: a `Fault`, or a name with fields. Gives the fault."""
        made = fault if isinstance(fault, Fault) else Fault.of(fault, **parameters)  # type: ignore[arg-type]
        with self._lock:
            self._switched.append(_Switched(made))
        self._changed()
        return made

    def remove(self, fault: Fault) -> None:
        """Switch one off; nothing happens when it is not on."""
        with self._lock:
            self._switched = [s for s in self._switched if s.fault is not fault]
        self._changed()

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self._switched.clear()
        self._changed()

    @contextmanager
    def on(self, fault: Fault | FaultName | str, **parameters: object) -> Iterator[Fault]:
        """Switch a fault on for a ``with`` block."""
        made = self.add(fault, **parameters)
        try:
            yield made
        finally:
            self.remove(made)

    def strike(self, dois: Iterable[str], kind: str) -> list[Fault]:
        """The faults that strike this request, in the order they were switched on."""
        with self._lock:
            return [s.fault for s in self._switched if s.strike(dois, kind)]

    def is_on(self, name: FaultName) -> bool:
        """Whether any fault of that name is switched on."""
        with self._lock:
            return any(s.fault.name is name for s in self._switched)

    def struck(self, fault: Fault) -> int:
        """How many requests a fault that is on has struck so far."""
        with self._lock:
            return sum(s.struck for s in self._switched if s.fault is fault)

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change(self)
