"""Entries a second, in and out, for each format that goes both ways, beside other readers.

    python -m benchmarks.formats [--sizes 10000,100000] [--formats ris,bibtex]

Each reader is a process of its own that reads the same file, made of the articles of
`benchmarks.corpus`, and writes what it read; loading it is not counted. Seconds are those of the
processor, which others at work on the machine disturb less; they take turns, and the best of three
rounds stands (of one, above 20,000 entries).

Peers: bibtexparser (as it is, and with * doing what refman does, names parted and LaTeX decoded;
then it writes nothing), pybtex and rispy, in the Python that REFMAN_PEERS names (a `python`, or the
folder of a virtual environment), else in this one; and citation-js, if there is a `node` and
REFMAN_CITATION_JS names a folder where its packages are installed:

    npm install --prefix FOLDER @citation-js/core @citation-js/plugin-bibtex \\
        @citation-js/plugin-ris @citation-js/plugin-csl

A peer that is missing is said to be. Beside them stands refman's whole import into a new library:
reading, matching, keys, rows, full-text index, history. The bound: it takes no longer than the
slowest of the peers, which is bibtexparser*, takes to parse alone.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import descriptions
from benchmarks.import_scale import cost
from refman import plugins
from refman.model import Record, Work
from refman.ports import ExportOptions, ImportOptions
from refman.text.reading import TextInput

_REFMAN = str(Path(sys.executable).with_name("refman"))
_BOUND = "bibtexparser*"

_DECODED = """bibtexparser.parse_string(text, append_middleware=[
    middlewares.LatexDecodingMiddleware(), middlewares.MonthIntMiddleware(),
    middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()])"""
_IN_PYTHON = {
    "bibtexparser*": ("bibtex", _DECODED, None, "len(got.entries)"),
    "bibtexparser": ("bibtex", "bibtexparser.parse_string(text)", "bibtexparser.write_string(got)",
                     "len(got.entries)"),
    "pybtex": ("bibtex", "pybtex.database.parse_string(text, 'bibtex')",
               "got.to_string('bibtex')", "len(got.entries)"),
    "rispy": ("ris", "rispy.loads(text)", "rispy.dumps(got)", "len(got)"),
}  # fmt: skip
"""Peer → its format, how it reads a text, how it writes what it read, and how many that were."""

_MODULES = {
    "pybtex": "pybtex.database",
    "bibtexparser*": "bibtexparser; from bibtexparser import middlewares",
}
_PYTHON = """
import json, sys, time
import {module}
text = open(sys.argv[1], encoding="utf-8", newline="").read()
begun = time.process_time()
got = {parse}
read = time.process_time()
{write}
done = time.process_time() if {writes} else read
print(json.dumps([{count}, read - begun, done - read]))
"""

_IN_NODE = {
    "bibtex": ("bibtex", "@bibtex/text", "bibtex"),
    "ris": ("ris", "@ris/file", "ris"),
    "csl-json": ("csl", "@csl/list+object", "data"),
}
"""Format → citation-js's plug-in, its name of the input, and of the output."""
_NODE = """
const {{ Cite }} = require("@citation-js/core"); require("@citation-js/plugin-{plugin}");
let input = require("fs").readFileSync(process.argv[1], "utf8");
const spent = () => process.cpuUsage().user + process.cpuUsage().system;
const begun = spent();
if ("{plugin}" === "csl") input = JSON.parse(input);
const cite = new Cite(input, {{ forceType: "{kind}" }});
const read = spent();
cite.format("{output}");
const seconds = [read - begun, spent() - read].map((span) => span / 1e6);
console.log(JSON.stringify([cite.data.length, ...seconds]));
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A program that reads a format and writes it: the command, which takes the file last."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for so many entries, in and out."""

    count: int
    reading: float
    writing: float

    def __str__(self) -> str:
        text = f"reads {self.count / self.reading:>9,.0f}/s ({self.reading:6.2f} s)"
        if self.writing:
            text += f", writes {self.count / self.writing:>9,.0f}/s ({self.writing:6.2f} s)"
        return text

    def times_that_of(self, other: Pace) -> str:
        """How many times as long it takes."""
        text = f"{self.reading / other.reading:.2f} times as long to read"
        if other.writing:
            text += f", {self.writing / other.writing:.2f} to write"
        return text


# What is measured


def _refman(name: str) -> Reader:
    return Reader("refman", (sys.executable, "-m", "benchmarks.formats", "--read", name))


def _read_and_write(name: str, path: str) -> None:
    """In a process of its own: read a file and write it, and print how long that took."""
    importer, exporter = plugins.importer(name), plugins.exporter(name)
    with Path(path).open("rb") as stream:
        begun = time.process_time()
        items = importer.read(TextInput(stream, path), ImportOptions())
        records = [item for item in items if isinstance(item, Record)]
        read = time.process_time()
    works = [
        Work(id=n, citation_key=f"bench{n:07d}", description=record.description)
        for n, record in enumerate(records)
    ]
    written = time.process_time()
    for _ in exporter.write(works, ExportOptions()):
        pass
    done = time.process_time()
    print(json.dumps([len(records), read - begun, done - written]))


def _python() -> str:
    """The Python that has the peers."""
    named = os.environ.get("REFMAN_PEERS")
    if named is None:
        return sys.executable
    path = Path(named)
    return str(path / "bin" / "python" if path.is_dir() else path)


def _peers(name: str) -> Iterable[Reader]:
    python = _python()
    for peer, (form, parse, write, count) in _IN_PYTHON.items():
        if form != name:
            continue
        module = _MODULES.get(peer, peer)
        command = [python, "-c", f"import {module}"]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            print(f"  {peer} is not in {python}: left out")
            continue
        code = _PYTHON.format(
            module=module, parse=parse, write=write, writes=write is not None, count=count
        )
        yield Reader(peer, (python, "-c", code))
    if name in _IN_NODE and (reader := _citation_js(name)) is not None:
        yield reader


def _citation_js(name: str) -> Reader | None:
    node, folder = shutil.which("node"), os.environ.get("REFMAN_CITATION_JS")
    plugin, kind, output = _IN_NODE[name]
    modules = Path(folder or ".", "node_modules")
    if node is None or not (modules / "@citation-js" / f"plugin-{plugin}").is_dir():
        print("  citation-js is not there (see REFMAN_CITATION_JS): left out")
        return None
    code = _NODE.format(plugin=plugin, kind=kind, output=output)
    environment = {**os.environ, "NODE_PATH": str(modules.resolve())}
    return Reader("citation-js", (node, "--max-old-space-size=4096", "-e", code), environment)


def _pace(reader: Reader, path: Path) -> Pace | None:
    command = [*reader.command, str(path)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=reader.environment
    )
    if done.returncode:
        trouble = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        print(f"  {reader.name} failed: {trouble[0][:100]}")
        return None
    count, reading, writing = json.loads(done.stdout.splitlines()[-1])
    return Pace(count, reading, writing)


def _best(paces: list[Pace]) -> Pace:
    return Pace(
        paces[0].count,
        min(pace.reading for pace in paces),
        min(pace.writing for pace in paces),
    )


# The run


def _write_file(name: str, count: int, path: Path) -> None:
    works = (
        Work(id=n, citation_key=f"bench{n:07d}", description=description)
        for n, description in enumerate(descriptions(count))
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        pieces = plugins.exporter(name).write(works, ExportOptions())
        stream.writelines(piece for piece in pieces if isinstance(piece, str))


def _measure(name: str, count: int, folder: Path) -> bool:
    """Measure one format in one size, print it, and say whether the bound holds."""
    print(f"{name}, {count:,} entries")
    path = folder / f"{count}.{name}"
    _write_file(name, count, path)
    readers = [_refman(name), *_peers(name)]
    paces: dict[str, list[Pace]] = {}
    whole: list[float] = []
    for _ in range(3 if count <= 20_000 else 1):
        for reader in readers:
            if (pace := _pace(reader, path)) is not None:
                paces.setdefault(reader.name, []).append(pace)
        whole.append(_whole_import(name, path))
    best = {who: _best(found) for who, found in paces.items()}
    ours = best["refman"]
    for who, pace in best.items():
        ratios = "" if who == "refman" else f"; refman takes {ours.times_that_of(pace)}"
        odd = "" if pace.count == count else f"; {pace.count:,} entries only"
        print(f"  {who:<13} {pace}{ratios}{odd}")
    print(
        f"  refman, whole import into SQLite: {count / min(whole):,.0f}/s ({min(whole):.2f} s)",
        flush=True,
    )
    path.unlink()
    return _compare_whole(min(whole), best)


def _whole_import(name: str, path: Path) -> float:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}.db{suffix}").unlink(missing_ok=True)
    command = [_REFMAN, "--library", f"{path}.db", "import", "--from", name, str(path)]
    try:
        return cost(command).cpu
    except subprocess.CalledProcessError as error:
        print(f"  the import ended with status {error.returncode}")
        return math.inf


def _compare_whole(seconds: float, best: dict[str, Pace]) -> bool:
    for who, pace in best.items():
        if who != "refman":
            bound = " (bound 1)" if who == _BOUND else ""
            ratio = seconds / pace.reading
            print(f"  that is {ratio:.2f} times what {who} takes to parse alone{bound}", flush=True)
    return _BOUND not in best or seconds <= best[_BOUND].reading


def main() -> int:
    """Measure and print; the exit status says whether the bound holds."""
    both = [name for name in plugins.exporter_names() if name in plugins.importer_names()]
    readable = [name for name in both if name not in ("html", "text")]
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--sizes", default="10000,100000")
    arguments.add_argument("--formats", default=",".join(readable))
    arguments.add_argument("--read", metavar="FORMAT", help=argparse.SUPPRESS)
    arguments.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.read is not None:
        _read_and_write(options.read, options.file)
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, options.sizes.split(",")):
            for name in options.formats.split(","):
                kept = _measure(name, count, Path(folder)) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
