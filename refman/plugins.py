"""The registry: formats and sources by name, whoever ships them.

Built-in ones come through the same door as those of other distributions: entry points in the
groups `refman.importers`, `refman.exporters` and `refman.sources`. Listing names loads nothing;
loading one loads that one only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from refman.errors import PluginBroken, PluginNotFound, RefmanError, UnknownFormat
from refman.model import Record, Work
from refman.ports import (
    Exporter,
    ExportOptions,
    FormatInfo,
    Importer,
    ImportOptions,
    Input,
    LocalSource,
    Loss,
    Problem,
    Sample,
    Source,
    WebSource,
)

_IMPORTERS = "refman.importers"
_EXPORTERS = "refman.exporters"
_SOURCES = "refman.sources"
_SURE_ENOUGH = 0.1
_CERTAIN = 0.99
_LONGEST_TELLING = 300


@cache
def _entries(group: str) -> Mapping[str, EntryPoint]:
    """The entry points of a group by name; of two with one name, the built-in one counts."""
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=group), key=_origin, reverse=True):
        found[entry.name] = entry
    return dict(sorted(found.items()))


def _origin(entry: EntryPoint) -> tuple[bool, str]:
    return (not entry.value.startswith("refman."), entry.value)


def importer_names() -> tuple[str, ...]:
    """The formats that can be read."""
    return tuple(_entries(_IMPORTERS))


def exporter_names() -> tuple[str, ...]:
    """The formats that can be written."""
    return tuple(_entries(_EXPORTERS))


def source_names() -> tuple[str, ...]:
    """Where records can be fetched from."""
    return tuple(_entries(_SOURCES))


def distribution(group: str, name: str) -> str:
    """Which distribution a plug-in comes from, with its version."""
    entry = _entries(group)[name]
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "unknown"


def _load(group: str, name: str, kind: str) -> object:
    entries = _entries(group)
    if name not in entries:
        known = ", ".join(entries)
        raise PluginNotFound(f"There is no {kind} {name!r}; there are {known}.")
    try:
        return entries[name].load()
    except (Exception, SystemExit) as error:
        raise PluginBroken(
            f"The {kind} {name!r} of {distribution(group, name)} does not load: {_told(error)}."
        ) from error


def _told(error: BaseException) -> str:
    """An error on one line, whatever its author wrote into it."""
    try:
        text = " ".join(str(error).split())[:_LONGEST_TELLING].rstrip(".")
    except Exception:
        text = ""
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _describes_itself(found: object) -> bool:
    """Whether a plug-in is a thing, not the class of one, and has an `info` that can be had."""
    try:
        return not isinstance(found, type) and isinstance(getattr(found, "info", None), FormatInfo)
    except Exception:
        return False


def importer(name: str) -> Importer:
    """The importer of a format. Raises `PluginNotFound` or `PluginBroken`."""
    found = _load(_IMPORTERS, name, "import format")
    if not (_describes_itself(found) and isinstance(found, Importer)):
        raise PluginBroken(
            f"The import format {name!r} of {distribution(_IMPORTERS, name)} is no importer: it "
            "lacks info, recognise or read."
        )
    return found


def exporter(name: str) -> Exporter:
    """The exporter of a format. Raises `PluginNotFound` or `PluginBroken`."""
    found = _load(_EXPORTERS, name, "export format")
    if not (_describes_itself(found) and isinstance(found, Exporter)):
        raise PluginBroken(
            f"The export format {name!r} of {distribution(_EXPORTERS, name)} is no exporter: it "
            "lacks info or write."
        )
    return found


def source(name: str, settings: Mapping[str, str]) -> Source:
    """A source, opened with its settings. Raises `PluginNotFound`, `PluginBroken`, `RefmanError`.

    The entry point names a function that takes the settings and gives the source.
    """
    opener = _load(_SOURCES, name, "source")
    if not callable(opener):
        raise PluginBroken(f"The source {name!r} cannot be opened.")
    found = opener(settings)
    if not isinstance(found, WebSource | LocalSource):
        raise PluginBroken(f"What {name!r} opens is no source.")
    return found


def importers() -> Iterator[tuple[str, Importer | PluginBroken]]:
    """All importers; one that does not load comes as its error."""
    for name in importer_names():
        try:
            yield name, importer(name)
        except PluginBroken as error:
            yield name, error


def exporters() -> Iterator[tuple[str, Exporter | PluginBroken]]:
    """All exporters; one that does not load comes as its error."""
    for name in exporter_names():
        try:
            yield name, exporter(name)
        except PluginBroken as error:
            yield name, error


def recognise(sample: Sample) -> Importer:
    """The importer that is surest of a sample. Raises `UnknownFormat` where none is sure."""
    best: Importer | None = None
    surest = _SURE_ENOUGH
    for _, candidate in importers():
        if isinstance(candidate, PluginBroken):
            continue
        confidence = _confidence(candidate, sample)
        if confidence > surest:
            best, surest = candidate, confidence
        if surest >= _CERTAIN:
            # The others need not be loaded.
            break
    if best is None:
        raise UnknownFormat(
            f"{'standard input' if sample.name == '-' else sample.name} is in no format that "
            "refman knows.",
            hint=f"Name it with --from: {', '.join(importer_names())}.",
        )
    return best


def _confidence(candidate: Importer, sample: Sample) -> float:
    """How sure an importer is; not at all if it fails, for the others must have their turn."""
    try:
        sure: object = candidate.recognise(sample)
    except Exception:
        return 0
    return sure if isinstance(sure, int | float) and 0 <= sure <= 1 else 0


def entries(
    importer: Importer, source: Input, options: ImportOptions
) -> Iterator[Record | Problem]:
    """What an importer reads, item by item.

    Raises `PluginBroken` where the importer fails or gives what is neither a record nor a problem,
    after what came before; and what reading the source raises (`InputError`).
    """
    try:
        for entry in importer.read(source, options):
            if not isinstance(entry, Record | Problem):
                raise _misbehaved("importer", importer.info, f"gave {type(entry).__name__}")
            yield entry
    except (RefmanError, OSError):
        raise
    except Exception as error:
        raise _misbehaved("importer", importer.info, f"failed: {_told(error)}") from error


def pieces(
    exporter: Exporter, works: Iterable[Work], options: ExportOptions
) -> Iterator[str | Loss]:
    """What an exporter writes, piece by piece.

    Raises `PluginBroken` where the exporter fails or gives what is neither text nor a loss; and
    what reading the works raises.
    """
    try:
        for piece in exporter.write(works, options):
            if not isinstance(piece, str | Loss):
                raise _misbehaved("exporter", exporter.info, f"gave {type(piece).__name__}")
            yield piece
    except (RefmanError, OSError):
        raise
    except Exception as error:
        raise _misbehaved("exporter", exporter.info, f"failed: {_told(error)}") from error


def _misbehaved(kind: str, info: FormatInfo, what: str) -> PluginBroken:
    group = _IMPORTERS if kind == "importer" else _EXPORTERS
    known = _entries(group).get(info.name)
    shipped = f" of {distribution(group, info.name)}" if known else ""
    return PluginBroken(
        f"The {kind} {info.name!r}{shipped} {what}.",
        hint="This is a fault of the plug-in, not of the file: tell those who made it.",
    )
