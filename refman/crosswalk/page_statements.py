"""What a page says of a work, statement by statement, whoever speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from refman.crosswalk.page_names import Vocabulary, meaning_of
from refman.model import Name
from refman.text.html_page import Meta


class Statement(NamedTuple):
    """One statement: who makes it, what it is about, what it is called there, and what it says."""

    vocabulary: Vocabulary
    role: str | None
    name: str
    value: str | Name
    language: str = ""


def statements_from_metas(metas: Iterable[Meta]) -> list[Statement]:
    """What the `meta` elements of a page say of the work that it is about, in their order.

    What stands behind an author is about him: his number, from 0, goes before it on a line.
    """
    found: list[Statement] = []
    authors: Counter[Vocabulary] = Counter()
    for meta in metas:
        meant = meaning_of(meta.name)
        if meant is None:
            continue
        said = Statement(*meant, meta.name, meta.content, meta.language)
        if said.role == "author":
            authors[said.vocabulary] += 1
        elif said.role in ("author_institution", "author_orcid"):
            place = max(0, authors[said.vocabulary] - 1)
            said = said._replace(role="author_about", value=f"{place}\n{meta.content}")
        elif said.name.endswith("book_title"):
            found.append(said._replace(role="in_book"))
        found.append(said)
    return found
