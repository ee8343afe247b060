"""OpenURL ContextObjects (ANSI/NISO Z39.88, keys and encoded values), as COinS embeds them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from refman.crosswalk.page_names import Vocabulary
from refman.crosswalk.page_statements import Statement
from refman.model import Name
from refman.text.markup import plain_text

_MAX_PAIRS = 1000

_ROLES = {
    "atitle": "title", "jtitle": "container_title", "stitle": "container_title_short",
    "date": "issued", "volume": "volume", "issue": "issue", "spage": "page_first",
    "epage": "page_last", "pages": "page", "artnum": "number", "issn": "ISSN", "eissn": "ISSN",
    "isbn": "ISBN", "pub": "publisher", "place": "publisher_place", "edition": "edition",
    "series": "collection_title", "tpages": "number_of_pages", "inst": "thesis_institution",
    "degree": "genre", "creator": "author", "publisher": "publisher", "subject": "keyword",
    "identifier": "identifier", "description": "abstract", "source": "container_title",
    "language": "language", "type": "type", "contributor": "contributor",
}  # fmt: skip
_GENRES = {
    "article": "article-journal", "preprint": "article", "proceeding": "paper-conference",
    "conference": "paper-conference", "bookitem": "chapter", "book": "book", "report": "report",
    "document": "document", "issue": "periodical", "journal": "periodical",
}  # fmt: skip
_FORMATS = {"journal": "article-journal", "book": "book", "dissertation": "thesis",
            "patent": "patent", "dc": "document"}  # fmt: skip
_TAKEN = frozenset(
    ("title", "btitle", "au", "aulast", "aufirst", "auinit", "auinit1", "auinitm", "aucorp",
     "genre", "ausuffix")
)  # fmt: skip


def statements_from_open_url(text: str) -> list[Statement]:
    """What a ContextObject says of its referent. Raises nothing."""
    try:
        pairs = parse_qsl(text.replace("&amp;", "&"), max_num_fields=_MAX_PAIRS)
    except ValueError:
        return []
    fields: dict[str, list[str]] = {}
    kind = ""
    for key, value in pairs:
        said = plain_text(value)
        if key == "rft_val_fmt":
            kind = said.rpartition(":")[2]
        elif key == "rft_id":
            fields.setdefault("rft_id", []).append(said)
        elif key.startswith("rft.") and said:
            fields.setdefault(key[4:], []).append(said)
    return list(_statements(fields, kind))


def _statements(fields: dict[str, list[str]], kind: str) -> Iterator[Statement]:
    genre = (fields.get("genre") or [""])[0].lower()
    csl = _GENRES.get(genre) or _FORMATS.get(kind)
    if csl is not None:
        yield _said("csl_type", "genre", csl)
    part = bool(fields.get("atitle")) and (genre == "bookitem" or kind in ("journal", "book"))
    for name in ("btitle", "title"):
        for value in fields.get(name, ()):
            yield _said("container_title" if part else "title", name, value)
    yield from _names(fields)
    for value in fields.get("rft_id", ()):
        yield _said("identifier", "rft_id", value)
    for name, values in fields.items():
        if name not in _TAKEN and name != "rft_id":
            for value in values:
                yield _said(_ROLES.get(name), name, value)


def _names(fields: dict[str, list[str]]) -> Iterator[Statement]:
    """The first author stands apart, as family and given name, and often among all as well."""
    family = (fields.get("aulast") or [""])[0]
    given = (fields.get("aufirst") or fields.get("auinit") or [""])[0]
    others = list(fields.get("au", ()))
    if family:
        if others and family in others[0]:
            others = others[1:]
        yield Statement(
            Vocabulary.OPEN_URL, "author", "rft.aulast",
            Name(family=family, given=given) if given else Name(literal=family),
        )  # fmt: skip
    for value in others:
        yield _said("author", "au", value)
    for value in fields.get("aucorp", ()):
        yield Statement(Vocabulary.OPEN_URL, "author", "rft.aucorp", Name(literal=value))


def _said(role: str | None, name: str, value: str) -> Statement:
    return Statement(
        Vocabulary.OPEN_URL, role, f"rft.{name}".replace("rft.rft_id", "rft_id"), value
    )
