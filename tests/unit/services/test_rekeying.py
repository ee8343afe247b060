"""New keys for works: proposed, given, taken back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.rules.query import EVERYTHING
from refman.services.library import Library
from refman.services.rekeying import propose, rekey


def library_of(folder: Path, *works: tuple[str, str, int]) -> Library:
    """A library of works given as key, family name and year."""
    items = [
        {"id": key, "type": "book", "title": f"Book {number} by {family}",
         "author": [{"family": family}], "issued": {"date-parts": [[year]]}}
        for number, (key, family, year) in enumerate(works)
    ]  # fmt: skip
    library = Library(folder / "library.db", create=True)
    library.store._connection.execute("PRAGMA synchronous = OFF")
    for item in items:
        stream = io.BytesIO(json.dumps([item]).encode())
        list(library.import_stream(stream, "x.json"))
    return library


def keys(library: Library) -> list[str]:
    return sorted(work.citation_key for work in library.search())


def test_old_keys_stay_and_undoing_brings_them_back(tmp_path: Path) -> None:
    with library_of(tmp_path, ("one", "Rain", 2020), ("two", "Rain", 2020)) as library:
        proposed = list(propose(library.store, EVERYTHING, "auth.lower + year"))
        assert [(key.before, key.after) for key in proposed] == [
            ("one", "rain2020"), ("two", "rain2020a"),
        ]  # fmt: skip
        assert keys(library) == ["one", "two"]
        assert rekey(library.store, proposed) == proposed
        assert keys(library) == ["rain2020", "rain2020a"]
        assert library.get("one").citation_key == "rain2020"
        assert [row.citation_key for row in library.rows("key:rain2020a")] == ["rain2020a"]
        library.undo()
        assert keys(library) == ["one", "two"]
        assert library.find("rain2020") is None
        assert library.check() == []


def test_a_key_with_its_letter_is_right_already(tmp_path: Path) -> None:
    works = [(f"k{i}", "Rain", 2020) for i in range(40)]
    with library_of(tmp_path, *works) as library:
        rekey(library.store, list(propose(library.store, EVERYTHING, "auth + year")))
        assert list(propose(library.store, EVERYTHING, "auth + year")) == []


def test_only_the_capitals_change(tmp_path: Path) -> None:
    with library_of(tmp_path, ("RAIN2020", "Rain", 2020)) as library:
        rekey(library.store, list(propose(library.store, EVERYTHING, "auth.lower + year")))
        assert keys(library) == ["rain2020"]
        library.undo()
        assert keys(library) == ["RAIN2020"]
        assert library.check() == []


def test_keys_that_came_with_an_entry_can_be_kept(tmp_path: Path) -> None:
    with library_of(tmp_path, ("mine", "Rain", 2020)) as library:
        assert list(propose(library.store, EVERYTHING, "auth", keep_imported=True)) == []
        library.rename(library.get("mine"), "other")
        assert len(list(propose(library.store, EVERYTHING, "auth", keep_imported=True))) == 1


def test_what_somebody_else_changed_is_left_out(tmp_path: Path) -> None:
    with library_of(tmp_path, ("one", "Rain", 2020), ("two", "Snow", 2020)) as library:
        proposed = list(propose(library.store, EVERYTHING, "auth.lower"))
        library.rename(library.get("one"), "snow")
        assert rekey(library.store, proposed) == []
        assert keys(library) == ["snow", "two"]
        assert library.history()[0].action == "rename"


def test_a_template_with_a_mistake_proposes_nothing(tmp_path: Path) -> None:
    with library_of(tmp_path, ("one", "Rain", 2020)) as library, pytest.raises(UsageError):
        list(propose(library.store, EVERYTHING, "auht"))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "rain2020", "rain2020a", "snow", "b", "c", "rain"]),
            st.sampled_from(["Rain", "Snow"]),
            st.sampled_from([2020, 2021]),
        ),
        min_size=1, max_size=6,
    ),
    st.lists(st.sampled_from(["auth + year", "[auth:lower][year]", "year", "{auth}"]), min_size=1,
             max_size=3),
)  # fmt: skip
def test_keys_are_unique_and_every_one_there_was_still_finds_its_work(
    tmp_path_factory: pytest.TempPathFactory,
    works: list[tuple[str, str, int]],
    templates: list[str],
) -> None:
    with library_of(tmp_path_factory.mktemp("rekey"), *works) as library:
        known = {work.citation_key: work.id for work in library.search()}
        before = dict(known)
        for template in templates:
            rekey(library.store, list(propose(library.store, EVERYTHING, template)))
            now = [work.citation_key for work in library.search()]
            assert len({key.lower() for key in now}) == len(now)
            known |= {work.citation_key: work.id for work in library.search()}
            for key, work_id in known.items():
                assert library.get(key).id == work_id
            assert list(propose(library.store, EVERYTHING, template)) == []
        for change in library.history():
            if change.action == "rekey":
                library.undo(change.id)
        assert {work.citation_key: work.id for work in library.search()} == before
        assert library.check() == []
