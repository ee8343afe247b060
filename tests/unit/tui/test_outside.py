from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from refman.errors import UsageError
from refman.model import Description
from refman.tui.app import terminal_theme
from refman.tui.outside import Outside, address_of


def test_the_doi_is_opened_before_the_address() -> None:
    both = Description(DOI="10.1000/a<b>", URL="https://example.org/")
    assert address_of(both) == "https://doi.org/10.1000/a%3Cb%3E"
    assert address_of(Description(URL="https://example.org/x")) == "https://example.org/x"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "https://a b", "--help", "http://a\x07"]
)
def test_nothing_but_the_web_is_opened(url: str) -> None:
    assert address_of(Description(URL=url)) is None


def test_the_editor_gets_a_file_and_its_text_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "edit.sh"
    script.write_text('#!/bin/sh\nsed -i s/a/b/ "$1"\n')
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))
    assert Outside().edit("title: a\n", nullcontext) == "title: b\n"


@pytest.mark.parametrize("command", ["/nonexistent/editor", "false", "'"])
def test_an_editor_that_fails_is_a_sentence(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(UsageError):
        Outside().edit("x", nullcontext)


@pytest.mark.parametrize(
    ("colours", "theme"),
    [
        ("", "ansi-dark"),
        ("15;0", "ansi-dark"),
        ("0;15", "ansi-light"),
        ("0;default;7", "ansi-light"),
    ],
)
def test_the_theme_follows_the_terminal(
    colours: str, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTUAL_THEME", raising=False)
    monkeypatch.setenv("COLORFGBG", colours)
    assert terminal_theme() == theme
