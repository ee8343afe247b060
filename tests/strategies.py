"""Hypothesis strategies for the types of `refman.model`."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from refman.model import (
    DATE_FIELDS,
    FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Extra,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Relation,
    Update,
)

texts = st.one_of(
    st.sampled_from(["2021", "null", "{}", '"', "Élan", "a; b", "مرحبا", "𝔘nicode", "\u200b", "'"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=15),
)
"""Any text that UTF-8 can hold; the empty one says nothing, and so is none."""

_optional = st.none() | texts

names = st.one_of(
    st.builds(
        Name,
        family=_optional,
        given=_optional,
        suffix=_optional,
        dropping_particle=_optional,
        non_dropping_particle=_optional,
        ORCID=_optional,
        affiliation=st.lists(texts, max_size=2).map(tuple),
    ),
    st.builds(Name, literal=texts),
)

_days = st.dates().map(lambda day: Date(day.year, day.month, day.day))
_points = st.one_of(
    _days,
    st.builds(Date, st.integers(-9999, 9999)),
    st.builds(Date, st.integers(-9999, 9999), st.integers(1, 12)),
    st.builds(Date, st.integers(1, 2100), season=st.integers(1, 4), circa=st.booleans()),
    st.builds(Date, st.integers(1, 2100), circa=st.booleans()),
)
dates = st.one_of(
    _points,
    st.builds(
        lambda start, end: Date(
            start.year, start.month, start.day, start.season, start.circa, end=end
        ),
        _points,
        _points | st.just(Date(literal="..")),
    ),
    st.builds(Date, literal=texts),
)

updates = st.builds(
    Update,
    type=st.sampled_from(["retraction", "correction", "expression_of_concern"]) | texts,
    DOI=_optional,
    date=st.none() | dates,
    source=_optional,
    label=_optional,
)
relations = st.builds(Relation, type=texts, id=texts, id_type=texts)
extras = st.builds(Extra, format=texts, name=texts, value=texts)


def values(field: str) -> st.SearchStrategy[Any]:
    """Values that a field can hold, none of them empty."""
    if field in TEXT_FIELDS:
        return texts
    if field in DATE_FIELDS:
        return dates
    kinds = {"updates": updates, "relations": relations, "extra": extras}
    element: st.SearchStrategy[Any] = kinds.get(
        field, names if field in NAME_FIELDS else texts if field in LIST_FIELDS else st.nothing()
    )
    return st.lists(element, min_size=1, max_size=3).map(tuple)


@st.composite
def descriptions(draw: st.DrawFn, max_fields: int = 6) -> Description:
    """Descriptions with some fields."""
    chosen = draw(st.lists(st.sampled_from(FIELDS), max_size=max_fields, unique=True))
    return Description(**{field: draw(values(field)) for field in chosen})


origins = st.builds(
    Origin,
    kind=st.sampled_from(OriginKind),
    name=texts,
    location=_optional,
    retrieved=_optional,
    preferred=st.booleans(),
)
_fields = st.frozensets(st.sampled_from(FIELDS), max_size=3)
records = st.builds(
    Record,
    description=descriptions(),
    origin=origins,
    guessed=_fields,
    verbatim=st.lists(st.tuples(st.sampled_from(FIELDS), texts), max_size=2).map(tuple),
    cleared=_fields,
    citation_key=_optional,
    payload=_optional,
    state=st.sampled_from(
        [RecordState.STANDING, RecordState.PROPOSED, RecordState.MISMATCH, RecordState.WITHDRAWN]
    ),
)
