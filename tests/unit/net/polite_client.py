"""A process that asks a service through a shared pace, run by the tests of it.

    python -m tests.unit.net.polite_client FOLDER URL KIND TIMES MAILTO

It prints a status a line, "-" where there was none.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from refman.errors import SourceError
from refman.net import Net, NetSettings, SharedPacer
from refman.ports import Request


async def main(folder: str, url: str, kind: str, times: str, mailto: str) -> None:
    settings = NetSettings(mailto=mailto or None)
    pacer = SharedPacer(Path(folder), mailto=settings.mailto)

    async def one(net: Net) -> None:
        try:
            status = str((await net.fetch(Request(url=url, dois=(), kind=kind))).status)
        except SourceError:
            status = "-"
        print(status, flush=True)

    async with Net(settings, pacer) as net:
        await asyncio.gather(*(one(net) for _ in range(int(times))))


if __name__ == "__main__":
    # The certificates of the world take a while to read, and no test needs them.
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = sys.argv[1]
    asyncio.run(main(*sys.argv[1:]))
