"""`refman review`: shown, decided, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.model import Description, Origin, OriginKind, Record, RecordState
from refman.services.library import Library
from tests.cli.conftest import Refman

FILE = """\
@article{one, author={Smith, John}, title={On birds}, doi={10.1000/one}}
@article{two, author={Smith, John}, title={On bees}, doi={10.1000/two}}
@article{three, author={Smith, John}, title={On bears}, doi={10.1000/three}}
"""


@pytest.fixture
def library(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(FILE)
    assert refman("import", str(path)).status == 0
    origin = Origin(kind=OriginKind.SOURCE, name="crossref", location="10.1000/x")
    said = Description(title="Some \x1b[31mtitle", page="1-9", issue="2")
    path = refman("doctor", "--json").json["library"]
    with Library(path) as opened, opened.store.writing() as writer:
        change = writer.change("source", "enrich", "proposals")
        states = (RecordState.PROPOSED, RecordState.PROPOSED, RecordState.MISMATCH)
        for key, state in zip(("one", "two", "three"), states, strict=True):
            record = Record(description=said, origin=origin, state=state)
            writer.append(change, [(opened.get(key).id, record)])


@pytest.mark.usefixtures("library")
def test_proposals_are_shown_decided_and_undone(refman: Refman) -> None:
    shown = refman("review")
    assert shown.status == 1
    assert "  page: (empty) -> 1-9 [crossref]" in shown.out
    assert "  another work at its DOI: Some [31mtitle [crossref]" in shown.out
    assert "\x1b" not in shown.out
    dry = refman("review", "--accept", "pages", "--dry-run")
    assert "Would decide on 2 fields." in dry.err
    refman("review", "--accept", "page")
    assert [refman("show", key, "--json").json["page"] for key in ("one", "two")] == ["1-9"] * 2
    assert "✓ crossref (accepted) 10.1000/x: 1-9" in refman("show", "one", "--provenance").out
    left = refman("review", "one", "--reject", "title", "--json").json
    assert [proposal["field"] for proposal in left[0]["proposals"]] == ["issue"]
    refman("undo")
    refman("undo")
    assert "page" not in refman("show", "one", "--json").json
    assert refman("review", "one", "two", "--accept", "issue", "--reject-all").status == 0
    assert refman("show", "two", "--json").json["issue"] == "2"


@pytest.mark.usefixtures("library")
def test_a_mismatch_is_settled_and_nonsense_refused(refman: Refman) -> None:
    assert refman("review", "three", "--mismatch", "drop-doi").status == 0
    assert "DOI" not in refman("show", "three", "--json").json
    assert refman("review", "one", "--accept", "page", "--reject", "pages").status == 2
    assert refman("review", "one", "--accept", "nonsense").status == 2
    assert refman("review", "nobody").status == 1
