"""Real libraries to drive the screens with, and an outside world that only writes things down."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._compositor import LayoutUpdate
from textual.pilot import Pilot

from benchmarks.corpus import descriptions
from refman.model import Date, Description, Name, Origin, OriginKind, Record
from refman.ports import Answer, AnswerStatus, Source
from refman.rules import citekey
from refman.services import importing
from refman.services.enriching import Sources
from refman.services.library import Library
from refman.tui import feed
from refman.tui.app import EnrichmentSetup, RefmanApp
from refman.tui.outside import Outside

HOSTILE = "[bold red]x[/x] \x1b[31mred\x9b2J [/] [@click=app.quit]quit[/] $(id) \u202eevil"


def clock() -> str:
    return "2026-11-01T12:00:00Z"


def record(description: Description, place: int = 1) -> Record:
    origin = Origin(kind=OriginKind.IMPORT, name="bibtex", location=f"refs.bib:{place}")
    return Record(description=description, origin=origin)


def fill(
    path: Path,
    what: Iterable[Description],
    on_duplicate: importing.OnDuplicate = importing.OnDuplicate.SKIP,
) -> None:
    entries = [record(description, number) for number, description in enumerate(what, 1)]
    with Library(path, create=True, clock=clock) as library:
        policy = importing.ImportPolicy(on_duplicate=on_duplicate)
        assert all(
            item.status == "imported"
            for item in importing.import_entries(library.store, entries, "refs.bib", policy)
        )


def sample_works() -> list[Description]:
    """Sixty articles, and on top (added last) some that a test can tell by name."""
    return [
        *descriptions(60),
        Description(
            type="book", title="Speaking of fungi", author=(Name(literal="Mycological Society"),)
        ),
        Description(
            type="article-journal",
            title="Growth of <i>Escherichia coli</i> at sea",
            author=(Name(family="van Dijk", given="Anna"), Name(family="Sukarno")),
            container_title="Journal of Marine Things",
            issued=Date(2019, 4),
            volume="12",
            issue="3",
            page="100-110",
            DOI="10.5555/coli.1",
            abstract="We measured growth. It was slow.",
            keyword=("sea", "growth"),
        ),
    ]


class Recorder(Outside):
    """Opens nothing; `edits` are the texts that its editor leaves behind, one after the other."""

    browser_needs_terminal = False

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.edits: list[Callable[[str], str]] = []
        self.forms: list[str] = []

    def edit(self, text: str, terminal: Callable[[], AbstractContextManager[None]]) -> str:
        self.forms.append(text)
        return self.edits.pop(0)(text)

    def show_file(self, path: Path) -> None:
        self.opened.append(path.name)

    def browse(self, address: str) -> None:
        self.opened.append(address)


class FakeSource:
    """A source that knows what it is given, and may be slow."""

    name = "crossref"

    def __init__(self, known: dict[str, Description], seconds: float = 0) -> None:
        self._known, self._seconds = known, seconds
        self.asked: list[str] = []

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        for doi in dois:
            time.sleep(self._seconds)
            self.asked.append(doi)
            if doi not in self._known:
                yield Answer.not_found(doi)
                continue
            origin = Origin(kind=OriginKind.SOURCE, name=self.name, location=doi)
            found = Record(description=self._known[doi], origin=origin)
            yield Answer(DOI=doi, status=AnswerStatus.FOUND, record=found, payload=b"{}")


def setup_with(*sources: Source) -> EnrichmentSetup:
    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Sources]:
        yield Sources(sources)

    return EnrichmentSetup(opened, "a source of ours")


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "library.db"
    fill(path, sample_works())
    return path


@pytest.fixture
def path(tmp_path: Path, _sample: Path) -> Path:
    """A library of 62 works."""
    return Path(shutil.copy(_sample, tmp_path / "library.db"))


@pytest.fixture(autouse=True)
def _no_references(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """References are formatted only where they are looked at: citeproc takes its time."""
    if request.module.__name__.rpartition(".")[2] not in ("test_pages", "test_snapshots"):
        monkeypatch.setattr(feed, "_GLANCE", 60)


@pytest.fixture
def outside() -> Recorder:
    return Recorder()


@pytest.fixture
def app(path: Path, outside: Recorder) -> RefmanApp:
    return app_on(path, outside)


def app_on(
    path: Path,
    outside: Outside | None = None,
    setup: EnrichmentSetup | None = None,
    open_library: Callable[[], Library] | None = None,
    state_file: Path | None = None,
    keys: Mapping[str, str] | None = None,
    template: str = citekey.DEFAULT,
) -> RefmanApp:
    return RefmanApp(
        path,
        enrichment=setup or setup_with(),
        export_formats=lambda: ("bibtex", "csl-json", "ris"),
        outside=outside or Recorder(),
        open_library=open_library or (lambda: Library(path, create=True, clock=clock)),
        state_file=state_file,
        keys=keys,
        template=template,
    )


async def until(condition: Callable[[], object], what: str = "", seconds: float = 8) -> None:
    """Wait for something to be so."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"it never came to be: {what or condition}"
        await asyncio.sleep(0.06)


async def ready(app: RefmanApp) -> None:
    """Wait until the list is there and has been counted."""
    await until(
        lambda: not app.main.view.stale and app.main.view.window.total is not None, "a list"
    )


AnyPilot = Pilot[Any]


@contextlib.asynccontextmanager
async def running(app: RefmanApp, size: tuple[int, int] = (120, 40)) -> AsyncIterator[AnyPilot]:
    """The app on a screen of that size, its list there."""
    async with app.run_test(size=size) as pilot:
        await ready(app)
        await pilot.pause()
        yield pilot


async def press(pilot: AnyPilot, *keys: str) -> None:
    """Press keys in one breath: the last is sent before the first has been dealt with.

    Only what was typed is there before a key that is no letter, as Textual may change their order.
    """
    names = {
        " ": "space",
        "/": "slash",
        "(": "left_parenthesis",
        "-": "minus",
        "<": "less_than_sign",
    }
    typed = False
    for key in keys:
        char = key if len(key) == 1 else None
        if typed and char is None:
            await pilot.pause()
        typed = char is not None
        pilot.app.post_message(events.Key(names.get(key, key), char))
    await pilot.pause()


def screen_lines(app: RefmanApp) -> list[str]:
    """What stands on the screen, line by line."""
    # As App.export_screenshot does it, so that what is behind a dialog is there too.
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return ["".join(strip.text for strip in line).rstrip() for line in update.strips]


def screen_text(app: RefmanApp) -> str:
    return "\n".join(screen_lines(app))


def toasts(app: RefmanApp) -> list[str]:
    """All messages that were shown and have not gone yet."""
    return [notification.message for notification in app._notifications]
