"""Pictures of the screen for the README: the real program on the sample library, as SVG.

    python examples/screenshots.py docs/images

A copy of `library.db` is opened, keys are pressed, and the screen is drawn as it then is. Fonts are
left to the viewer: the pictures load nothing.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from refman.services.enriching import Sources
from refman.tui.app import EnrichmentSetup, RefmanApp
from refman.tui.screens.editing import EditScreen
from refman.tui.screens.importing import ImportDialog

HERE = Path(__file__).parent
SIZE = (120, 36)
_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_PATIENCE_SECONDS = 20.0
MORE = """
@article{hydrology, title = {A note on the hydrology of moss}, year = 2011,
  author = {Fern, Anna and Moss, Kate}}
"""


def _nothing() -> Sources:
    raise OSError("The pictures are made without a network.")


class Photographer:
    """One program, with one library, that is led from picture to picture."""

    def __init__(self, app: RefmanApp, pilot: Pilot[Any], folder: Path) -> None:
        self._app, self._pilot, self._folder = app, pilot, folder

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self._pilot.press(*keys)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something to appear."""
        for _ in range(int(_PATIENCE_SECONDS / 0.05)):
            if condition():
                break
            await asyncio.sleep(0.05)
        else:
            raise SystemExit(f"This never appeared: {what}.")
        # Details and counts come a little later than what they are of.
        await asyncio.sleep(1)
        await self._pilot.pause()

    def take(self, name: str) -> None:
        """Write the screen as it is."""
        picture = _FACES.sub("", self._app.export_screenshot(title="refman", simplify=True))
        path = self._folder / f"{name}.svg"
        path.write_text(picture, encoding="utf-8")
        print(path)


async def pictures(library: Path, folder: Path) -> None:
    """Draw all of them."""
    setup = EnrichmentSetup(open_sources=_nothing, description="crossref")
    app = RefmanApp(library, enrichment=setup)
    async with app.run_test(size=SIZE) as pilot:
        at = Photographer(app, pilot, folder)
        await at.until(lambda: app.main.detail.is_whole, "the list")
        await at.press("j", "j", "j", "j", "j", "j", "j", "j", "space")
        await at.until(lambda: app.main.detail.is_whole, "details")
        at.take("list")
        await at.press("E")
        await at.until(lambda: isinstance(app.screen, EditScreen), "the form")
        at.take("form")
        await at.press("escape", "escape", "i")
        await at.until(lambda: isinstance(app.screen, ImportDialog), "the import dialog")
        page = (HERE / "garuda-mediasi.txt").read_text(encoding="utf-8")
        app.screen.query_one(TextArea).text = page + MORE
        head = app.screen.query_one("#import-head", Static)
        await at.until(lambda: "new" in str(head.render()), "what was found")
        at.take("import")
        await at.press("escape")


def main() -> int:
    """Draw the pictures into the folder named."""
    folder = Path(sys.argv[1] if sys.argv[1:] else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        library = Path(temporary) / "library.db"
        shutil.copy(HERE.parent / "library.db", library)
        asyncio.run(pictures(library, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
