"""Lists of the names of journals."""

from __future__ import annotations

import pytest

from refman.model import Description
from refman.rules.journal_names import JournalNames

ARTICLE = Description(
    type="article-journal", container_title="Mediasi: Journal of International Relations"
)


@pytest.mark.parametrize(
    "text",
    [
        "Mediasi: Journal of International Relations;MEDIASI\nOther;O.\n",
        '"Mediasi: Journal of International Relations","MEDIASI"\n"Other","O.","X"\n',
        "# mine\n\nmediasi, Journal of International Relations = MEDIASI;X\nOther = O.\n",
        "\ufeffMediasi: Journal of International Relations\tMEDIASI\r\nOther\tO.\r\n",
    ],
)
def test_the_forms_of_lists(text: str) -> None:
    names = JournalNames.of([text])
    assert len(names) == 2
    assert names.abbreviated(ARTICLE) == "MEDIASI"
    short = Description(type="article-journal", container_title="MEDIASI")
    assert names.full(short) in (
        "Mediasi: Journal of International Relations",
        "mediasi, Journal of International Relations",
    )


def test_a_users_list_comes_before_what_sources_say_and_that_before_iso_4() -> None:
    known = Description(
        type="article-journal", container_title="Journal of Things", container_title_short="JoT"
    )
    assert JournalNames.of(["Journal of Things;J. Th."]).abbreviated(known) == "J. Th."
    assert JournalNames().abbreviated(known) == "JoT"
    assert JournalNames().abbreviated(ARTICLE) == "Mediasi: J. Int. Relat."


def test_a_short_name_that_is_none_is_not_believed() -> None:
    same = Description(
        type="article-journal",
        container_title="Journal of Physics",
        container_title_short="Journal of Physics",
    )
    assert JournalNames().abbreviated(same) == "J. Phys."


def test_the_titles_of_books_are_left() -> None:
    chapter = Description(type="chapter", container_title="Handbook of International Relations")
    assert JournalNames().abbreviated(chapter) is None
    assert JournalNames().full(chapter) == "Handbook of International Relations"
    assert JournalNames().full(Description(type="book")) is None


def test_the_list_of_title_words_takes_the_place_of_the_built_in_one() -> None:
    names = JournalNames.of(["WORD\tABBREVIATIONS\tLANGUAGE CODES\nrelations\trels.\teng\n"])
    assert len(names) == 0
    assert names.abbreviated(ARTICLE) == "Mediasi: Journal International Rels."


def test_a_hostile_list() -> None:
    assert len(JournalNames.of(['"' * 100_000, ";" * 100_000, "\x00;\x00\n=\n = \n", ""])) <= 1
