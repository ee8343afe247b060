"""UTF-8 that was read as Windows-1252."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refman.text.mojibake import repair_mojibake, without_mojibake
from tests.growth import assert_grows_linearly


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("MÃ¼ller", "Müller"),
        ("TschÃ¤pe", "Tschäpe"),
        ("VerÃ\xadssimo", "Veríssimo"),
        ("Ã\x81vila", "Ávila"),
        ("â€œGuidesâ€\x9d â€“ a review", "“Guides” – a review"),
        ("MÃƒÂ¼ller", "Müller"),
        ("Ð”Ð¾ÐºÐ»Ð°Ð´", "Доклад"),
        ("10\u00c2\u00a0mm", "10\u00a0mm"),
    ],
)
def test_what_is_certain_is_repaired(broken: str, meant: str) -> None:
    assert repair_mojibake(broken) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Müller",
        "plain",
        "",
        "M\ufffdller",
        "Müller and MÃ¼ller",
        "São João à Ângela",
        "“2 Å” and Å",
        "Dieudonné–Rashevski",
        "Ã\xadndice de Â",
        "论文 Ã¼",
        "Garçon, où êtes-vous ?",
    ],
)
def test_what_is_doubtful_stays(text: str) -> None:
    assert repair_mojibake(text) == text


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0x17F), min_size=1, max_size=12))
def test_what_was_broken_is_mended(text: str) -> None:
    broken = "".join(
        bytes([byte]).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252")
        for byte in text.encode()
    )
    # Text that is itself broken in this way is mended too.
    assert repair_mojibake(broken) == repair_mojibake(text)


def test_for_comparing_it_is_repaired_in_pieces() -> None:
    assert without_mojibake("â€œGuides Libraryâ€ of MÃ¼ller") == "“Guides Library of Müller"
    assert without_mojibake("Dieudonné–Rashevski") == "Dieudonné–Rashevski"


@pytest.mark.parametrize(("piece", "end"), [("Ã", ""), ("Ã¼", ""), ("â€", "ü")])
def test_long_texts_take_linear_time(piece: str, end: str) -> None:
    def repair(size: int) -> None:
        repair_mojibake(piece * size + end)
        without_mojibake(piece * size + end)

    assert_grows_linearly(repair, 5_000)
