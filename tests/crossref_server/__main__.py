"""Run the imitation by hand: ``python -m tests.crossref_server --port 8099 --works FILE``."""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.crossref_server import corpus
from tests.crossref_server.crossref import CrossrefServer
from tests.crossref_server.faults import FLAVOURS, Fault, FaultName
from tests.crossref_server.limiter import parse_limits
from tests.crossref_server.messages import Json
from tests.crossref_server.neighbours import DataciteServer, DoiOrgServer, OpenAlexServer
from tests.crossref_server.server import LoopbackServer, Wire
from tests.crossref_server.speed import Speed
from tests.crossref_server.store import read_works

_EPILOG = "faults: " + ", ".join(FaultName) + ". README.md says what each does."


def parse_latency(text: str) -> Speed:
    """``none``, ``real``, or ``SINGLE/BATCH[/P99[/PER_10KB]]`` in seconds."""
    if text == "none":
        return Speed()
    if text == "real":
        return Speed.realistic()
    numbers = [float(part) for part in text.split("/")]
    single, batch, p99, per_10kb = (*numbers, 0.0, 0.0, 0.0)[:4]
    return Speed(single=single, batch=batch, p99=p99, per_10kb=per_10kb)


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.crossref_server",
        description="An imitation of the Crossref REST API on 127.0.0.1.",
        epilog=_EPILOG,
    )
    add = parser.add_argument
    add("--port", type=int, default=8099, help="port of the API, 0 for a free one (default 8099)")
    add(
        "--works",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="works, one JSON object a line, .gz too; may be given again (default: the corpus)",
    )
    add("--alias", action="append", default=[], metavar="DOI=DOI", help="an alias and its prime")
    add(
        "--fault",
        type=Fault.parse,
        action="append",
        default=[],
        metavar="NAME[:FIELD=VALUE,...]",
        help="switch a fault on, for instance too-many:times=3,flavour=seconds",
    )
    add(
        "--pool-limits",
        type=parse_limits,
        default="default",
        metavar="LIMITS",
        help="none, default or POOL=RATE/SECONDS/CONCURRENT,... (polite-array=1/10/1)",
    )
    add(
        "--latency",
        type=parse_latency,
        default="none",
        metavar="TIMES",
        help="none, real, or SINGLE/BATCH[/P99[/PER_10KB]] in seconds",
    )
    add("--flavour", choices=FLAVOURS, default="empty", help="how the limiter's 429 looks")
    add("--charset", action="store_true", help="send application/json;charset=utf-8")
    add("--cursor-lifetime", type=float, default=300.0, metavar="SECONDS")
    add("--plus-token", action="append", default=[], metavar="KEY", help="a Plus key that is good")
    add("--doi-org-port", type=int, metavar="PORT", help="imitate doi.org too")
    add("--datacite-port", type=int, metavar="PORT", help="imitate DataCite too")
    add("--datacite-works", type=Path, metavar="FILE", help="its records (default: the corpus)")
    add("--openalex-port", type=int, metavar="PORT", help="imitate OpenAlex too")
    add("--openalex-works", type=Path, metavar="FILE", help="its works (default: none)")
    add("--quiet", action="store_true", help="do not print the requests")
    return parser


def build_servers(options: argparse.Namespace) -> list[LoopbackServer]:
    """The servers asked for, not yet started; the API comes first."""
    works: Iterable[Json] = (
        itertools.chain.from_iterable(map(read_works, options.works))
        if options.works
        else corpus.works()
    )
    aliases = dict(pair.split("=", 1) for pair in options.alias)
    if not options.works:
        aliases = {**corpus.aliases(), **aliases}
    json_type = "application/json;charset=utf-8" if options.charset else "application/json"
    servers: list[LoopbackServer] = [
        CrossrefServer(
            works,
            aliases=aliases,
            agencies=corpus.agency_ids(),
            limits=options.pool_limits,
            faults=options.fault,
            speed=options.latency,
            port=options.port,
            cursor_lifetime=options.cursor_lifetime,
            plus_tokens=options.plus_token,
            wire=Wire(json_type=json_type, flavour=options.flavour),
        )
    ]
    if options.doi_org_port is not None:
        servers.append(DoiOrgServer(corpus.agencies(), port=options.doi_org_port))
    if options.datacite_port is not None:
        file = options.datacite_works
        records = read_works(file) if file else corpus.datacite_works()
        servers.append(DataciteServer(records, port=options.datacite_port))
    if options.openalex_port is not None:
        held = read_works(options.openalex_works) if options.openalex_works else []
        servers.append(OpenAlexServer(held, port=options.openalex_port))
    return servers


def print_requests(servers: Sequence[LoopbackServer], stop: threading.Event) -> None:
    """Print each server's log as it grows, until `stop` is set."""
    printed = [0] * len(servers)
    while not stop.wait(0.2):
        for index, server in enumerate(servers):
            for entry in server.log.entries[printed[index] :]:
                printed[index] += 1
                notes = " ".join(filter(None, [entry.refused, *entry.faults]))
                print(
                    f"{entry.time:.3f} {entry.status or '...'} {entry.method} {entry.pool}"
                    f" {entry.key} {entry.in_flight} {entry.path} {notes}".rstrip(),
                    flush=True,
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    options = build_parser().parse_args(arguments)
    stop = threading.Event()
    with ExitStack() as stack:
        servers = [stack.enter_context(server) for server in build_servers(options)]
        for server in servers:
            print(f"{type(server).__name__} {server.url}", flush=True)
        if not options.quiet:
            threading.Thread(target=print_requests, args=(servers, stop), daemon=True).start()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            stop.set()
    return 0


if __name__ == "__main__":
    sys.exit(main())
