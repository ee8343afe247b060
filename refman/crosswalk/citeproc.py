"""CSL-JSON as registration agencies give it by content negotiation, as descriptions.

It is only nearly CSL. Crossref gives its own record (`refman.crosswalk.crossref` reads that).
Others give CSL's variables with flaws: titles with HTML and its entities, addresses that are the
DOI's own, codes for missing values, `categories` for keywords, `copyright` for a licence, a type
that stands for all texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from refman.crosswalk.crossref import MAX_EXTRAS, MAX_TEXT, Mapped, description_from_message
from refman.crosswalk.crossref_names import read_names
from refman.crosswalk.crossref_titles import read_title
from refman.crosswalk.crossref_values import items
from refman.crosswalk.csljson import FORMAT as CSL_FORMAT
from refman.crosswalk.csljson import description_from_item, is_crossref
from refman.crosswalk.datacite_values import FIELD_OF_SCIENCE, address, arxiv_of, language, said
from refman.model import NAME_FIELDS, TEXT_FIELDS, Description, Extra, Name, stated
from refman.text.addresses import is_resolver
from refman.text.markup import clean_inline, plain_abstract, plain_text

FORMAT = "doi"
"""The format of what is kept in `extra`."""

_TITLES = frozenset(("title", "container-title", "collection-title", "event", "event-title"))
_NOT_OF_THE_WORK = frozenset(("id", "source", "score", "custom"))


def description_from_citeproc(item: Mapping[str, Any], agency: str | None) -> Mapped:
    """Map one item from the agency of this name. Raises nothing, whatever the values are.

    The type is a guess unless it is Crossref's: DataCite calls every text an article in a journal.
    """
    if is_crossref(item) or (agency or "").lower() == "crossref":
        mapped = description_from_message(item)
        return replace(mapped, description=_with_agency(mapped.description, agency))
    return _map(item, agency)


def _map(item: Mapping[str, Any], agency: str | None) -> Mapped:
    tidied = {key: _tidied(key, value) for key, value in item.items()}
    read, _ = description_from_item(
        {key: value for key, value in tidied.items() if key not in _NOT_OF_THE_WORK}
    )
    fields: dict[str, Any] = {}
    for field, value in stated(read):
        kept = _kept(field, value)
        if kept is not None:
            fields[field] = kept
    _add_missing(item, fields)
    guessed: set[str] = {"type"} & fields.keys()
    if "arXiv" in fields:
        fields["type"] = "article"
        guessed = set()
    verbatim: list[tuple[str, str]] = []
    extras = [
        Extra(FORMAT, extra.name, extra.value)
        for extra in read.extra
        if extra.format == CSL_FORMAT
        and extra.name != "categories"
        and not (extra.name == "copyright" and address(extra.value))
    ]
    title = read_title(_for_title(item, fields), fields.get("abstract"), True)
    if title.text is None:
        fields.pop("title", None)
    elif title.verbatim is not None:
        fields["title"] = title.text
        guessed.add("title")
        verbatim.append(("title", title.verbatim))
    fields["extra"] = tuple(extras[:MAX_EXTRAS])
    description = _with_agency(Description(**fields), agency)
    return Mapped(description, frozenset(guessed), tuple(verbatim))


def _tidied(key: str, value: object) -> object:
    """A value before it is read as CSL: HTML out of titles and abstracts, names put in order."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            return None
        if key in _TITLES:
            return clean_inline(value)
        return plain_abstract(value) if key == "abstract" else value
    if key in _TITLES and isinstance(value, list):
        return [clean_inline(text) for text in value if isinstance(text, str)][:MAX_EXTRAS]
    return value


def _kept(field: str, value: Any) -> Any:
    """A field's value, or None where it says nothing, or only what another field says."""
    if field == "extra":
        return None
    if field in NAME_FIELDS:
        return tuple(name for name in value if _is_real(name)) or None
    if field == "URL":
        url = address(value)
        return None if url is None or is_resolver(url) else url
    if field == "language":
        return language(value)
    if field in TEXT_FIELDS:
        return None if said(value) is None else value
    return value


def _is_real(name: Name) -> bool:
    return said(name.full_family) is not None and bool(read_names([{"name": name.display}]).names)


def _for_title(item: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "DOI": fields.get("DOI"),
        "title": [fields["title"]] if "title" in fields else [],
        "container-title": fields.get("container_title"),
        "subject": items(item.get("categories")),
        "language": fields.get("language"),
    }


def _add_missing(item: Mapping[str, Any], fields: dict[str, Any]) -> None:
    """What agencies say in words of their own."""
    categories = (said(word) for word in items(item.get("categories"))[:MAX_EXTRAS])
    words = tuple(dict.fromkeys(filter(None, categories)))
    words = tuple(word for word in words if not word.startswith(FIELD_OF_SCIENCE))
    if words:
        fields.setdefault("keyword", words)
    rights = address(item.get("copyright"))
    if rights is not None:
        fields.setdefault("license", rights)
    arxiv = arxiv_of(fields.get("DOI"))
    if arxiv is not None:
        fields["arXiv"] = arxiv
        fields.setdefault("genre", "Preprint")


def _with_agency(description: Description, agency: str | None) -> Description:
    """The description with the name of the agency that gave it."""
    if not agency:
        return description
    said_by = Extra(FORMAT, "agency", plain_text(agency)[:100])
    return Description(**{**dict(stated(description)), "extra": (*description.extra, said_by)})
