"""A description written as CSL-JSON reads back as the very same description."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.csljson import description_from_item, item_from_description
from refman.model import (
    DATE_FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Extra,
    Name,
    Relation,
    Update,
)
from refman.model.identifier import parse_doi
from refman.text.markup import clean_inline, plain_text

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))


def _settled(text: str) -> str:
    return plain_text(plain_text(text))


texts = st.one_of(
    st.sampled_from(["12", "Élan vital", "a, b", "x; y", "AT&T", "p < 0.05", "[1]", "{}", "0"]),
    st.text(_CHARACTERS, max_size=20).map(_settled),
).filter(lambda text: text and plain_text(text) == text and clean_inline(text) == text)
paragraphs = st.lists(texts, min_size=1, max_size=3).map("\n\n".join)
values = st.text(_CHARACTERS, min_size=1, max_size=12).filter(lambda text: _settled(text) == text)
orcids = st.sampled_from([None, "0000-0002-1825-0097", "0000-0001-5109-3700"])
places = st.lists(texts, max_size=2).map(tuple)
persons = st.builds(
    Name,
    family=texts,
    given=st.none() | texts,
    suffix=st.none() | texts,
    dropping_particle=st.none() | texts,
    non_dropping_particle=st.none() | texts,
    ORCID=orcids,
    affiliation=places,
)
organisations = st.builds(Name, literal=texts, ORCID=orcids, affiliation=places)
names = st.lists(persons | organisations, min_size=1, max_size=3).map(tuple)
days = st.dates().map(lambda day: Date(day.year, day.month, day.day))
simple_dates = st.one_of(
    days,
    st.builds(Date, st.integers(-9999, 9999)),
    st.builds(Date, st.integers(1, 2100), st.integers(1, 12)),
    st.builds(Date, st.integers(1, 2100), season=st.integers(1, 4)),
    st.builds(Date, st.integers(1, 2100), circa=st.booleans()),
)
dates = st.one_of(
    simple_dates,
    st.builds(
        lambda start, end, circa: Date(
            start.year, start.month, start.day, start.season, circa, end
        ),
        simple_dates,
        simple_dates | st.just(Date(literal="..")),
        st.booleans(),
    ),
    st.builds(Date, literal=texts),
)
extras = st.lists(
    st.builds(Extra, st.sampled_from(["csl-json", "ris", "bibtex"]), texts, values), max_size=4
)
updates = st.builds(
    Update, type=texts, DOI=st.none() | texts, date=st.none() | dates, label=st.none() | texts
)
relations = st.builds(Relation, type=texts, id=texts, id_type=texts)

_SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "type": texts | st.sampled_from(["article-journal", "book", "journal-article", "dataset"]),
    "DOI": st.sampled_from(["10.1000/Xyz", "10.1002/(SICI)1(1997)1:1<1::AID-A>3.0.CO;2-#"])
    | texts.filter(lambda text: parse_doi(text) in (None, text)),
    "PMID": st.sampled_from(["123", "no number"]),
    "PMCID": st.sampled_from(["PMC123", "no number"]),
    "arXiv": st.sampled_from(["2101.00001", "hep-th/9901001", "no number"]),
    "abstract": paragraphs,
    "note": paragraphs,
    "annote": paragraphs,
    "references": paragraphs,
    "ISSN": st.lists(
        st.sampled_from(["0002-7863", "1520-5126", "bad one", "a, b"]), min_size=1
    ).map(tuple),
    "ISBN": st.lists(st.sampled_from(["9780253211903", "978-0", "080442957X"]), min_size=1).map(
        tuple
    ),
    "updates": st.lists(updates, max_size=2).map(tuple),
    "relations": st.lists(relations, max_size=2).map(tuple),
    "extra": extras.map(tuple),
}


def _strategy(field: str) -> st.SearchStrategy[Any]:
    if field in _SPECIAL:
        return _SPECIAL[field]
    if field in NAME_FIELDS:
        return names
    if field in DATE_FIELDS:
        return dates
    if field in LIST_FIELDS:
        return st.lists(texts, min_size=1, max_size=4).map(tuple)
    return texts


_FIELDS = sorted(TEXT_FIELDS | NAME_FIELDS | DATE_FIELDS | LIST_FIELDS | set(_SPECIAL))


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    chosen = draw(st.sets(st.sampled_from(_FIELDS), max_size=7))
    return Description(**{field: draw(_strategy(field)) for field in sorted(chosen)})


@settings(max_examples=60, deadline=None)
@given(descriptions())
def test_reads_back_what_was_written(description: Description) -> None:
    item = json.loads(json.dumps(item_from_description(description, id="key")))
    again, _ = description_from_item(item)
    assert again == description


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(_FIELDS).flatmap(lambda field: _strategy(field).map(lambda v: (field, v))))
def test_reads_back_each_field(stated: tuple[str, Any]) -> None:
    field, value = stated
    description = Description(**{field: value})
    again, _ = description_from_item(item_from_description(description))
    assert again == description


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
_keys = st.sampled_from(
    ["title", "author", "issued", "ISSN", "keyword", "custom", "type", "DOI", "id", "year", "page"]
)
_inside = st.dictionaries(
    st.sampled_from(
        ["date-parts", "season", "raw", "family", "literal", "names", "dates", "extra", "updates"]
    ),
    _json,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_keys | st.text(max_size=8), _json | _inside | st.lists(_inside)))
def test_any_object_can_be_read_and_settles(item: dict[str, Any]) -> None:
    description, _ = description_from_item(item)
    written = item_from_description(description)
    json.dumps(written, ensure_ascii=False).encode()
    assert description_from_item(written)[0] == description
