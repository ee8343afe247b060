"""Descriptions beside the items that Zotero's translators make of the same input.

The translators' own test cases are the judge: each has an input and the items expected of it. They
are not free to be copied here, so they lie in the collection (`tests.corpus`), a file a translator.

What is compared, for every item, is each field that Zotero states and nothing else: its type, its
creators (one field for each kind of creator), and its other fields under the CSL variable that
Zotero's own CSL export puts them in (`expected_fields`). A field agrees if both say the same; no
more is forgiven than what is a matter of form:

- runs of white space, and marks of HTML;
- dates are compared as dates: `1997 Jul 8` is 1997-07-08;
- pages: any dash for any other;
- keywords and notes are sets; ISSNs and ISBNs too, hyphens aside, of which we may have more than
  Zotero;
- names: particles are part of the family name, a name in one part is the same as a family name
  alone, suffixes follow the given name, with a comma or without (Zotero has no field for them).

A field of Zotero's that CSL has no variable for (`assignee`) agrees if its text is to be found
anywhere in the description, `extra` included.

What only we state is no disagreement; `Comparison.only_ours` lists it, so that a test can show it.

A test of a format does

    agreement = agree("medlinenbib", "nbib")
    assert agreement.share >= 0.98
    assert agreement.differing == KNOWN.keys()

where KNOWN has a justification for each `(case, item, field)` that may differ.
"""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from refman import plugins
from refman.model import DATE_FIELDS, NAME_FIELDS, Date, Description, Name, Record, stated
from refman.model.identifier import isbn_key, parse_isbn
from refman.ports import ImportOptions
from refman.text.dates import read_date
from refman.text.reading import TextInput
from tests.corpus import corpus

TYPES = {
    "artwork": "graphic",
    "attachment": "document",
    "audioRecording": "song",
    "bill": "bill",
    "blogPost": "post-weblog",
    "book": "book",
    "bookSection": "chapter",
    "case": "legal_case",
    "computerProgram": "software",
    "conferencePaper": "paper-conference",
    "dataset": "dataset",
    "dictionaryEntry": "entry-dictionary",
    "document": "document",
    "email": "personal_communication",
    "encyclopediaArticle": "entry-encyclopedia",
    "film": "motion_picture",
    "forumPost": "post",
    "hearing": "hearing",
    "instantMessage": "personal_communication",
    "interview": "interview",
    "journalArticle": "article-journal",
    "letter": "personal_communication",
    "magazineArticle": "article-magazine",
    "manuscript": "manuscript",
    "map": "map",
    "newspaperArticle": "article-newspaper",
    "note": "document",
    "patent": "patent",
    "podcast": "broadcast",
    "preprint": "article",
    "presentation": "speech",
    "radioBroadcast": "broadcast",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "tvBroadcast": "broadcast",
    "videoRecording": "motion_picture",
    "webpage": "webpage",
}
"""Zotero's item types and the types its CSL export makes of them."""

FIELDS = {
    "DOI": "DOI",
    "ISBN": "ISBN",
    "ISSN": "ISSN",
    "PMID": "PMID",
    "abstractNote": "abstract",
    "accessDate": "accessed",
    "applicationNumber": "call_number",
    "archive": "archive",
    "archiveID": "number",
    "archiveLocation": "archive_location",
    "artworkMedium": "medium",
    "artworkSize": "dimensions",
    "audioFileType": "medium",
    "audioRecordingFormat": "medium",
    "billNumber": "number",
    "blogTitle": "container_title",
    "bookTitle": "container_title",
    "callNumber": "call_number",
    "caseName": "title",
    "code": "container_title",
    "codeNumber": "volume",
    "codePages": "page",
    "codeVolume": "volume",
    "company": "publisher",
    "conferenceName": "event_title",
    "country": "publisher_place",
    "court": "authority",
    "date": "issued",
    "dateDecided": "issued",
    "dateEnacted": "issued",
    "dictionaryTitle": "container_title",
    "distributor": "publisher",
    "docketNumber": "number",
    "documentNumber": "number",
    "edition": "edition",
    "encyclopediaTitle": "container_title",
    "episodeNumber": "number",
    "filingDate": "submitted",
    "firstPage": "page",
    "forumTitle": "container_title",
    "genre": "genre",
    "history": "references",
    "institution": "publisher",
    "interviewMedium": "medium",
    "issue": "issue",
    "issueDate": "issued",
    "issuingAuthority": "authority",
    "journalAbbreviation": "container_title_short",
    "label": "publisher",
    "language": "language",
    "legalStatus": "status",
    "legislativeBody": "authority",
    "libraryCatalog": "source",
    "manuscriptType": "genre",
    "mapType": "genre",
    "medium": "medium",
    "meetingName": "event_title",
    "nameOfAct": "title",
    "network": "publisher",
    "numPages": "number_of_pages",
    "number": "number",
    "numberOfVolumes": "number_of_volumes",
    "pages": "page",
    "patentNumber": "number",
    "place": "publisher_place",
    "postType": "genre",
    "presentationType": "genre",
    "priorityNumbers": "issue",
    "proceedingsTitle": "container_title",
    "programTitle": "container_title",
    "programmingLanguage": "genre",
    "publicLawNumber": "number",
    "publicationTitle": "container_title",
    "publisher": "publisher",
    "reportNumber": "number",
    "reportType": "genre",
    "reporter": "container_title",
    "reporterVolume": "volume",
    "repository": "publisher",
    "repositoryLocation": "publisher_place",
    "rights": "license",
    "runningTime": "dimensions",
    "scale": "scale",
    "section": "section",
    "series": "collection_title",
    "seriesNumber": "collection_number",
    "seriesTitle": "collection_title",
    "shortTitle": "title_short",
    "studio": "publisher",
    "subject": "title",
    "system": "medium",
    "thesisType": "genre",
    "title": "title",
    "type": "genre",
    "university": "publisher",
    "url": "URL",
    "versionNumber": "version",
    "videoRecordingFormat": "medium",
    "volume": "volume",
    "websiteTitle": "container_title",
    "websiteType": "genre",
}
"""Zotero's fields and the CSL variables (named as in `Description`) of its CSL export.

`PMID` is only in older cases; `rights` is a `license`, which CSL says is also for copyright.
"""

CREATORS = {
    "artist": "author",
    "author": "author",
    "bookAuthor": "container_author",
    "cartographer": "author",
    "composer": "composer",
    "contributor": "contributor",
    "director": "director",
    "editor": "editor",
    "guest": "guest",
    "interviewee": "author",
    "interviewer": "interviewer",
    "inventor": "author",
    "performer": "performer",
    "podcaster": "author",
    "presenter": "author",
    "producer": "producer",
    "programmer": "author",
    "recipient": "recipient",
    "reviewedAuthor": "reviewed_author",
    "scriptwriter": "script_writer",
    "seriesEditor": "collection_editor",
    "sponsor": "author",
    "translator": "translator",
}
"""Zotero's kinds of creators and their CSL variables.

Others (`counsel`, `castMember`, `cosponsor`, `attorneyAgent`, `commenter`, `wordsBy`) have none and
need only be kept. A `director` or `performer` is the author where the item has no other: either
variable will do.
"""

_PRIMARY = frozenset(("director", "performer"))
_NOT_COMPARED = frozenset(
    ("attachments", "creators", "extra", "itemID", "itemType", "notes", "seeAlso", "tags")
)
_IN_EXTRA = re.compile(r"(PMID|PMCID|DOI|arXiv|ISBN|ISSN|Original Date):\s*(.+)", re.IGNORECASE)
_EXTRA_FIELDS = {
    "pmid": "PMID", "pmcid": "PMCID", "doi": "DOI", "arxiv": "arXiv", "isbn": "ISBN",
    "issn": "ISSN", "original date": "original_date",
}  # fmt: skip
_UNFIELDED = "The following values have no corresponding Zotero field"
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li)>", re.IGNORECASE)
_DASH = re.compile(r"\s*[-‐‑–—]{1,2}\s*")
_SERIAL_PARTS = re.compile(r"[\s,;]+")

Expected = dict[str, Any]
Place = tuple[int, int, str]
"""Which case, which item of it, and which field, counted from 0."""


class Difference(NamedTuple):
    """A field that Zotero states and we do not state in the same way; None is nothing at all."""

    place: Place
    expected: object
    found: object


@dataclass
class Comparison:
    """How one description agrees with one item."""

    fields: int = 0
    """How many fields Zotero states."""
    differences: list[tuple[str, object, object]] = field(default_factory=list)
    """Field, Zotero's value, ours."""
    only_ours: list[str] = field(default_factory=list)
    """Fields that only we state, `extra` left out."""


@dataclass
class Agreement:
    """How an importer agrees with all test cases of a translator."""

    fields: int = 0
    differences: list[Difference] = field(default_factory=list)
    only_ours: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of Zotero's fields that agree, from 0 to 1."""
        return 1 - len(self.differences) / self.fields

    @property
    def differing(self) -> set[Place]:
        """Where they differ."""
        return {difference.place for difference in self.differences}

    def __str__(self) -> str:
        agreeing = self.fields - len(self.differences)
        lines = [f"{agreeing} of {self.fields} fields agree ({self.share:.2%})"]
        lines += [
            f"{place}: Zotero {expected!r}, here {found!r}"
            for place, expected, found in self.differences
        ]
        lines.append(f"only here: {dict(self.only_ours)}")
        return "\n".join(lines)


def cases(translator: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The inputs and expected items of a file of test cases, named without `.json`.

    The test is skipped where the collection is not there.
    """
    path = corpus("zotero-testcases", f"{translator}.json")
    return [(case["input"], case["expected"]) for case in json.loads(path.read_text("utf-8"))]


def agree(translator: str, importer: str, *, recase_titles: bool = False) -> Agreement:
    """Read every case with an importer, and compare.

    Titles are left as they came unless asked for: Zotero puts no title in sentence case.
    """
    total = Agreement()
    for number, (text, items) in enumerate(cases(translator)):
        records = read(importer, text, recase_titles=recase_titles)
        add(total, number, records, items)
    return total


def add(
    total: Agreement, case: int, records: Sequence[Record], items: Sequence[Mapping[str, Any]]
) -> None:
    """Add one case to an agreement; a missing or supernumerary record is a difference."""
    if len(records) != len(items):
        total.fields += 1
        place = (case, min(len(records), len(items)), "records")
        total.differences.append(Difference(place, len(items), len(records)))
    for position, item in enumerate(items):
        description = records[position].description if position < len(records) else Description()
        found = compare(item, description)
        total.fields += found.fields
        total.only_ours.update(found.only_ours)
        total.differences += [
            Difference((case, position, name), expected, ours)
            for name, expected, ours in found.differences
        ]


def read(importer: str, text: str, *, recase_titles: bool = False) -> list[Record]:
    """The records that an importer makes of a text."""
    source = TextInput(io.BytesIO(text.encode("utf-8")), "case")
    options = ImportOptions(recase_titles=recase_titles)
    entries = plugins.importer(importer).read(source, options)
    return [entry for entry in entries if isinstance(entry, Record)]


def compare(item: Mapping[str, Any], description: Description) -> Comparison:
    """Each field that an item of Zotero's states beside what a description says."""
    result = Comparison()
    expected = expected_fields(item)
    for name, value in expected.items():
        result.fields += 1
        found = _found(name, value, description)
        if not _same(name, value, found, description):
            result.differences.append((name, value, found))
    used = {name for name, _ in stated(description)} - {"extra"}
    said = {name.removesuffix("*") for name in expected}
    result.only_ours = sorted(used - said - ({"note"} if "notes" in said else set()))
    return result


def expected_fields(item: Mapping[str, Any]) -> Expected:
    """What an item says, by the name of the field in `Description` that ought to say it.

    A name with a `*` at its end is a field or kind of creator of Zotero's that has no counterpart:
    its text, or its names, need only be kept. `notes` are the lines of all notes and of what is
    left of `extra`. Values are compared by `compare`, so they are Zotero's own but for their form.
    """
    expected: Expected = {"type": TYPES.get(item["itemType"], item["itemType"])}
    for name, value in item.items():
        if name in _NOT_COMPARED or value in ("", None, [], {}):
            continue
        ours = FIELDS.get(name, f"{name}*")
        if ours in expected and name not in ("title", "date", "publisher"):
            ours = f"{name}*"
        expected[ours] = value
    _creators(item, expected)
    _extra(item, expected)
    if tags := {_text(tag if isinstance(tag, str) else tag["tag"]) for tag in item.get("tags", ())}:
        expected["keyword"] = tags
    return expected


def _creators(item: Mapping[str, Any], expected: Expected) -> None:
    for creator in item.get("creators", ()):
        kind = creator.get("creatorType", "author")
        name = CREATORS.get(kind, f"{kind}*")
        whole = creator.get("name")
        family = whole if whole is not None else creator.get("lastName", "")
        pair = (_text(family), _text(creator.get("firstName") or "").replace(",", ""))
        expected.setdefault(name, []).append(pair)


def _extra(item: Mapping[str, Any], expected: Expected) -> None:
    lines: set[str] = set()
    for line in item.get("extra", "").split("\n"):
        match = _IN_EXTRA.fullmatch(line.strip())
        name = _EXTRA_FIELDS[match[1].lower()] if match is not None else None
        if match is not None and name is not None and name not in expected:
            expected[name] = match[2]
        else:
            lines.add(_text(line))
    for note in item.get("notes", ()):
        text = note if isinstance(note, str) else note["note"]
        found = [_text(line) for line in _BREAK.sub("\n", text).split("\n")]
        if found and found[0].startswith(_UNFIELDED):
            # `SR Electronic(1)`: what Zotero has no field for either.
            expected["unfielded*"] = [line.partition(" ")[2] for line in found[1:] if line]
        else:
            lines |= set(found)
    lines.discard("")
    if lines:
        expected["notes"] = lines


def _found(name: str, expected: object, description: Description) -> object:
    if name == "notes":
        lines = (getattr(description, one) or "" for one in ("note", "annote"))
        return {_text(line) for text in lines for line in text.split("\n")} - {""}
    if name.endswith("*"):
        return _everything(description)
    value = getattr(description, name)
    if name in NAME_FIELDS:
        if not value and name in _PRIMARY:
            value = description.author
        return [_pair(one) for one in value]
    return value or None


def _same(name: str, expected: Any, found: Any, description: Description) -> bool:
    if name.endswith("*"):
        wanted = expected if isinstance(expected, list) else [_text(str(expected))]
        texts = [one if isinstance(one, str) else " ".join(one).strip() for one in wanted]
        # Without hyphens too, as ISBNs are kept.
        return all(
            any(text in one or text.replace("-", "") in one for one in found) for text in texts
        )
    if name == "notes":
        kept = _everything(description)
        return all(line in found or any(line in text for text in kept) for line in expected)
    if name in NAME_FIELDS:
        return bool(expected == found)
    if found is None:
        return False
    if name in DATE_FIELDS:
        return bool(_date(str(expected)) == found)
    if name == "keyword":
        return bool(expected == {_text(word) for word in found})
    if name == "ISBN":
        return bool(_isbns([str(expected)]) <= _isbns(found))
    if name == "ISSN":
        return bool(_issns([str(expected)]) <= _issns(found))
    if name == "page":
        return _DASH.sub("-", _text(str(expected))) == _DASH.sub("-", _text(found))
    if name == "DOI":
        return str(expected).lower() == str(found).lower()
    return _text(str(expected)) == _text(str(found))


def _isbns(values: Iterable[str]) -> set[str]:
    parts = [part for value in values for part in _SERIAL_PARTS.split(value) if part]
    return {isbn_key(valid) if (valid := parse_isbn(part)) else part for part in parts}


def _issns(values: Iterable[str]) -> set[str]:
    return {
        part.replace("-", "").upper()
        for value in values
        for part in _SERIAL_PARTS.split(value)
        if part
    }


def _date(text: str) -> Date | None:
    found = read_date(text)
    return found.date if found is not None else None


def _pair(name: Name) -> tuple[str, str]:
    if name.literal is not None:
        return (_text(name.literal), "")
    parts = (name.given, name.dropping_particle, name.suffix)
    given = " ".join(part for part in parts if part).replace(",", "")
    return (_text(name.full_family), _text(given))


def _everything(description: Description) -> list[str]:
    """Every text of a description, `extra` with its names left out."""
    texts: list[str] = []
    for name, value in stated(description):
        if name == "extra":
            texts += [_text(extra.value) for extra in value]
        elif name in NAME_FIELDS:
            texts += [text for one in value for text in (one.display, one.inverted)]
        elif isinstance(value, str):
            texts.append(_text(value))
        elif isinstance(value, Date):
            texts.append(value.edtf)
        else:
            texts += [_text(one) for one in value if isinstance(one, str)]
    return texts


def _text(text: str) -> str:
    """A text without HTML, NFC, its white space in single blanks."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
    return " ".join(unicodedata.normalize("NFC", text).split())
