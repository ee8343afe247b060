"""Exporting to files, what manuscripts cite, formatted references, CSL-JSON items."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import InputError, NotFoundError, PluginNotFound, UsageError
from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Name,
    Update,
    Work,
)
from refman.services.cited import cited_keys
from refman.services.citing import CiteFormat, cite
from refman.services.exporting import export, write_file
from refman.services.items import changes_as_items, item_from_work
from refman.services.library import Library

WORK = Work(
    id=1,
    citation_key="Dwi2021",
    description=Description(
        type="article-journal",
        title="The <i>Escherichia</i> effect",
        author=(Name("Dwi", "Rizkika"), Name("Adji", "Nabilah")),
        container_title="Mediasi",
        issued=Date(2021),
        volume="4",
        page="1-9",
        updates=(Update("retraction", DOI="10.1000/r"),),
    ),
    aliases=("old",),
    tags=("thesis",),
    enrichment=EnrichmentStatus.ENRICHED,
    added="2026-01-01T00:00:00Z",
)


# Files


def test_a_file_is_written_whole_and_left_alone_where_nothing_changes(tmp_path: Path) -> None:
    target = tmp_path / "x.bib"
    assert write_file(target, ["é", "\n"])
    assert target.read_bytes() == "é\n".encode()
    stamp = target.stat().st_mtime_ns
    assert not write_file(target, ["é\n"])
    assert target.stat().st_mtime_ns == stamp
    assert write_file(target, ["other\n"])
    assert target.read_text() == "other\n"
    assert [path.name for path in tmp_path.iterdir()] == ["x.bib"]


def test_modes_and_links_are_kept(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        new = tmp_path / "new.bib"
        write_file(new, ["a"])
        assert stat.S_IMODE(new.stat().st_mode) == 0o640
    finally:
        os.umask(old)
    new.chmod(0o604)
    link = tmp_path / "link.bib"
    link.symlink_to(new)
    write_file(link, ["b"])
    assert link.is_symlink()
    assert new.read_text() == "b"
    assert stat.S_IMODE(new.stat().st_mode) == 0o604


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt()])
def test_what_fails_on_the_way_leaves_the_old_file(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "x.bib"
    target.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new"
        raise error

    with pytest.raises(type(error)):
        write_file(target, pieces())
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.bib"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_file(tmp_path / "no" / "x.bib", ["a"])
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_file(tmp_path / "folder", ["a"])
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert write_file(pipe, ["a", "b"])
    reader.join()
    assert read == ["ab"]
    assert pipe.is_fifo()


def test_a_format_that_cannot_be_written() -> None:
    with pytest.raises(PluginNotFound):
        export("garuda", [WORK])


def test_works_by_their_keys(tmp_path: Path) -> None:
    with Library(tmp_path / "l.db", create=True) as library:
        list(
            library.import_text(
                '[{"id": "a", "type": "book", "title": "A"},'
                ' {"id": "b", "type": "map", "title": "B"}]'
            )
        )
        assert [work.citation_key for work in library.works_by_keys(["b", "a"])] == ["b", "a"]
        with pytest.raises(NotFoundError):
            list(library.works_by_keys(["a", "c"]))
        assert len(library) == 2
        assert "l.db" in repr(library)


# What manuscripts cite


@pytest.mark.parametrize(
    ("name", "text", "keys"),
    [
        (
            "a.tex",
            r"\cite{a} \citep[see][p. 1]{b, c}\autocite*{a} % \cite{no}"
            "\n"
            r"100\% \nocite{*}\textcite{d}",
            ["a", "b", "c", "d"],
        ),
        ("a.aux", r"\citation{a,b}" "\n" r"\abx@aux@cite{0}{c}", ["a", "b", "c"]),
        ("a.bcf", '<bcf:citekey order="1">a</bcf:citekey><bcf:citekey>*</bcf:citekey>', ["a"]),
        ("a.md", "As @dwi2021 says [@x; -@{odd key?}, see @smith:1]. me@mail.org", None),
        ("a.qmd", "[@a, p. 3]\n@b.", ["a", "b"]),
        ("a.Rmd", "@a", ["a"]),
        ("a.typ", '@a and #cite(<b>) #cite(label("c/d"), form: "prose")', ["a", "b", "c/d"]),
        ("a.tex", "\\cite{" + "x" * 100_000 + "}", []),
        ("a.tex", "\\cite[" * 20_000, []),
        ("a.tex", "\\" + "cite" * 20_000 + "{a}", []),
    ],
)
def test_cited_keys(tmp_path: Path, name: str, text: str, keys: list[str] | None) -> None:
    path = tmp_path / name
    path.write_text(text)
    found = cited_keys(path)
    if keys is None:
        assert {"dwi2021", "x", "smith:1"} <= set(found)
        assert "mail.org" not in found
    else:
        assert found == keys


def test_manuscripts_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no kind"):
        cited_keys(tmp_path / "x.odt")
    with pytest.raises(InputError, match="cannot be read"):
        cited_keys(tmp_path / "x.tex")


# References


def test_references_in_three_forms() -> None:
    [text] = cite([WORK], "apa", CiteFormat.TEXT)
    assert text.startswith("Dwi, R.")
    assert "2021" in text
    [markup] = cite([WORK], "apa", CiteFormat.HTML)
    assert "<i>Mediasi</i>" in markup
    [markdown] = cite([WORK], "apa", CiteFormat.MARKDOWN)
    assert "*Mediasi*" in markdown
    assert cite([], "apa", CiteFormat.TEXT) == []
    assert cite([WORK], "IEEE", CiteFormat.TEXT)
    with pytest.raises(UsageError, match="no style"):
        cite([WORK], "no-such-style", CiteFormat.TEXT)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "\x00", "apa.csl"])
def test_names_of_styles_reach_no_other_file(name: str) -> None:
    with pytest.raises(UsageError):
        cite([WORK], name, CiteFormat.TEXT)


# Items


def test_an_item_holds_what_the_library_knows() -> None:
    item = item_from_work(WORK)
    assert item["id"] == "Dwi2021"
    assert item["container-title"] == "Mediasi"
    custom = item["custom"]
    assert isinstance(custom, dict)
    assert custom["aliases"] == ["old"]
    assert custom["tags"] == ["thesis"]
    assert custom["enrichment"] == "enriched"
    assert custom["retracted"] is True
    assert "collections" not in custom


def test_changes_in_the_form_of_csl() -> None:
    changed = {
        "container_title": (None, "Mediasi"),
        "issued": (Date(2021), Date(2021, 8)),
        "author": ((), (Name("Dwi", "R"),)),
        "type": (None, "book"),
        "DOI": ("10.1/a", None),
        "arXiv": (None, "2101.00001"),
        "keyword": ((), ("a", "b")),
        "updates": ((), WORK.description.updates),
    }
    told = changes_as_items(changed)
    assert told["container-title"] == [None, "Mediasi"]
    assert told["issued"] == [{"date-parts": [[2021]]}, {"date-parts": [[2021, 8]]}]
    assert told["author"] == [None, [{"family": "Dwi", "given": "R"}]]
    assert told["type"] == [None, "book"]
    assert told["DOI"] == ["10.1/a", None]
    assert told["updates"][0] is None
    assert told["updates"][1] == [{"type": "retraction", "DOI": "10.1000/r"}]
    assert told["arXiv"] == [None, "2101.00001"]
    assert told["keyword"] == [None, "a, b"]
