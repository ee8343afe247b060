"""Crossref's work records, field by field, as descriptions.

The record is the `message` of `/works/{doi}`, an item of a list answer, or a line of the public
data file: all the same JSON object (Crossref REST API, version 1.0.0; its documentation leaves out
many of the fields). `docs/enrichment.md` has the whole table. Three classes of field:

- what a `Description` has a field for is mapped;
- what else is said of the work is kept as `Extra("crossref", key, compact JSON)`;
- `ADMINISTRATIVE` fields concern the deposit, repeat what is mapped, or are the list of
  references; they stay in the raw payload, which sources keep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from refman.crosswalk.crossref_fields import ADMINISTRATIVE, MAPPED
from refman.crosswalk.crossref_names import read_names, says_more
from refman.crosswalk.crossref_repair import repaired
from refman.crosswalk.crossref_status import read_relations, read_updates, updates_others
from refman.crosswalk.crossref_titles import read_containers, read_title
from refman.crosswalk.crossref_types import csl_type, is_exact
from refman.crosswalk.crossref_values import (
    article_number,
    as_json,
    bare,
    date,
    edition,
    first_line,
    isbns,
    issns,
    items,
    line,
    mappings,
    pages,
    says_something,
    span,
    tidy_line,
    titles,
    unlisted,
    web_address,
    words,
)
from refman.model import Description, Extra, Origin, Record
from refman.text.markup import plain_abstract, plain_text

FORMAT = "crossref"
"""The format of what is kept in `extra`."""

_DELETED_TITLE = "crossref listing of deleted dois"
_DELETED_ADDRESS = "crossref.org/deleted_doi.html"

MAX_EXTRA = 256 * 1024
"""Longest value, in characters, that is kept in `extra`; what is longer is in the payload only."""
MAX_EXTRAS = 500
MAX_TEXT = 256 * 1024
"""Longest text, in characters, that can be a field; what is longer is in the payload only."""

_NAMES = ("author", "editor", "translator", "chair", "contributor")
_DATES = (
    "issued", "published", "published-print", "published-online", "posted", "published-other",
    "approved",
)  # fmt: skip
"""In the order in which they stand in for a missing `issued`."""
_LICENSES = {"vor": 0, "am": 1, "unspecified": 2}
_RESOLVERS = frozenset(("doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net"))
_ISSUED_BY_INSTITUTION = frozenset(("article", "report", "thesis"))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A description, and how far it is what the record says.

    `guessed` names the fields that were inferred, `verbatim` keeps the text as it came for those
    that were changed: the two go into a `Record` under the same names.
    """

    description: Description
    guessed: frozenset[str] = frozenset()
    verbatim: tuple[tuple[str, str], ...] = ()


def record_from_message(
    message: Mapping[str, Any], origin: Origin, *, recase: bool = True
) -> Record:
    """The record that a work message makes; `description_from_message` says how."""
    mapped = description_from_message(message, recase=recase)
    return Record(
        description=mapped.description,
        origin=origin,
        guessed=mapped.guessed,
        verbatim=mapped.verbatim,
    )


def is_deleted(message: Mapping[str, Any]) -> bool:
    """Whether the record stands for a DOI that was taken back.

    Crossref keeps such DOIs: in a container of its own and without metadata, or with the metadata
    of the work that it was registered for by mistake, and an address that says so.
    """
    found = (*items(message.get("container-title")), *items(message.get("title")))
    if any(isinstance(text, str) and text.strip().lower() == _DELETED_TITLE for text in found):
        return True
    resource = message.get("resource")
    primary = resource.get("primary") if isinstance(resource, dict) else None
    url = primary.get("URL") if isinstance(primary, dict) else None
    return isinstance(url, str) and url.strip().lower().endswith(_DELETED_ADDRESS)


def description_from_message(message: Mapping[str, Any], *, recase: bool = True) -> Mapped:
    """Map one work record. Any object will do: what cannot be read as its field goes to `extra`.

    Without `recase` a title in capitals stays in capitals. Raises nothing, whatever the values are.
    """
    return _Mapping(message, recase).run()


class _Mapping:
    """One record on its way into a description."""

    def __init__(self, message: Mapping[str, Any], recase: bool) -> None:
        self._as_it_came = {key: value for key, value in message.items() if _fits(value)}
        self._message, self._damaged = repaired(self._as_it_came)
        self._recase = recase
        self._get = self._message.get
        self._type = csl_type(self._get("type"), self._get("subtype"))
        self._fields: dict[str, Any] = {"type": self._type}
        self._left: set[str] = set()
        self._guessed: set[str] = set()
        self._verbatim: list[tuple[str, str]] = []

    def run(self) -> Mapped:
        self._kind()
        self._titles()
        self._containers()
        self._contributors()
        self._dates()
        self._parts()
        self._publication()
        self._identifiers()
        self._content()
        self._standing()
        description = Description(**self._fields, extra=self._extra())
        damaged = {key: text for key, text in self._damaged.items() if key in self._fields}
        verbatim = {**dict(self._verbatim), **damaged}
        return Mapped(description, frozenset({*self._guessed, *damaged}), tuple(verbatim.items()))

    # Setting fields

    def _set(self, field: str, value: Any) -> None:
        """Set a field that nothing has set yet."""
        if value is not None and value != ():
            self._fields.setdefault(field, value)

    def _copy(self, key: str, field: str, read: Callable[[object], Any]) -> None:
        """Map one field; where nothing comes of what it says, it is kept aside."""
        value = self._get(key)
        if value is None:
            return
        found = read(value)
        if not found and says_something(value):
            self._left.add(key)
        self._set(field, found)

    def _copy_first(self, key: str, field: str) -> None:
        """Map the first title of a list; where there are more, the list is kept aside too."""
        found = titles(self._get(key))
        if found and found[0] != self._fields.get("title"):
            self._set(field, found[0])
        if len(found) > 1:
            self._left.add(key)

    # The fields, by subject

    def _kind(self) -> None:
        if not is_exact(self._get("type")):
            self._left.add("type")
        self._copy_first("degree", "genre")
        review = self._get("review")
        if isinstance(review, dict):
            self._set("genre", words(review.get("type")))
        if review is not None and unlisted(review, ("type",)):
            self._left.add("review")
        subtype = self._get("subtype")
        if self._type == "article" and subtype not in (None, "other"):
            self._set("genre", words(subtype))
        elif self._get("type") != "posted-content":
            self._left.add("subtype")

    def _titles(self) -> None:
        self._copy("abstract", "abstract", _abstract)
        title = read_title(self._message, self._fields.get("abstract"), self._recase)
        self._set("title", title.text)
        if title.verbatim is not None:
            self._guessed.add("title")
            self._verbatim.append(("title", title.verbatim))
        self._left |= title.unused
        self._copy_first("short-title", "title_short")
        self._set("title_short", title.short)
        self._copy_first("original-title", "original_title")

    def _containers(self) -> None:
        containers = read_containers(self._message, self._type)
        self._set("container_title", containers.container)
        self._set("collection_title", containers.collection)
        if containers.unused:
            self._left.add("container-title")
        if containers.guessed:
            self._guessed |= {"container_title", "collection_title"} & self._fields.keys()
        full = titles(self._get("container-title"))
        for key in ("short-container-title", "container-title-short"):
            short = titles(self._get(key))
            if containers.container and len(short) == len(full):
                abbreviated = short[full.index(containers.container)]
                if abbreviated != containers.container:
                    self._set("container_title_short", abbreviated)
            if not {*short} <= {*full, self._fields.get("container_title_short")}:
                self._left.add(key)

    def _contributors(self) -> None:
        for key in _NAMES:
            value = self._get(key)
            if value is None:
                continue
            names, verbatim = read_names(value)
            self._set(key, names)
            if verbatim is not None:
                self._guessed.add(key)
                self._verbatim.append((key, verbatim))
            if (not names and says_something(value)) or says_more(value):
                self._left.add(key)

    def _dates(self) -> None:
        dates = {key: date(self._get(key)) for key in _DATES}
        issued = next((found for found in dates.values() if found is not None), None)
        self._set("issued", issued)
        self._set("published_print", dates["published-print"])
        self._set("published_online", dates["published-online"])
        for key, found in dates.items():
            held = (issued, dates["published-print"], dates["published-online"])
            if found not in held or (found is None and says_something(self._get(key))):
                self._left.add(key)
        issue = self._get("journal-issue")
        if isinstance(issue, dict):
            self._set("issue", line(self._get("issue")) or line(issue.get("issue")))
            if not all(self._is_said(key, value) for key, value in issue.items()):
                self._left.add("journal-issue")

    def _is_said(self, key: str, value: object) -> bool:
        """Whether a part of `journal-issue` only repeats the issue or a date of the work."""
        if key == "issue":
            return line(value) == self._fields.get("issue")
        found = date(value)
        return found == date(self._get(key)) if found else not says_something(value)

    def _parts(self) -> None:
        self._copy("volume", "volume", line)
        self._copy("issue", "issue", line)
        self._copy("page", "page", pages)
        self._copy("article-number", "number", article_number)
        self._copy("edition-number", "edition", edition)
        self._copy("part-number", "part_number", line)
        version = self._get("version")
        named = version.get("version") if isinstance(version, dict) else version
        self._set("version", line(named))
        if unlisted(version, ("version",)):
            self._left.add("version")

    def _publication(self) -> None:
        self._institution()
        self._copy("publisher", "publisher", tidy_line)
        self._copy("publisher-location", "publisher_place", tidy_line)
        body = next(mappings(self._get("standards-body")), None)
        if body is not None:
            self._set("authority", line(body.get("name")))
        if unlisted(self._get("standards-body"), ("name",)):
            self._left.add("standards-body")
        event = next(mappings(self._get("event")), None)
        if event is not None:
            self._set("event_title", next(iter(titles(event.get("name"))), None))
            self._set("event_place", line(event.get("location")))
            self._set("event_date", span(date(event.get("start")), date(event.get("end"))))
        if unlisted(self._get("event"), ("name", "location", "start", "end")):
            self._left.add("event")

    def _institution(self) -> None:
        """A university, the issuer of a report, or the server that a preprint is on.

        That is whom one cites as the publisher of such a work; Crossref's own publisher (the
        library that deposited it, the firm behind the server) is kept aside.
        """
        institution: Mapping[str, Any] = next(mappings(self._get("institution")), {})
        name = line(institution.get("name"))
        self._left |= {"group-title", "institution"}
        if self._type == "post-weblog" and "container_title" not in self._fields:
            group = line(self._get("group-title"))
            self._set("container_title", group or name)
            self._left.discard("group-title")
            if group == name:
                self._left.discard("institution")
        if name is None or self._type not in _ISSUED_BY_INSTITUTION:
            return
        self._fields["publisher"] = name
        self._set("publisher_place", first_line(institution.get("place")))
        if line(self._get("publisher")) != name:
            self._left.add("publisher")
        if not unlisted(self._get("institution"), ("name",)):
            self._left.discard("institution")

    def _identifiers(self) -> None:
        self._copy("DOI", "DOI", bare)
        self._set("ISSN", issns(self._get("ISSN"), self._get("issn-type")))
        self._set("ISBN", isbns(self._get("ISBN"), self._get("isbn-type")))
        url = web_address(self._get("URL"))
        if url is None:
            self._left.add("URL")
        elif urlsplit(url).hostname not in _RESOLVERS:
            self._set("URL", url)

    def _content(self) -> None:
        language = line(self._get("language"))
        if language:
            self._set("language", language.lower() if len(language) < 4 else language)
        keywords = (line(item) for item in items(self._get("subject")))
        self._set("keyword", tuple(dict.fromkeys(word for word in keywords if word)))
        licenses = sorted(
            mappings(self._get("license")),
            key=lambda entry: _LICENSES.get(str(entry.get("content-version")), 3),
        )
        found = (web_address(entry.get("URL")) for entry in licenses)
        self._set("license", next((url for url in found if url), None))
        if "license" not in self._fields or len(licenses) > 1 or licenses[0].get("delay-in-days"):
            self._left.add("license")

    def _standing(self) -> None:
        self._set("updates", read_updates(self._message))
        if updates_others(self._message):
            self._left.add("update-to")
        self._set("relations", read_relations(self._get("relation")))

    def _extra(self) -> tuple[Extra, ...]:
        kept: list[Extra] = []
        for key, value in self._as_it_came.items():
            if key in ADMINISTRATIVE or (key in MAPPED and key not in self._left):
                continue
            if key == "link" and not any(map(_is_for_readers, mappings(value))):
                continue
            if len(kept) < MAX_EXTRAS and says_something(value):
                extra = _extra(key, value)
                if extra is not None:
                    kept.append(extra)
        return tuple(kept)


def _fits(value: object) -> bool:
    """Whether a field's text, or each of its texts, is of a length that a person may have meant."""
    texts = value if isinstance(value, list) else [value]
    return all(len(text) <= MAX_TEXT for text in texts if isinstance(text, str))


def _extra(key: str, value: object) -> Extra | None:
    try:
        text = as_json(value)
    except RecursionError:
        return None
    return Extra(FORMAT, plain_text(key), text) if len(text) <= MAX_EXTRA else None


def _is_for_readers(link: Mapping[str, Any]) -> bool:
    """Whether a link to the full text is for more than Crossref's own plagiarism check."""
    return link.get("intended-application") != "similarity-checking"


def _abstract(value: object) -> str | None:
    return (plain_abstract(value) or None) if isinstance(value, str) else None
