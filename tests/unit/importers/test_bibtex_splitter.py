"""The short way through an entry must lead where bibtexparser's own way leads."""

from __future__ import annotations

from typing import Any

import pytest
from bibtexparser.splitter import Splitter as Original
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.importers.bibtex_splitter import Splitter
from tests.bibtex_files import DATA

_PIECES = st.lists(
    st.sampled_from(
        ["@article{k,", "@string{a = {x}}", "@comment{", "title = {A {B} c},\n", 'note = "q",',
         "year = 1999,", "x = a # b", "{", "}", "}\n", '"', ",", "=", "@", "\\", "\n", " ", "word",
         "\n@misc{z,", "@book(p, t={x})", "title={dup},", "a", "t = {x\\}y},", "e = {m@x.y},"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


def blocks(splitter: Any) -> list[tuple[str, object, object, object, object]]:
    found: list[tuple[str, object, object, object, object]] = []
    for block in splitter.split().blocks:
        entry = getattr(block, "ignore_error_block", None) or block
        fields = [(field.key, field.value) for field in getattr(entry, "fields", ())]
        kind = type(block).__name__
        key = getattr(entry, "key", None)
        found.append((kind, key, fields, block.raw, block.start_line))
    return found


@pytest.mark.parametrize("path", sorted(DATA.glob("*.bib")), ids=lambda path: path.name)
def test_files(path: Any) -> None:
    text = path.read_text()
    assert blocks(Splitter(text)) == blocks(Original(text))


@settings(max_examples=400, deadline=None)
@given(_PIECES)
def test_any_text(text: str) -> None:
    assert blocks(Splitter(text)) == blocks(Original(text))
