"""The crosswalk: a citation template's parameters ↔ a description, both ways."""

from __future__ import annotations

import re
from unicodedata import normalize

from refman.model import Date, Description, Extra, Name, stated

from refman_wikipedia.templates import Template

FORMAT = "wikipedia"

_TYPES = {
    "cite journal": "article-journal",
    "cite magazine": "article-magazine",
    "cite news": "article-newspaper",
    "cite book": "book",
    "cite conference": "paper-conference",
    "cite thesis": "thesis",
    "cite report": "report",
    "cite arxiv": "article",
    "cite web": "webpage",
    "citation": "document",
}
_TEMPLATES = {kind: name for name, kind in _TYPES.items()} | {"chapter": "cite book"}
_FIELDS = {
    "title": "title",
    "journal": "container_title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "article-number": "number",
    "edition": "edition",
    "publisher": "publisher",
    "location": "publisher_place",
    "language": "language",
    "doi": "DOI",
    "pmid": "PMID",
    "pmc": "PMCID",
    "arxiv": "arXiv",
    "url": "URL",
    "degree": "genre",
}
"""Parameter → field, in the order in which they are written."""
_ALIASES = {
    "work": "journal", "magazine": "journal", "newspaper": "journal", "website": "journal",
    "book-title": "journal", "number": "issue", "page": "pages", "place": "location",
    "institution": "publisher", "lang": "language", "eprint": "arxiv", "year": "date",
    "last": "last1", "first": "first1", "author": "author1", "editor-last": "editor-last1",
    "editor-first": "editor-first1", "editor": "editor1",
}  # fmt: skip
_CONTAINERS = {
    "article-magazine": "magazine", "article-newspaper": "newspaper", "webpage": "website",
    "paper-conference": "book-title",
}  # fmt: skip
_PERSON = re.compile(r"(editor-?)?(last|first|author|given|surname)\d{1,3}|editor\d{1,3}")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DATE = re.compile(r"(?:(\d{1,2}) )?([A-Z][a-z]{2,8}) (\d{4})|([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "|{}[]<>&\n"}
_NEVER_LOST = ("type", "extra")


def description_from_template(template: Template) -> Description | None:
    """What a template says; None for nothing. What has no field is kept in `extra`."""
    fields: dict[str, object] = {}
    extra: list[Extra] = []
    people: dict[tuple[str, int], dict[str, str]] = {}
    for name, came in template.parameters:
        value = normalize("NFC", came)
        if "title" in name:
            value = _with_marks(value)
        known = _ALIASES.get(name, name)
        if not value:
            continue
        if known in _FIELDS and _FIELDS[known] not in fields:
            fields[_FIELDS[known]] = value.replace("–", "-") if known == "pages" else value
        elif known == "date" and "issued" not in fields:
            fields["issued"] = _date(value)
        elif known in ("issn", "isbn"):
            fields.setdefault(known.upper(), tuple(value.replace(",", " ").split()))
        elif _PERSON.fullmatch(known):
            _add_person(people, known, value)
        else:
            extra.append(Extra(FORMAT, name, value))
    for role in ("author", "editor"):
        numbered = sorted((key, parts) for key, parts in people.items() if key[0] == role)
        if numbered:
            fields[role] = tuple(_name(parts) for _, parts in numbered)
    if not fields and not extra:
        return None
    chapter = next((one for one in extra if one.name == "chapter"), None)
    kind = _TYPES.get(template.name, "document")
    if chapter is not None and "title" in fields:
        extra.remove(chapter)
        fields |= {"container_title": fields["title"], "title": chapter.value}
        kind = "chapter"
    return Description(type=kind, **fields, extra=tuple(extra))  # type: ignore[arg-type]


def _add_person(people: dict[tuple[str, int], dict[str, str]], name: str, value: str) -> None:
    role = "editor" if name.startswith("editor") else "author"
    digits = re.search(r"\d+", name)
    part = "given" if "first" in name or "given" in name else "family"
    if part == "family" and not ("last" in name or "surname" in name):
        part = "literal"
    people.setdefault((role, int(digits.group()) if digits else 1), {}).setdefault(part, value)


def _name(parts: dict[str, str]) -> Name:
    if "family" in parts and "given" in parts:
        return Name(family=parts["family"], given=parts["given"])
    return Name(literal=next(iter(parts.values())))


def _date(text: str) -> Date | None:
    written = _DATE.fullmatch(text)
    if written is not None:
        day, month, year, month2, day2, year2 = written.groups()
        months = [name for name in _MONTHS if name.startswith(month or month2)]
        if len(months) == 1:
            number = _MONTHS.index(months[0]) + 1
            found = day or day2
            return Date.of(int(year or year2), number, int(found) if found else None)
    return Date.parse(text)


def template_from_description(description: Description) -> tuple[str, list[str]]:
    """The template that says what a description does, and the fields that it cannot say."""
    kind = description.type or "document"
    parameters = [*_people("", description.author), *_people("editor-", description.editor)]
    if description.issued is not None:
        parameters.append(("date", _date_text(description.issued)))
    said = {"type", "author", "editor", "issued"}
    for parameter, field in _FIELDS.items():
        value = getattr(description, field)
        if value is None:
            continue
        said.add(field)
        text = value.replace("-", "–") if field == "page" else value
        parameters.append((_named(parameter, kind), _wikitext(text)))
    for field in ("ISSN", "ISBN"):
        if getattr(description, field):
            said.add(field)
            parameters.append((field.lower(), " ".join(getattr(description, field))))
    mine = [one for one in description.extra if one.format == FORMAT]
    parameters += [(one.name, _wikitext(one.value)) for one in mine]
    lost = [name for name, _ in stated(description) if name not in said and name not in _NEVER_LOST]
    body = " ".join(f"|{name}={value}" for name, value in parameters)
    return f"{{{{{_TEMPLATES.get(kind, 'citation')} {body}}}}}", lost


def _named(parameter: str, kind: str) -> str:
    """What a parameter is called in the template for a type."""
    if kind == "chapter":
        return {"title": "chapter", "journal": "title"}.get(parameter, parameter)
    return _CONTAINERS.get(kind, parameter) if parameter == "journal" else parameter


def _people(role: str, names: tuple[Name, ...]) -> list[tuple[str, str]]:
    found = []
    for number, name in enumerate(names, start=1):
        if name.family and name.given:
            found.append((f"{role}last{number}", _wikitext(name.full_family)))
            found.append((f"{role}first{number}", _wikitext(name.given)))
        else:
            found.append((f"{role or 'author'}{number}".replace("-", ""), _wikitext(name.display)))
    return found


def _date_text(date: Date) -> str:
    if date.year is None or date.month is None or date.end is not None or date.circa:
        return _wikitext(date.edtf)
    month = f"{_MONTHS[date.month - 1]} {date.year}"
    return month if date.day is None else f"{date.day} {month}"


def _with_marks(text: str) -> str:
    """A title with CSL's marks for Wikipedia's; marks that are not closed stay as they are."""
    for mark, tag in (("'''", "b"), ("''", "i")):
        pieces = text.split(mark)
        if len(pieces) % 2:
            text = pieces[0] + "".join(
                f"<{tag}>{inner}</{tag}>{after}" for inner, after in zip(pieces[1::2], pieces[2::2])
            )
    return text


def _wikitext(text: str) -> str:
    """A text in which nothing is markup but the italics and the like of titles."""
    text = text.translate(_ENTITIES)
    for tag in ("i", "b", "sup", "sub"):
        mark = {"i": "''", "b": "'''"}.get(tag)
        for opening, written in ((f"&#60;{tag}&#62;", tag), (f"&#60;/{tag}&#62;", f"/{tag}")):
            text = text.replace(opening, mark or f"<{written}>")
    return text
