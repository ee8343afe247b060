"""One kill: begin a kind of work, stop it at some moment, and look at what it left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random

from refman.services.library import Library
from tests.crash.kinds import Begun, Kind, crossref_works
from tests.crash.state import integrity, is_being_written, signature
from tests.crossref_server import CrossrefServer, Speed, no_limits

REFMAN = [sys.executable, "-m", "refman"]
_LOOK_SECONDS = 0.0005
_PATIENCE_SECONDS = 120.0
_LEAST_SECONDS = 0.002


class Bench:
    """What a kind of work begins with, in a folder that is copied for each kill."""

    def __init__(self, kind: Kind, size: int, root: Path) -> None:
        self.kind = kind
        self._root = root
        self._server = (
            CrossrefServer(crossref_works(size), limits=no_limits(), speed=Speed(batch=0.05))
            if kind.name == "enrich"
            else None
        )
        self.begun = Begun(root / "seed", size)

    @contextmanager
    def ready(self) -> Iterator[Bench]:
        """Make the beginning."""
        self.begun.folder.mkdir(parents=True)
        self.kind.prepare(self.begun.folder, self.begun.size)
        self.begun.before = self._signature(self.begun.folder)
        with self._server or nullcontext():
            yield self

    def measure(self) -> None:
        """See how long it takes, when it writes, and what comes of it where nothing stops it."""
        folder = self._copy()
        begun = time.monotonic()
        first = last = 0.0
        process = self._start(folder)
        while process.poll() is None:
            if self._is_at_it(folder):
                last = time.monotonic() - begun
                first = first or last
            time.sleep(_LOOK_SECONDS)
        self.begun.seconds = time.monotonic() - begun
        self.begun.writing = max(last - first, _LEAST_SECONDS)
        assert process.returncode in (0, 1), (folder / "said").read_text()
        self.begun.after = self._signature(folder)
        shutil.rmtree(folder)

    def _signature(self, folder: Path) -> str:
        path = folder / "library.db"
        return signature(path) if path.exists() else ""

    def _is_at_it(self, folder: Path) -> bool:
        """Whether the process is in the midst of writing what is to be whole."""
        if self.kind.name in ("backup", "rescue", "replace"):
            return any(folder.rglob(".*.part"))
        return is_being_written(folder)

    def _copy(self) -> Path:
        folder = Path(tempfile.mkdtemp(dir=self._root))
        return Path(shutil.copytree(self.begun.folder, folder, dirs_exist_ok=True))

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        home = self._root / "home"
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "REFMAN_LIBRARY": "library.db",
            "REFMAN_MAILTO": "me@library.test",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            # Reading the certificates of the world takes a while, and none is needed.
            "SSL_CERT_DIR": str(folder),
        }
        if self._server is not None:
            environment["REFMAN_CROSSREF_URL"] = self._server.url
        else:
            environment["REFMAN_OFFLINE"] = "1"
        with (folder / "said").open("wb") as said:
            return subprocess.Popen(
                [*REFMAN, *self.kind.arguments], cwd=folder, env=environment,
                stdout=said, stderr=said,
            )  # fmt: skip

    def blow(self, rng: Random, *, aimed: bool, thorough: bool = True) -> str:
        """Kill once. Returns where the kill landed: before, in or after a transaction, or late.

        `aimed` kills land while something is written, the others anywhere in the process's life;
        `thorough` also runs the same command to its end afterwards. Raises `AssertionError` for a
        library that is not as it has to be.
        """
        folder = self._copy()
        process = self._start(folder)
        self._wait(process, folder, rng, aimed=aimed)
        at_it = self._kill(process, folder)
        where = self._look_at(folder, killed=process.returncode != 0, thorough=thorough)
        shutil.rmtree(folder)
        if process.returncode == 0:
            return "late"
        return "in" if at_it and where != "after" else where

    def _wait(
        self, process: subprocess.Popen[bytes], folder: Path, rng: Random, *, aimed: bool
    ) -> None:
        if not aimed:
            time.sleep(rng.uniform(0, self.begun.seconds * 1.05))
            return
        until = time.monotonic() + _PATIENCE_SECONDS
        while process.poll() is None and not self._is_at_it(folder):
            assert time.monotonic() < until
            time.sleep(_LOOK_SECONDS)
        time.sleep(rng.uniform(0, self.begun.writing))

    def _kill(self, process: subprocess.Popen[bytes], folder: Path) -> bool:
        """Kill the process. Returns whether it was in the midst of writing."""
        if process.poll() is not None:
            return False
        # It stands still while we look; there is no way from here back to running.
        process.send_signal(signal.SIGSTOP)
        stat = Path(f"/proc/{process.pid}/stat")
        while process.poll() is None and stat.read_text().rsplit(")", 1)[1].split()[0] not in "TZ":
            time.sleep(_LOOK_SECONDS)
        at_it = self._is_at_it(folder)
        process.kill()
        process.wait()
        return at_it

    def _look_at(self, folder: Path, *, killed: bool, thorough: bool) -> str:
        said = (folder / "said").read_text(errors="replace")
        assert "Traceback" not in said, said
        where = self._judge(folder)
        if not killed or self.kind.acknowledges in said:
            assert where == "after", f"said to be done, but is {where}: {said}"
        path = folder / self.kind.file
        is_sound = self.kind.begins_sound or where == "after"
        if is_sound and path.exists() and path.stat().st_size:
            assert integrity(path) == []
            if self.kind.name != "migrate":
                with Library(path, create=True) as library:
                    assert library.check() == []
        if thorough:
            self._go_on(folder, where)
        return where

    def _judge(self, folder: Path) -> str:
        if self.kind.judge is not None:
            return self.kind.judge(folder, self.begun)
        said = self._signature(folder)
        if said == self.begun.before:
            return "before"
        if not self.begun.after:
            self.measure()
        assert said == self.begun.after, "neither as before nor as after"
        return "after"

    def _go_on(self, folder: Path, where: str) -> None:
        """The next command works, without any repair; what was not done is done by it."""
        process = self._start(folder)
        process.wait()
        said = (folder / "said").read_text(errors="replace")
        assert "Traceback" not in said, said
        assert "is damaged" not in said, said
        if where in ("before", "between"):
            assert process.returncode in (0, 1), said
            assert self._judge(folder) == "after", said
        with Library(folder / self.kind.file) as library:
            assert library.check() == [], said
