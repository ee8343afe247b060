"""The examples of docs/python.md run, one after the other, as somebody would type them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from refman import Library
from refman.model import Description, Origin, OriginKind, Record, RecordState

PAGE = Path(__file__).parents[3] / "docs" / "python.md"
FILE = """
@article{dwi2021, title={Migrant workers in Malaysia}, author={Dwi, Rizkika}, year=2021}
@book{knuth1984, title={The TeXbook}, author={Knuth, Donald}, year=1984}
@book{knuth1984a, title={The TeXbook}, author={Knuth, Donald}, year=1984, edition={17}}
"""


def test_the_examples_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("new.bib").write_text(FILE, encoding="utf-8")
    Path("paper.pdf").write_bytes(b"%PDF-1.4")
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 7
    names: dict[str, Any] = {}
    for example in examples:
        if "library.reviews" in example:
            _propose(names["library"])
        exec(compile(example, str(PAGE), "exec"), names)
    told = capsys.readouterr().out
    for words in (
        "1 dwi2021 Migrant workers in Malaysia", "@misc{dwi2021,", "{'dissertation': 1} <1 work>",
        "1 True []", "['paper.pdf']", "'volume', None, '9', 'crossref'", "note on dwi2021", "sound",
        "['Dwi2021', 'knuth1984', 'knuth1984a']",
    ):  # fmt: skip
        assert words in told
    with Library("library.db") as library:
        work = library.get("dwi2021")
        assert (work.description.volume, work.description.publisher) == ("9", None)
        assert not list(library.reviews)
        assert library.get("knuth1984a").id == library.get("knuth1984").id
    assert len(list(Path("library-backups").iterdir())) == 1


def _propose(library: Library) -> None:
    work = library.get("dwi2021")
    record = Record(
        description=Description(volume="9", publisher="UNIDA"),
        origin=Origin(kind=OriginKind.SOURCE, name="crossref"),
        state=RecordState.PROPOSED,
    )
    with library.store.writing() as writer:
        writer.append(writer.change("source", "enrich", "enrichment"), [(work.id, record)])
