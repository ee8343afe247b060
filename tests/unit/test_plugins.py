"""The registry of formats and sources."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from refman import plugins
from refman.errors import InputError, PluginBroken, PluginNotFound, UnknownFormat
from refman.model import Description, Work
from refman.ports import (
    Exporter,
    ExportOptions,
    FormatInfo,
    Importer,
    ImportOptions,
    Problem,
    Sample,
)
from refman.text.reading import TextInput

OPTIONS = ImportOptions()


class _Confident:
    """An importer that is as sure of everything as it is told to be."""

    info = FormatInfo(name="mine", label="Mine")
    sure = 0.9

    def recognise(self, sample: Sample) -> float:
        return self.sure

    def read(self, source: Any, options: Any) -> Iterator[Any]:
        yield from ()


mine = _Confident()
no_plugin = object()


def opener(settings: Any) -> Any:
    return no_plugin


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Entry points beside those installed."""
    real = importlib.metadata.entry_points
    extra: list[EntryPoint] = []

    def both(*, group: str) -> list[EntryPoint]:
        return [*real(group=group), *(entry for entry in extra if entry.group == group)]

    monkeypatch.setattr(plugins, "entry_points", both)
    plugins._entries.cache_clear()
    yield extra
    plugins._entries.cache_clear()


def _entry(name: str, value: str, group: str = "refman.importers") -> EntryPoint:
    return EntryPoint(name=name, value=value, group=group)


def test_built_in_formats_and_sources(tmp_path: Path) -> None:
    assert {"garuda", "bibtex", "ris", "csl-json", "crossref-json", "doi-list"} <= set(
        plugins.importer_names()
    )
    assert {"bibtex", "ris", "csl-json"} <= set(plugins.exporter_names())
    assert {"crossref", "crossref-snapshot"} <= set(plugins.source_names())
    assert list(plugins.importer_names()) == sorted(plugins.importer_names())
    for name in plugins.importer_names():
        importer = plugins.importer(name)
        assert isinstance(importer, Importer)
        assert importer.info.name == name
        assert plugins.distribution("refman.importers", name).startswith("refman")
    for name in plugins.exporter_names():
        assert isinstance(plugins.exporter(name), Exporter)
    for name in plugins.source_names():
        settings = {"crossref_snapshot": str(tmp_path), "cache_dir": str(tmp_path)}
        assert plugins.source(name, settings).name == name


@pytest.mark.parametrize("get", [plugins.importer, plugins.exporter])
def test_a_name_that_is_none(get: Any) -> None:
    with pytest.raises(PluginNotFound, match=r"there are .*bibtex"):
        get("nonsense")


def test_one_of_another_distribution(entries: list[EntryPoint]) -> None:
    entries.append(_entry("mine", "tests.unit.test_plugins:mine"))
    assert "mine" in plugins.importer_names()
    assert plugins.importer("mine") is mine
    assert plugins.distribution("refman.importers", "mine") == "unknown"
    assert plugins.recognise(Sample("x", "anything")) is mine


def test_of_two_with_one_name_the_built_in_counts(entries: list[EntryPoint]) -> None:
    entries.append(_entry("bibtex", "tests.unit.test_plugins:mine"))
    entries.append(_entry("bibtex", "aaa.tests:mine"))
    assert plugins.importer("bibtex").info.label == "BibTeX"


@pytest.mark.parametrize(
    "value", ["no.such.module:x", "tests.unit.test_plugins:missing", "tests.unit.test_plugins"]
)
def test_one_that_does_not_load_is_told_and_does_no_harm(
    entries: list[EntryPoint], value: str
) -> None:
    entries.append(_entry("broken", value))
    with pytest.raises(PluginBroken, match="broken"):
        plugins.importer("broken")
    found = dict(plugins.importers())
    assert isinstance(found["broken"], PluginBroken)
    assert isinstance(found["bibtex"], Importer)
    sample = Sample("x.bib", "@article{a, title = {A title}, year = 2020}\n")
    assert plugins.recognise(sample).info.name == "bibtex"


def test_objects_of_the_wrong_kind(entries: list[EntryPoint]) -> None:
    here = "tests.unit.test_plugins"
    entries.append(_entry("odd", f"{here}:no_plugin"))
    entries.append(_entry("odd", f"{here}:no_plugin", "refman.exporters"))
    entries.append(_entry("odd", f"{here}:no_plugin", "refman.sources"))
    entries.append(_entry("odder", f"{here}:opener", "refman.sources"))
    with pytest.raises(PluginBroken, match="no importer"):
        plugins.importer("odd")
    with pytest.raises(PluginBroken, match="no exporter"):
        plugins.exporter("odd")
    with pytest.raises(PluginBroken, match="cannot be opened"):
        plugins.source("odd", {})
    with pytest.raises(PluginBroken, match="no source"):
        plugins.source("odder", {})
    assert isinstance(dict(plugins.exporters())["odd"], PluginBroken)


def test_a_sample_of_nobody(entries: list[EntryPoint], monkeypatch: pytest.MonkeyPatch) -> None:
    entries.append(_entry("mine", "tests.unit.test_plugins:mine"))
    monkeypatch.setattr(_Confident, "sure", 0.05)
    with pytest.raises(UnknownFormat, match=r"letter\.txt is in no format") as caught:
        plugins.recognise(Sample("letter.txt", "Dear reader,\n"))
    assert "--from" in str(caught.value.hint)
    with pytest.raises(UnknownFormat, match="standard input is"):
        plugins.recognise(Sample("-", "Dear reader,\n"))


class _Failing:
    """A format whose every deed goes wrong."""

    info = FormatInfo(name="failing", label="Failing", extensions=(".failing",))

    def recognise(self, sample: Sample) -> float:
        raise KeyError("nothing\nof the kind")

    def read(self, source: Any, options: Any) -> Iterator[Any]:
        yield Problem(reason="bad", line=1)
        raise ValueError("midway\nthrough")

    def write(self, works: Any, options: Any) -> Iterator[Any]:
        for _ in works:
            yield "a piece"
            yield 42


class _InfoOfNothing(_Confident):
    info = None  # type: ignore[assignment]


failing = _Failing()
info_of_nothing = _InfoOfNothing()


def test_one_that_fails_is_told_in_a_sentence(entries: list[EntryPoint]) -> None:
    entries.append(_entry("failing", "tests.unit.test_plugins:failing"))
    entries.append(_entry("failing", "tests.unit.test_plugins:failing", "refman.exporters"))
    read = plugins.entries(plugins.importer("failing"), TextInput(BytesIO(b"x"), "in"), OPTIONS)
    assert next(read) == Problem(reason="bad", line=1)
    with pytest.raises(PluginBroken, match=r"^The importer 'failing' .*ValueError: midway through"):
        next(read)
    work = Work(id=1, citation_key="a", description=Description(title="A"))
    written = plugins.pieces(plugins.exporter("failing"), [work], ExportOptions())
    assert next(written) == "a piece"
    with pytest.raises(PluginBroken, match=r"gave int\.$"):
        next(written)
    # It has no say in what a file is, and leaves it to the others.
    assert plugins.recognise(Sample("a.failing", "@book{a, title = {A}}\n")).info.name == "bibtex"


def test_what_goes_wrong_below_is_no_fault_of_a_plug_in(entries: list[EntryPoint]) -> None:
    def works() -> Iterator[Work]:
        raise InputError("The library went away.")
        yield

    with pytest.raises(InputError, match="went away"):
        list(plugins.pieces(plugins.exporter("bibtex"), works(), ExportOptions()))


@pytest.mark.parametrize("name", ["_Confident", "info_of_nothing"])
def test_the_class_of_a_plug_in_is_none(entries: list[EntryPoint], name: str) -> None:
    entries.append(_entry("odd", f"tests.unit.test_plugins:{name}"))
    with pytest.raises(PluginBroken, match="lacks info, recognise or read"):
        plugins.importer("odd")


@pytest.mark.parametrize("sure", [float("nan"), 17, "very", None])
def test_a_confidence_that_is_none_does_not_count(
    entries: list[EntryPoint], monkeypatch: pytest.MonkeyPatch, sure: Any
) -> None:
    entries.append(_entry("mine", "tests.unit.test_plugins:mine"))
    monkeypatch.setattr(_Confident, "sure", sure)
    sample = Sample("x.bib", "@article{a, title = {A title}, year = 2020}\n")
    assert plugins.recognise(sample).info.name == "bibtex"
