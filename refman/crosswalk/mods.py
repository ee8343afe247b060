"""MODS records as descriptions (Metadata Object Description Schema 3.x, Library of Congress).

What stands in the record itself is about the work; what stands in `relatedItem type="host"` is
about what it appeared in, but for the part (volume, issue, pages), which is about the work again.
Elements without a field are kept in `extra`, one of several levels as XML on one line.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from refman.crosswalk.mods_dates import origin_date
from refman.crosswalk.mods_govinfo import read_bill
from refman.crosswalk.mods_names import read_name
from refman.crosswalk.mods_rest import READ, rest_of
from refman.crosswalk.mods_types import is_type_term, mods_type
from refman.crosswalk.mods_values import (
    DETAILS,
    detail_number,
    places,
    read_amount,
    read_identifier,
    serial_number,
    title_of,
)
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import is_citation_key, read_pages
from refman.crosswalk.words_said import words_said
from refman.model import Description, Extra, Name
from refman.text.dates import read_date
from refman.text.xml_elements import (
    abstract,
    as_xml,
    attribute,
    child,
    child_text,
    children,
    text,
)
from refman.text.xml_stream import local_name

FORMAT = "mods"
_COUNTED = frozenset(("book", "thesis", "manuscript", "pamphlet", "report", "classic"))
_PARTS = frozenset(
    (
        "article", "article-journal", "article-magazine", "article-newspaper", "chapter",
        "entry-dictionary", "entry-encyclopedia", "paper-conference", "post", "post-weblog",
        "webpage", "review",
    )
)  # fmt: skip
_JOINED = (("classification", "call_number", ", "), ("accessCondition", "license", "; "))


def description_from_mods(mods: etree._Element) -> ReadEntry:
    """The description that a `<mods>` makes. Raises nothing, whatever it holds."""
    return _Reader(mods).run()


class _Reader:
    def __init__(self, mods: etree._Element) -> None:
        self._mods = mods
        related = children(mods, "relatedItem")
        self._host = next((one for one in related if attribute(one, "type") == "host"), None)
        self._series = [one for one in related if attribute(one, "type") == "series"]
        self._series += [
            one for one in children(self._host, "relatedItem") if attribute(one, "type") == "series"
        ]
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._extra: list[Extra] = []
        self._notes: list[str] = []
        self._serials: dict[str, dict[str, None]] = {}
        self._key: str | None = None
        self._kind, self._sure = mods_type(mods)

    def run(self) -> ReadEntry:
        self._bill()
        self._fields["type"] = self._kind
        if not self._sure:
            self._guessed.add("type")
        self._titles()
        self._names(self._mods, "author")
        self._names(self._host, "contributor")
        self._series_item()
        self._genres()
        self._origin()
        self._part()
        self._physical()
        self._languages()
        self._subjects()
        self._locations()
        self._identifiers()
        self._texts()
        self._related()
        self._others()
        self._set("note", "\n".join(dict.fromkeys(self._notes)))
        self._extra += self._rest()
        description = Description(**self._fields, extra=tuple(self._extra))
        return ReadEntry(description, frozenset(self._guessed), self._key)

    def _set(self, field: str, value: Any) -> bool:
        """Set a field that nothing has set yet; whether that was so, or it says the same."""
        return not value or self._fields.setdefault(field, value) == value

    def _keep(self, name: str, value: str) -> None:
        if value:
            self._extra.append(Extra(FORMAT, name, value))

    def _bill(self) -> None:
        bill = read_bill(self._mods)
        if bill is not None:
            self._kind, self._sure = "bill", True
            self._fields.update(bill)

    def _rest(self) -> list[Extra]:
        words = words_said({**self._fields, "extra": tuple(self._extra), "key": self._key or ""})
        related = (one for one in (self._host, *self._series) if one is not None)
        found = (leaf for around in (self._mods, *related) for leaf in rest_of(around, words))
        return [Extra(FORMAT, leaf.path, leaf.text) for leaf in found]

    # Titles

    def _titles(self) -> None:
        plain: list[etree._Element] = []
        others: list[etree._Element] = []
        for info in children(self._mods, "titleInfo"):
            (others if attribute(info, "type") else plain).append(info)
        first = next((one for one in plain if child(one, "title") is not None), None)
        first = first if first is not None else next(iter((*plain, *others)), None)
        for info in (*plain, *others):
            title, kind = title_of(info), attribute(info, "type")
            if info is first:
                if not self._set("title", title):
                    self._keep("titleInfo", title)
            elif kind == "abbreviated":
                if not self._set("title_short", title):
                    self._keep("titleInfo", title)
            else:
                self._keep(f"titleInfo {kind}".strip(), title)
        self._container()

    def _container(self) -> None:
        field = "container_title" if self._kind in _PARTS else "collection_title"
        for info in children(self._host, "titleInfo"):
            title = title_of(info)
            if attribute(info, "type") == "abbreviated":
                self._set("container_title_short", title)
            elif not self._set(field, title):
                self._keep("relatedItem/titleInfo", title)
        if field == "collection_title" and field in self._fields:
            self._guessed.add(field)

    def _series_item(self) -> None:
        for series in self._series:
            info = child(series, "titleInfo")
            title = title_of(info, whole=False) if info is not None else ""
            number = child_text(info, "partNumber") or detail_number(
                child(series, "part"), "volume"
            )
            if not self._set("collection_title", title):
                self._keep("relatedItem series", " ; ".join(filter(None, (title, number))))
                continue
            self._set("collection_number", number)
            self._names(series, "collection_editor")

    # Names

    def _names(self, element: etree._Element | None, default: str) -> None:
        found: dict[str, list[Name]] = {}
        for one in children(element, "name"):
            read = read_name(one, default)
            if read is None:
                continue
            field = read.field
            if element is self._host and field == "author" and self._kind == "chapter":
                field = "container_author"
            if attribute(one, "type") == "conference":
                self._set("event_title", read.name.display)
            if field is None:
                self._keep(f"name {read.role}", read.name.display)
                continue
            if not read.sure:
                self._guessed.add(field)
            found.setdefault(field, []).append(read.name)
        for field, names in found.items():
            before: tuple[Name, ...] = self._fields.get(field, ())
            self._fields[field] = tuple(dict.fromkeys((*before, *names)))

    # What it is, where and when it came out

    def _genres(self) -> None:
        for one in (*children(self._mods, "genre"), *children(self._host, "genre")):
            term = text(one)
            if is_type_term(term) or not term or attribute(one, "authority") == "rdacontent":
                continue
            if not self._set("genre", term):
                self._keep("genre", term)

    def _origin(self) -> None:
        own = children(self._mods, "originInfo")
        hosts = children(self._host, "originInfo")
        issued = origin_date(own, "dateIssued", "copyrightDate", "dateCreated")
        issued = issued or origin_date(hosts, "dateIssued", "copyrightDate", "dateCreated")
        issued = issued or origin_date(
            [one for item in (self._host, self._mods) for one in children(item, "part")], "date"
        )
        issued = issued or origin_date(own, "dateOther", "dateValid", "dateCaptured")
        if issued is not None:
            self._fields["issued"] = issued
            if issued.is_bare_year:
                self._guessed.add("issued")
        self._set("accessed", origin_date(own, "dateCaptured") if self._kind == "webpage" else None)
        # The one that says when it was issued comes first: others are about its making.
        for origin in sorted((*own, *hosts), key=lambda one: child(one, "dateIssued") is None):
            for name, field in (("publisher", "publisher"), ("edition", "edition")):
                values = [text(one) for one in children(origin, name)]
                self._set(field, "; ".join(filter(None, dict.fromkeys(values))))
            # The Library of Congress names publishers as agents since MODS 3.7.
            agents = [child_text(agent, "namePart") for agent in children(origin, "agent")]
            self._set("publisher", "; ".join(filter(None, dict.fromkeys(agents))))
            self._set("publisher_place", "; ".join(places(origin)))
        for origin in own:
            for one in origin:
                if local_name(one).startswith("date") and local_name(one) != "dateIssued":
                    self._keep(f"originInfo/{local_name(one)}", text(one))

    def _part(self) -> None:
        for part in (*children(self._host, "part"), *children(self._mods, "part")):
            for detail in children(part, "detail"):
                field = DETAILS.get(attribute(detail, "type").lower())
                said = child_text(detail, "number") or child_text(detail, "title")
                if field is None or not self._set(field, said):
                    self._keep(f"part/{attribute(detail, 'type') or 'detail'}", text(detail))
            for extent in children(part, "extent"):
                self._extent(extent)
            for one in children(part, "text"):
                self._keep("part/text", text(one))

    def _extent(self, extent: etree._Element) -> None:
        start, end = child_text(extent, "start"), child_text(extent, "end")
        pages = read_pages(start or None, end or None) or child_text(extent, "list")
        if attribute(extent, "unit") not in ("", "page", "pages"):
            self._keep("part/extent", text(extent))
        elif not self._set("page", pages):
            self._keep("part/extent", pages)
        total = child_text(extent, "total")
        if total and not pages:
            self._set("number_of_pages", total)

    def _physical(self) -> None:
        for physical in (
            *children(self._mods, "physicalDescription"),
            *children(self._host, "physicalDescription"),
        ):
            for one in physical:
                said = text(one)
                if local_name(one) == "extent":
                    self._amount(said)
                    self._keep("physicalDescription/extent", said)
                elif local_name(one) == "form" and self._kind in ("graphic", "map", "song"):
                    self._set("medium", said)
                elif local_name(one) != "digitalOrigin":
                    self._keep(f"physicalDescription/{local_name(one)}", said)

    def _amount(self, extent: str) -> None:
        amount = read_amount(extent)
        if self._kind in _COUNTED:
            self._set("number_of_pages", amount.pages_in_all)
        elif self._kind in _PARTS:
            self._set("page", read_pages(amount.pages, None))
        self._set("number_of_volumes", amount.volumes)
        if self._kind == "graphic":
            self._set("dimensions", amount.size)

    def _languages(self) -> None:
        languages: list[str] = []
        for language in children(self._mods, "language"):
            terms = children(language, "languageTerm")
            terms.sort(key=lambda one: attribute(one, "type") == "text")
            languages += filter(None, map(text, terms[:1] or [language]))
        self._set("language", "; ".join(dict.fromkeys(languages)))

    def _subjects(self) -> None:
        words: dict[str, None] = {}
        for subject in children(self._mods, "subject"):
            for one in subject:
                if local_name(one) == "topic":
                    words.setdefault(text(one))
                elif said := text(one):
                    self._keep(f"subject/{local_name(one)}", said)
        words.pop("", None)
        self._set("keyword", tuple(words))

    # Identifiers

    def _identifiers(self) -> None:
        for item in (self._mods, self._host):
            for one in children(item, "identifier"):
                kind, said = attribute(one, "type").lower(), text(one)
                if not said or attribute(one, "invalid") == "yes":
                    self._keep(f"identifier {kind} invalid", said)
                elif said != self._fields.get("URL") and not self._identifier(
                    kind, said, own=item is self._mods
                ):
                    self._keep(f"identifier {kind}".strip(), said)
        for field, numbers in self._serials.items():
            self._set(field, tuple(numbers))

    def _identifier(self, kind: str, said: str, *, own: bool) -> bool:
        if kind in ("isbn", "issn"):
            number = serial_number(kind, said)
            self._serials.setdefault(kind.upper(), {})[number] = None
            return True
        if not own:
            return False
        if kind == "citekey" and is_citation_key(said):
            self._key = said
            return True
        field, value = read_identifier(kind, said)
        return value is not None and self._set(field, value)

    def _locations(self) -> None:
        urls: list[tuple[bool, str, str]] = []
        shelves = []
        for item in (self._mods, self._host):
            for location in children(item, "location"):
                for url in children(location, "url"):
                    main = attribute(url, "usage").startswith("primary")
                    urls.append((not main, text(url), attribute(url, "dateLastAccessed")))
                shelves += [text(one) for one in children(location, "physicalLocation")]
                for one in children(location, "shelfLocator"):
                    self._keep("location/shelfLocator", text(one))
        for _, address, accessed in sorted(urls, key=lambda one: one[0]):
            if not self._set("URL", "".join(address.split())):
                self._keep("location/url", address)
            elif accessed and (date := read_date(accessed)) is not None:
                self._set("accessed", date.date)
        self._set("archive_location", "; ".join(filter(None, shelves)))
        for one in children(self._mods, "identifier"):
            if attribute(one, "type") in ("uri", "hdl") and text(one).startswith("http"):
                self._set("URL", text(one))

    # The rest

    def _texts(self) -> None:
        for one in children(self._mods, "abstract"):
            said = abstract(one)
            if not self._set("abstract", said):
                self._keep("abstract", said)
        for one in children(self._mods, "note"):
            self._note(attribute(one, "type"), text(one))
        for one in children(self._mods, "tableOfContents"):
            self._note("Table of Contents", text(one))
        for name, field, glue in _JOINED:
            found = filter(None, map(text, children(self._mods, name)))
            self._set(field, glue.join(found))
        for info in children(self._mods, "recordInfo"):
            self._set(
                "source",
                child_text(info, "recordContentSource") or child_text(info, "recordSource"),
            )
            for one in children(info, "recordIdentifier"):
                self._keep("recordIdentifier", text(one))

    def _note(self, kind: str, said: str) -> None:
        if said:
            self._notes.append(f"{kind}: {said}" if kind else said)

    def _related(self) -> None:
        known = {id(one) for one in (self._host, *self._series)}
        for one in children(self._mods, "relatedItem"):
            kind = attribute(one, "type")
            if kind == "original":
                self._original(one)
            if id(one) not in known:
                self._keep(f"relatedItem {kind}".strip(), as_xml(one))

    def _original(self, item: etree._Element) -> None:
        info = child(item, "titleInfo")
        title = title_of(info) if info is not None else ""
        self._set("original_title", title if title != self._fields.get("title") else None)
        origins = children(item, "originInfo")
        self._set("original_date", origin_date(origins, "dateIssued", "copyrightDate"))
        for origin in origins:
            self._set("original_publisher", child_text(origin, "publisher"))

    def _others(self) -> None:
        for one in self._mods:
            if local_name(one) not in READ:
                self._keep(local_name(one), as_xml(one) if len(one) else text(one))
