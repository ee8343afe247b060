"""The rules by which records become one description."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from refman.model import (
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
from refman.rules.merge import changes, explain, locked_fields, reconcile

SMITH = (Name(family="Smith", given="Jane"),)
JONES = (Name(family="Jones", given="Ann"),)


def record(
    kind: OriginKind,
    name: str,
    id_: int | None = None,
    *,
    at: str | None = None,
    guessed: str = "",
    cleared: str = "",
    preferred: bool = False,
    **fields: Any,
) -> Record:
    return Record(
        description=Description(**fields),
        origin=Origin(kind=kind, name=name, retrieved=at, preferred=preferred),
        guessed=frozenset(guessed.split()),
        cleared=frozenset(cleared.split()),
        id=id_,
    )


def imported(id_: int | None = 1, name: str = "bibtex", **options: Any) -> Record:
    return record(OriginKind.IMPORT, name, id_, **options)


def source(id_: int | None = 2, name: str = "crossref", **options: Any) -> Record:
    return record(OriginKind.SOURCE, name, id_, **options)


def user(id_: int | None = 3, **options: Any) -> Record:
    return record(OriginKind.USER, "user", id_, **options)


def believed(*records: Record) -> Description:
    """What is believed, whatever the order in which the records are given."""
    results = [reconcile(order) for order in permutations(records)]
    assert all(result == results[0] for result in results)
    return results[0].description


def test_a_single_record_is_believed_as_it_is() -> None:
    only = imported(title="A title", author=SMITH)
    result = reconcile([only])
    assert result.description is only.description
    assert result.attribution == {}


def test_a_single_record_is_found_among_those_that_do_not_count() -> None:
    only = imported(title="A title")
    others = [
        replace(source(title="Other", volume="1"), state=state)
        for state in (RecordState.PROPOSED, RecordState.MISMATCH, RecordState.WITHDRAWN)
    ]
    result = reconcile([*others, only])
    assert result.description is only.description
    assert result.attribution == {}


@pytest.mark.parametrize(
    "state", [RecordState.PROPOSED, RecordState.MISMATCH, RecordState.WITHDRAWN]
)
def test_nothing_is_believed_where_no_record_stands(state: RecordState) -> None:
    assert reconcile([replace(imported(title="T"), state=state)]).description == Description()
    assert reconcile([]).description == Description()


def test_a_source_fills_what_is_empty_and_keeps_what_was_read() -> None:
    result = reconcile([imported(1, title="Mine"), source(2, title="Theirs", volume="7")])
    assert (result.description.title, result.description.volume) == ("Mine", "7")
    assert result.attribution == {"title": 1, "volume": 2}


def test_a_source_replaces_a_guess_as_a_whole() -> None:
    guess = imported(author=(Name(literal="Dwi Rizkika"), Name(literal="Ann")), guessed="author")
    assert believed(guess, source(author=SMITH)).author == SMITH


def test_an_import_s_names_stay_where_they_were_read() -> None:
    assert believed(imported(author=JONES), source(author=SMITH)).author == JONES


def test_what_a_source_guessed_outranks_what_an_import_guessed_only() -> None:
    guess = source(title="Recased Title", guessed="title")
    assert believed(imported(title="A guess", guessed="title"), guess).title == "Recased Title"
    assert believed(imported(title="As read"), guess).title == "As read"
    assert believed(guess, source(5, name="datacite", title="Known")).title == "Known"


def test_a_preferred_source_outranks_an_import_and_no_user() -> None:
    preferred = source(title="Theirs", volume="1", preferred=True)
    description = believed(imported(title="Mine", volume="2"), preferred, user(volume="3"))
    assert (description.title, description.volume) == ("Theirs", "3")


def test_a_preferred_source_s_guess_is_a_guess() -> None:
    preferred = source(title="Recased", guessed="title", preferred=True)
    assert believed(imported(title="Read"), preferred).title == "Read"


def test_the_user_s_newest_word_stands() -> None:
    first = user(3, at="2026-01-01T00:00:00Z", title="First", volume="1")
    second = user(4, at="2026-02-01T00:00:00Z", title="Second")
    newer = source(5, at="2026-03-01T00:00:00Z", title="Source", preferred=True)
    description = believed(first, second, newer)
    assert (description.title, description.volume) == ("Second", "1")


def test_the_later_id_decides_between_edits_of_the_same_second() -> None:
    at = "2026-01-01T00:00:00Z"
    assert believed(user(3, at=at, title="First"), user(4, at=at, title="Last")).title == "Last"


def test_what_the_user_cleared_is_empty_until_the_user_says_otherwise() -> None:
    cleared = user(3, at="2026-01-01T00:00:00Z", cleared="abstract note")
    later = user(4, at="2026-01-02T00:00:00Z", note="again")
    result = reconcile([imported(abstract="A", note="n"), source(abstract="B"), cleared, later])
    assert result.description.abstract is None
    assert result.description.note == "again"
    assert "abstract" not in result.attribution


def test_a_lone_record_that_clears_is_empty_there() -> None:
    assert reconcile([user(title="T", cleared="title")]).description == Description()


def test_only_the_user_can_clear() -> None:
    assert believed(imported(title="T"), source(cleared="title")).title == "T"


def test_the_first_import_wins() -> None:
    first = imported(9, at="2026-01-01T00:00:00Z", title="First")
    assert believed(imported(1, at="2026-01-02T00:00:00Z", title="Second"), first).title == "First"
    assert believed(imported(2, title="Two"), imported(1, title="One")).title == "One"


def test_agencies_are_trusted_before_aggregators_and_the_latest_answer_first() -> None:
    agency = source(1, "crossref", at="2026-01-01T00:00:00Z", publisher="Agency")
    aggregator = source(2, "openalex", at="2026-05-01T00:00:00Z", publisher="Aggregator")
    assert believed(agency, aggregator).publisher == "Agency"
    newer = source(3, "crossref", at="2026-01-01T00:00:01Z", publisher="Newer")
    assert believed(agency, newer).publisher == "Newer"
    undated = source(4, "crossref", publisher="Undated")
    assert believed(agency, undated).publisher == "Agency"


def test_a_tie_is_settled_by_content_and_never_by_place() -> None:
    believed(source(None, title="One"), source(None, title="Two"), source(None, title="Three"))
    believed(imported(None, title="One"), imported(None, title="Two"))
    believed(user(None, title="One"), user(None, title="Two"))


def test_a_record_without_id_is_not_attributed() -> None:
    result = reconcile([imported(None, title="T"), source(2, volume="1")])
    assert result.attribution == {"volume": 2}


class TestIssued:
    CROSSREF = source(
        issued=Date(2020, 12, 20),
        published_online=Date(2020, 12, 20),
        published_print=Date(2021, 3),
    )

    def test_a_bare_year_takes_the_finer_date_that_agrees_with_it(self) -> None:
        result = reconcile([imported(1, issued=Date(2021)), self.CROSSREF])
        assert result.description.issued == Date(2021, 3)
        assert result.attribution["issued"] == 2
        assert believed(imported(issued=Date(2020)), self.CROSSREF).issued == Date(2020, 12, 20)

    def test_a_year_that_nothing_refines_stays(self) -> None:
        assert believed(imported(issued=Date(2019)), self.CROSSREF).issued == Date(2019)

    def test_a_month_is_refined_by_a_day(self) -> None:
        month = imported(issued=Date(2020, 12))
        assert believed(month, self.CROSSREF).issued == Date(2020, 12, 20)

    def test_another_import_may_refine_it(self) -> None:
        other = imported(2, "ris", issued=Date(2021, 5, 1))
        assert believed(imported(1, issued=Date(2021)), other).issued == Date(2021, 5, 1)

    def test_a_range_is_not_refined(self) -> None:
        span = Date(2020, end=Date(2021))
        assert believed(imported(issued=span), self.CROSSREF).issued == span

    def test_a_guessed_year_is_replaced_by_the_date_that_agrees(self) -> None:
        guess = imported(issued=Date(2021), guessed="issued")
        assert believed(guess, self.CROSSREF).issued == Date(2021, 3)

    def test_a_guessed_year_that_agrees_with_nothing_gives_way(self) -> None:
        guess = imported(issued=Date(1999), guessed="issued")
        assert believed(guess, self.CROSSREF).issued == Date(2020, 12, 20)

    def test_a_guessed_year_is_refined_by_a_source_without_issued(self) -> None:
        guess = imported(issued=Date(2021), guessed="issued")
        assert believed(guess, source(published_print=Date(2021, 3))).issued == Date(2021, 3)

    def test_a_date_that_was_guessed_refines_nothing(self) -> None:
        finer = imported(2, issued=Date(2021, 1, 1), guessed="issued")
        assert believed(imported(1, issued=Date(2021)), finer).issued == Date(2021)

    def test_the_user_s_date_is_never_touched(self) -> None:
        assert believed(user(issued=Date(2021)), self.CROSSREF).issued == Date(2021)
        cleared = user(cleared="issued")
        assert believed(cleared, imported(issued=Date(2021)), self.CROSSREF).issued is None

    def test_a_preferred_source_s_date_stands_as_it_is(self) -> None:
        preferred = source(issued=Date(2020, 12, 20), published_print=Date(2021, 3), preferred=True)
        assert believed(imported(issued=Date(2021)), preferred).issued == Date(2020, 12, 20)


class TestUnited:
    def test_issns_of_one_journal(self) -> None:
        mine = imported(container_title="J. Appl. Math.", ISSN=("1110-757X",))
        theirs = source(
            container_title="Journal of Applied Mathematics", ISSN=("1687-0042", "1110-757X")
        )
        assert believed(mine, theirs).ISSN == ("1110-757X", "1687-0042")

    def test_issns_of_two_journals_are_not_mixed(self) -> None:
        mine = imported(container_title="Ecology", ISSN=("0012-9658",))
        theirs = source(container_title="Geofluids", ISSN=("1468-8115",))
        assert believed(mine, theirs).ISSN == ("0012-9658",)

    def test_a_malformed_issn_gives_way_but_is_kept(self) -> None:
        mine = imported(ISSN=("1234-5678",))
        assert believed(mine, source(ISSN=("1687-0042",))).ISSN == ("1687-0042", "1234-5678")

    def test_isbns_of_ten_and_thirteen_digits_are_one(self) -> None:
        mine = imported(ISBN=("0306406152",))
        theirs = source(ISBN=("9780306406157", "9783161484100"))
        assert believed(mine, theirs).ISBN == ("0306406152", "9783161484100")

    def test_the_user_s_list_stands_alone(self) -> None:
        assert believed(user(ISSN=("1110-757X",)), source(ISSN=("1687-0042",))).ISSN == (
            "1110-757X",
        )

    def test_keywords_are_united_among_imports_only(self) -> None:
        one, two = imported(1, keyword=("Ecology", "rain")), imported(2, keyword=("ecology", "sun"))
        assert believed(one, two).keyword == ("Ecology", "rain", "sun")
        assert believed(one, source(5, keyword=("noise",))).keyword == ("Ecology", "rain")

    def test_a_retraction_is_not_hidden_by_anyone_s_list(self) -> None:
        correction = Update("correction", DOI="10.1000/C")
        retraction = Update("retraction", DOI="10.1000/r", source="retraction-watch")
        records = [
            user(updates=(correction,)),
            source(2, updates=(retraction, Update("correction", DOI="10.1000/c"))),
        ]
        assert believed(*records).updates == (correction, retraction)
        assert believed(user(cleared="updates"), *records[1:]).updates == ()

    def test_relations_and_extras_of_all_records(self) -> None:
        relation = Relation("has-preprint", "10.1000/P")
        extra = Extra("bibtex", "timestamp", "x")
        mine = imported(relations=(relation,), extra=(extra,))
        theirs = source(
            relations=(Relation("has-preprint", "10.1000/p"), Relation("has-part", "10.1/z")),
            extra=(extra, Extra("crossref", "funder", "[]")),
        )
        description = believed(mine, theirs)
        assert description.relations == (relation, Relation("has-part", "10.1/z"))
        assert description.extra == (extra, Extra("crossref", "funder", "[]"))


def test_locked_fields_are_those_the_user_spoke_on() -> None:
    records = [
        imported(title="T"),
        user(3, title="Mine", cleared="abstract"),
        replace(user(4, volume="1"), state=RecordState.WITHDRAWN),
    ]
    assert locked_fields(records) == {"title", "abstract"}


class TestExplain:
    def test_claims_come_in_the_order_in_which_they_are_believed(self) -> None:
        records = [
            replace(
                imported(1, title="A title", guessed="title"), verbatim=(("title", "A TITLE"),)
            ),
            source(2, title="A Title"),
            user(3, title="My title"),
            replace(source(4, "openalex", title="Other"), state=RecordState.MISMATCH),
            replace(source(5, title="Gone"), state=RecordState.WITHDRAWN),
        ]
        claims = explain(records, "title")
        assert [(c.value, c.rank, c.stands) for c in claims] == [
            ("My title", "user", True),
            ("A Title", "source", False),
            ("A title", "import_guess", False),
            ("Other", "mismatch", False),
        ]
        assert claims[2].verbatim == "A TITLE"

    def test_a_cleared_field_is_a_claim(self) -> None:
        claims = explain([imported(title="T"), user(cleared="title")], "title")
        assert [(c.value, c.rank, c.stands) for c in claims] == [
            (None, "user", True),
            ("T", "import", False),
        ]

    def test_the_finer_date_names_the_field_it_was_read_from(self) -> None:
        records = [imported(1, issued=Date(2021)), TestIssued.CROSSREF]
        claims = explain(records, "issued")
        assert [(c.value, c.field, c.stands) for c in claims] == [
            (Date(2021, 3), "published_print", True),
            (Date(2021), "issued", False),
            (Date(2020, 12, 20), "issued", False),
        ]

    def test_all_that_was_united_stands(self) -> None:
        records = [imported(1, ISBN=("9780306406157",)), source(2, ISBN=("9783161484100",))]
        assert [claim.stands for claim in explain(records, "ISBN")] == [True, True]

    def test_nothing_said_is_no_claim(self) -> None:
        assert explain([imported(title="T")], "volume") == []
        with pytest.raises(KeyError):
            explain([], "no_field")

    def test_what_stands_is_what_reconcile_says(self) -> None:
        records = [imported(1, title="A", volume="1"), source(2, title="B", issue="4")]
        description = reconcile(records).description
        for field in ("title", "volume", "issue"):
            standing = [c.value for c in explain(records, field) if c.stands]
            assert standing == [getattr(description, field)]


def test_changes_names_the_fields_that_differ() -> None:
    before = Description(title="T", volume="1", author=SMITH)
    after = Description(title="T", volume="2", author=SMITH, issue="3")
    assert changes(before, after) == {"volume": ("1", "2"), "issue": (None, "3")}
    assert changes(before, before) == {}
