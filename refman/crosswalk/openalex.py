"""OpenAlex's works: what they add to the record of a registration agency.

OpenAlex gathers from many places, and works out much by itself, so most of what it says is no
better than what the agency says. Taken are the abstract, the identifiers of PubMed, where the work
can be read freely, its language, and whether it was retracted. Title and year are there to tell
that the record is the right one. All but identifiers and the retraction are guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from refman.crosswalk.crossref import MAX_TEXT, Mapped
from refman.crosswalk.crossref_titles import Title, read_title
from refman.crosswalk.crossref_values import line
from refman.crosswalk.datacite_values import address, language
from refman.model import Date, Description, Extra, Update
from refman.model.identifier import parse_doi, parse_pmcid, parse_pmid
from refman.text.markup import plain_abstract

FORMAT = "openalex"
"""The format of what is kept in `extra`."""

MAX_WORDS = 20_000
"""Words of an abstract that are put together; what claims more is none."""

SELECTED = (
    "id", "doi", "title", "publication_year", "publication_date", "ids", "language", "is_retracted",
    "open_access", "best_oa_location", "abstract_inverted_index",
)  # fmt: skip
"""Fields of a work that are read; the service can be asked for these only."""

_LONGEST_WORD = 500
_GUESSED = frozenset(("abstract", "issued", "language", "title"))
_HEADINGS = frozenset(("abstract", "abstrak"))
"""What stands before an abstract, where line breaks are lost."""
_EXTRAS = {
    "id": "id",
    "oa_status": "open_access_status",
    "version": "open_access_version",
    "license": "open_access_license",
}


def description_from_work(work: Mapping[str, Any]) -> Mapped:
    """Map one work. Raises nothing, whatever the values are."""
    ids = _object(work.get("ids"))
    abstract = abstract_from_index(work.get("abstract_inverted_index"))
    title = _title(work.get("title") or work.get("display_name"), abstract, work.get("language"))
    doi = line(work.get("doi")) or line(ids.get("doi"))
    fields: dict[str, Any] = {
        "DOI": parse_doi(doi) if doi else None,
        "title": title.text,
        "issued": _issued(work),
        "PMID": _identifier(ids.get("pmid"), parse_pmid),
        "PMCID": _identifier(ids.get("pmcid"), parse_pmcid),
        "language": language(work.get("language")),
        "abstract": abstract,
        "extra": tuple(_extra(work)),
    }
    if work.get("is_retracted") is True:
        fields["updates"] = (Update(type="retraction", source=FORMAT, label="Retraction"),)
    stated = {field for field, value in fields.items() if value}
    verbatim = () if title.verbatim is None else (("title", title.verbatim),)
    return Mapped(Description(**fields), _GUESSED & stated, verbatim)


def abstract_from_index(index: object) -> str | None:
    """The text of an inverted index: `{"The": [0, 5], "cat": [1]}`.

    Words whose place is no number are left out, and gaps are closed. None where there are more
    than `MAX_WORDS` places, or text longer than a field may be.
    """
    if not isinstance(index, dict):
        return None
    placed = list(islice(_placed(index), MAX_WORDS + 1))
    if not placed or len(placed) > MAX_WORDS:
        return None
    placed.sort()
    if sum(len(word) + 1 for _, word in placed) > MAX_TEXT:
        return None
    words = [word for _, word in placed]
    if words[0].lower() in _HEADINGS and len(words) > 1 and words[1][:1].isupper():
        words = words[1:]
    return plain_abstract(" ".join(words)) or None


def _placed(index: Mapping[Any, Any]) -> Iterator[tuple[int, str]]:
    for word, places in index.items():
        if not isinstance(word, str) or not isinstance(places, list) or len(word) > _LONGEST_WORD:
            continue
        for place in places:
            if isinstance(place, int) and not isinstance(place, bool) and place >= 0:
                yield place, word


def _issued(work: Mapping[str, Any]) -> Date | None:
    """The year; days and months are often made up (the first of January)."""
    year = work.get("publication_year")
    if isinstance(year, int) and not isinstance(year, bool) and 0 < year < 10_000:
        return Date(year)
    return None


def _extra(work: Mapping[str, Any]) -> Iterator[Extra]:
    """Where it can be read, and OpenAlex's own number for it."""
    access, best = _object(work.get("open_access")), _object(work.get("best_oa_location"))
    urls = (access.get("oa_url"), best.get("pdf_url"), best.get("landing_page_url"))
    url = next((found for value in urls if (found := address(value))), None)
    if url is not None and access.get("is_oa") is not False:
        yield Extra(FORMAT, "open_access_url", url)
    stated = {
        "id": (line(work.get("id")) or "").rpartition("/")[2],
        "oa_status": line(access.get("oa_status")),
        "version": line(best.get("version")),
        "license": line(best.get("license")),
    }
    for key, value in stated.items():
        if value and len(value) <= _LONGEST_WORD:
            yield Extra(FORMAT, _EXTRAS[key], value)


def _identifier(value: object, parse: Callable[[str], str | None]) -> str | None:
    text = line(value)
    if text is None or len(text) > _LONGEST_WORD:
        return None
    # PMC's numbers come with or without their letters.
    number = text.rstrip("/").rpartition("/")[2]
    if parse is parse_pmcid and number.isascii() and number.isdecimal():
        number = f"PMC{number}"
    return parse(number) or parse(text)


def _title(value: object, abstract: str | None, code: object) -> Title:
    """The title, in sentence case where it came in capitals."""
    main = [value] if isinstance(value, str) and len(value) <= MAX_TEXT else []
    return read_title({"title": main, "language": code}, abstract, True)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
