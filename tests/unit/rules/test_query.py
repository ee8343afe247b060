"""The query language: text to a tree, or a sentence with a caret."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.rules.query import (
    EVERYTHING,
    MAX_QUERY,
    And,
    Has,
    Is,
    Node,
    Not,
    Or,
    Term,
    YearRange,
    finds_everything,
    parse,
    unknown_field,
)

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("  \n\t", EVERYTHING),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a | b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a)", A),
        ("()", EVERYTHING),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("NOT -a", Not(Not(A))),
        ("NOT NOT a", A),
        ("-(a b)", Not(And((A, B)))),
        ("or and not", And((Term("or"), Term("and"), Term("not")))),
        ("ORchid", Term("ORchid")),
        ('"human trafficking"', Term("human trafficking", phrase=True)),
        ('"never closed', Term("never closed", phrase=True)),
        ('-"a b"', Not(Term("a b", phrase=True))),
        ("author:dwi", Term("dwi", "author")),
        ("Author:Dwi", Term("Dwi", "author")),
        ("editor:x", Term("x", "author")),
        ('title:"a b"', Term("a b", "title", phrase=True)),
        ("journal:x", Term("x", "container_title")),
        ("-author:dwi", Not(Term("dwi", "author"))),
        ("doi:10.1000/x", Term("10.1000/x", "doi")),
        ("10.1000/x:y", Term("10.1000/x:y")),
        ("post-COVID-19", Term("post-COVID-19")),
        ("Mediasi: Journal", And((Term("Mediasi:"), Term("Journal")))),
        ("unknownfield:x", Term("unknownfield:x")),
        ("https://doi.org/10.1/x", Term("10.1/x", "doi")),
        ("doi:http://dx.doi.org/10.1000/x", Term("10.1000/x", "doi")),
        ("https://example.org/10.1/x", Term("https://example.org/10.1/x")),
        ("doi:10.1016/s0140-6736(97)11096-0", Term("10.1016/s0140-6736(97)11096-0", "doi")),
        ("(10.1000/a(1) OR b)", Or((Term("10.1000/a(1)"), B))),
        ("https://doi.org/10.1000/a(1)b", Term("10.1000/a(1)b", "doi")),
        ("year:2021", YearRange(2021, 2021)),
        ("year:2019..2021", YearRange(2019, 2021)),
        ("year:2019..", YearRange(2019, None)),
        ("year:..2021", YearRange(None, 2021)),
        ("date:2021", YearRange(2021, 2021)),
        ("year:2021..2019", YearRange(2021, 2019)),
        ("has:doi", Has("DOI")),
        ("missing:abstract", Not(Has("abstract"))),
        ("-has:doi", Not(Has("DOI"))),
        ("has:journal", Has("container_title")),
        ("has:container-title", Has("container_title")),
        ("has:tags", Has("tag")),
        ("has:pdf", Has("file")),
        ("has:year", Has("issued")),
        ("is:retracted", Is("retracted")),
        ("is:not-found", Is("not_found")),
        ("IS:Pending", Is("pending")),
        ("tag:thesis", Term("thesis", "tag")),
        ("… — !", EVERYTHING),
        ("a … b", And((A, B))),
        ("\ud800", EVERYTHING),
        ("a\udcffb", Term("a\ufffdb")),
    ],
)
def test_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "words", "caret"),
    [
        ("(a", "never closed", 0),
        ("a)", "never opened", 1),
        ("a OR", "missing beside OR", 4),
        ("OR a", "missing beside OR", None),
        ("a NOT", "missing after NOT", 5),
        ("author:", "nothing follows author:", 0),
        ("x author: dwi", "nothing follows author:", 2),
        ("-Year:", "nothing follows Year:", 0),
        ("has:colour", "no field colour", 0),
        ("missing:x", "no field x", 0),
        ("is:blue", "is: takes one of", 0),
        ("x year:soon", "a year is", 2),
        ("year:..", "a year is", 0),
        ("year:²", "a year is", 0),
        ("year:" + "9" * 5000, "a year is", 0),
        ("authors:x", "did you mean author", 0),
        ("tags:x", "did you mean tag", 0),
        ("(" * 60 + "a" + ")" * 60, "nested too deeply", None),
    ],
)
def test_what_cannot_be_read_is_shown(text: str, words: str, caret: int | None) -> None:
    with pytest.raises(UsageError, match="The query cannot be read") as caught:
        parse(text)
    assert words in caught.value.message
    shown, pointer = str(caught.value.hint).split("\n")
    assert shown == text
    assert pointer.strip() == "^"
    if caret is not None:
        assert len(pointer) - 1 == caret


def test_a_query_has_a_length() -> None:
    parse("a " * (MAX_QUERY // 2))
    with pytest.raises(UsageError, match="longer than"):
        parse("a" * (MAX_QUERY + 1))


@settings(max_examples=200, deadline=500)
@given(st.text("()\"-:| aORNOTyear.is09\n\t'*^\ud800é", max_size=60))
def test_any_text_is_a_tree_or_a_usage_error(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["(" * 10_000, '"' * 10_000, "-" * 10_000, "a:" * 5000, "(-" * 5000]
)
def test_long_nonsense_is_read_soon(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse(text)


def test_a_query_of_mere_signs_asks_for_nothing() -> None:
    for text in ("", "-", "*", 'title:"', '-""', "!! ??", 'zebra OR title:"?"', "()"):
        assert finds_everything(parse(text)), text
    for text in ("a", "-a", "a -", "has:doi", "-is:read", "year:2020..", 'tag:"!"', "c++"):
        assert not finds_everything(parse(text)), text


def test_a_word_that_names_no_field() -> None:
    assert unknown_field("x -author:y Foo:bar z:") == "Foo:bar"
    for text in (
        "author:x year:2020",
        "https://foo.org/x",
        'Migration: a "foo:bar"',
        "10.1000/a:b",
    ):
        assert unknown_field(text) is None, text
