"""A faithful imitation of the Crossref REST API on 127.0.0.1, for tests and by hand.

    with CrossrefServer(corpus.works(), aliases=corpus.aliases(), limits=no_limits()) as server:
        with server.fault("too-many", times=2):
            ...  # requests to server.url
        assert server.log.times_asked("10.5555/plain") == 1

See README.md for the faults and ``python -m tests.crossref_server --help``.
"""

from __future__ import annotations

from tests.crossref_server.crossref import CrossrefServer
from tests.crossref_server.faults import Fault, FaultBox, FaultName
from tests.crossref_server.limiter import CROSSREF_LIMITS, UNLIMITED, Limit, no_limits
from tests.crossref_server.log import LogEntry, RequestLog
from tests.crossref_server.neighbours import (
    DATACITE_LIMITS,
    DataciteServer,
    DoiOrgServer,
    OpenAlexServer,
)
from tests.crossref_server.server import LoopbackServer, Wire
from tests.crossref_server.speed import Speed
from tests.crossref_server.store import read_works

__all__ = [
    "CROSSREF_LIMITS",
    "DATACITE_LIMITS",
    "UNLIMITED",
    "CrossrefServer",
    "DataciteServer",
    "DoiOrgServer",
    "Fault",
    "FaultBox",
    "FaultName",
    "Limit",
    "LogEntry",
    "LoopbackServer",
    "OpenAlexServer",
    "RequestLog",
    "Speed",
    "Wire",
    "no_limits",
    "read_works",
]
