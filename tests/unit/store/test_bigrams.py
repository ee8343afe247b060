"""Search in scripts without blanks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Description, Name, Origin, OriginKind, Record
from refman.rules.query import parse
from refman.store import NewRecord, Store, bigrams
from tests.property.libraries import ScratchStore

WORKS = {
    "zh": Description(
        title="基于人工智能的图像研究",
        author=(Name("王", "小明"),),
        container_title="计算机学报",
        keyword=("机器学习",),
        abstract="本文提出方法。",
    ),
    "ja": Description(title="AIと日本語テキスト処理", author=(Name("田中", "太郎"),)),
    "ko": Description(title="한국어 정보처리 연구", author=(Name("김", "철수"),)),
    "en": Description(title="Plain text"),
}


def fill(store: Store, works: dict[str, Description]) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris")
    with store.writing() as writer:
        change = writer.change("import", "import", "x")
        new = [NewRecord(Record(description=d, origin=origin), key) for key, d in works.items()]
        writer.insert(change, new)


def keys(store: Store, query: str) -> set[str]:
    return {row.citation_key for row in store.rows(parse(query))}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("人工智能", {"zh"}),
        ("智能", {"zh"}),
        ("工智", {"zh"}),
        ("究", {"zh"}),
        ("基", {"zh"}),
        ("图研", set()),
        ("能人", set()),
        ("图像 author:小明", {"zh"}),
        ("title:学报", set()),
        ("journal:学报", {"zh"}),
        ("keyword:学习", {"zh"}),
        ("abstract:提出", {"zh"}),
        ("王小明", {"zh"}),
        ("日本", {"ja"}),
        ("AI日本", {"ja"}),
        ("XX日本", set()),
        ("テキスト", {"ja"}),
        ("처리", {"ko"}),
        ("정보", {"ko"}),
        ("-研究", {"ja", "ko", "en"}),
        ('"人工智能"', {"zh"}),
        ("智能 OR 처리", {"zh", "ko"}),
        ("plain", {"en"}),
    ],
)
def test_any_part_is_found(query: str, expected: set[str]) -> None:
    with ScratchStore() as store:
        fill(store, WORKS)
        assert keys(store, query) == expected
        assert store.check() == []


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="人工智能研究の図像学", min_size=1, max_size=12), st.data())
def test_every_substring_is_found(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    with ScratchStore() as store:
        fill(store, {"it": Description(title=title), "other": Description(title="学学学")})
        assert "it" in keys(store, title[start:end])
        assert ("other" in keys(store, title[start:end])) is (title[start:end] in "学学学")


def test_other_scripts_cost_nothing() -> None:
    said = Description(title="Über Größen", author=(Name("Нестор", "Иван"),), abstract="Αλφα")
    assert list(bigrams.words(said)) == []
    assert bigrams.expression("Größen", None) is None
