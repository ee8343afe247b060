"""The parts of citation keys that do not tell of people: dates, titles, pages and other fields."""

from __future__ import annotations

import re

from refman.model import DATE_FIELDS, FIELDS, LIST_FIELDS, TEXT_FIELDS, Date, Description
from refman.rules.key_filters import without_punctuation
from refman.rules.key_template import Function, NotThisOne, Parameter, Subject
from refman.text.markup import strip_markup
from refman.text.transliteration import language_code, to_ascii

MAX_TITLE = 1000

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()
_DATE_PART = re.compile(r"%(-?)(o?)([YymdHMS])")
_ZOTERO_TYPES = {
    "journalarticle": "article-journal",
    "magazinearticle": "article-magazine",
    "newspaperarticle": "article-newspaper",
    "preprint": "article",
    "booksection": "chapter",
    "conferencepaper": "paper-conference",
    "computerprogram": "software",
    "presentation": "speech",
    "blogpost": "post-weblog",
    "forumpost": "post",
    "encyclopediaarticle": "entry-encyclopedia",
    "dictionaryentry": "entry-dictionary",
    "film": "motion_picture",
    "videorecording": "motion_picture",
    "audiorecording": "song",
    "letter": "personal_communication",
    "email": "personal_communication",
    "case": "legal_case",
    "statute": "legislation",
    "artwork": "graphic",
    "radiobroadcast": "broadcast",
    "tvbroadcast": "broadcast",
}
_ENTRY_TYPES = {
    "article-journal": "Article",
    "article-magazine": "Article",
    "article-newspaper": "Article",
    "book": "Book",
    "chapter": "InCollection",
    "paper-conference": "InProceedings",
    "report": "TechReport",
    "manuscript": "Unpublished",
    "pamphlet": "Booklet",
    "dataset": "Dataset",
    "software": "Software",
    "patent": "Patent",
    "webpage": "Online",
}
_FIELDS = {
    "publicationtitle": "container_title",
    "booktitle": "container_title",
    "proceedingstitle": "container_title",
    "journaltitle": "container_title",
    "journal": "container_title",
    "journalabbreviation": "container_title_short",
    "place": "publisher_place",
    "address": "publisher_place",
    "location": "publisher_place",
    "university": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "pages": "page",
    "series": "collection_title",
    "seriesnumber": "collection_number",
    "abstractnote": "abstract",
    "reporttype": "genre",
    "thesistype": "genre",
    "conferencename": "event_title",
    "eprint": "arXiv",
    "keywords": "keyword",
    "date": "issued",
    "chapter": "chapter_number",
    "extra": "note",
    "shorttitle": "title_short",
}
"""What Zotero and BibTeX call fields, without blanks and in lower case."""
_BY_NAME = {name.lower().replace("_", ""): name for name in FIELDS}


def field_of(name: str) -> str | None:
    """The field of a description that Zotero, BibTeX or CSL call by a name; None for no field."""
    folded = re.sub(r"[\s_-]", "", name.lower())
    found = _FIELDS.get(folded) or _BY_NAME.get(folded)
    known = found in TEXT_FIELDS or found in DATE_FIELDS or found in LIST_FIELDS
    return found if known else None


def field_text(description: Description, field: str) -> str:
    """What a field says, as plain text."""
    value = getattr(description, field)
    if value is None:
        return ""
    if field in DATE_FIELDS:
        return str(value.edtf)
    if field in LIST_FIELDS:
        return " ".join(value)
    text = str(value)[:MAX_TITLE]
    return strip_markup(text) if "<" in text or "&" in text else text


def date_of(description: Description) -> Date | None:
    """When a work came out: as issued, else in print, else online."""
    for date in (description.issued, description.published_print, description.published_online):
        if date is not None and date.year is not None:
            return date
    return None


def year(subject: Subject) -> str:
    """The year."""
    date = date_of(subject.description)
    return "" if date is None or date.year is None else f"{abs(date.year):02d}"


def short_year(subject: Subject) -> str:
    """The last two digits of the year."""
    return year(subject)[-2:]


def month(subject: Subject) -> str:
    """The month as BibTeX's macro."""
    date = date_of(subject.description)
    return "" if date is None or not date.month else _MONTHS[date.month - 1]


def month_name(subject: Subject) -> str:
    """The month in English."""
    date = date_of(subject.description)
    return "" if date is None or not date.month else _MONTH_NAMES[date.month - 1]


def day(subject: Subject) -> str:
    """The day of the month."""
    date = date_of(subject.description)
    return "" if date is None or not date.day else str(date.day)


def original_year(subject: Subject) -> str:
    """The year it first came out, which is its own year where no other is known."""
    date = subject.description.original_date
    return str(abs(date.year)) if date is not None and date.year is not None else year(subject)


def date_text(subject: Subject, format: str = "%Y-%m-%d") -> str:  # noqa: A002
    """The date, as far as it is known, in a format."""
    return _formatted(subject, format)


def original_date(subject: Subject) -> str:
    """The date it first came out."""
    return _formatted(subject, "%oY-%om-%od")


def _formatted(subject: Subject, pattern: str) -> str:
    date = date_of(subject.description)
    original = subject.description.original_date or date
    pieces, last = [], 0
    for match in _DATE_PART.finditer(pattern):
        value = _date_part(original if match.group(2) else date, match.group(3))
        if value is None:
            break
        pieces.append(pattern[last : match.start()])
        pieces.append(str(value) if match.group(1) or match.group(3) == "y" else f"{value:02d}")
        last = match.end()
    else:
        pieces.append(pattern[last:])
    return "".join(pieces)


def _date_part(date: Date | None, part: str) -> int | None:
    if date is None:
        return None
    if part in "Yy":
        number = None if date.year is None else abs(date.year)
        return number if number is None or part == "Y" else number % 100
    return date.month if part == "m" else date.day if part == "d" else None


def plain_title(description: Description) -> str:
    """The title without marks."""
    text = (description.title or description.container_title or "")[:MAX_TITLE]
    return strip_markup(text) if "<" in text or "&" in text else text


def title_words(subject: Subject) -> list[str]:
    """The words of the title that mean something, as Better BibTeX takes it apart.

    Hyphens join, and what is in brackets or quotes loses them; a single letter is no word.
    """
    text = re.sub(r"[/:—]", " ", plain_title(subject.description).replace('"', ""))
    words = (without_punctuation(subject, word, "") for word in text.split())
    return [
        word
        for word in words
        if word
        and word.lower() not in subject.skipped
        and (len(word) > 1 or word.isdigit() or not word.isascii())
    ]


def title(subject: Subject) -> str:
    """All of them."""
    return " ".join(title_words(subject))


def short_title(subject: Subject, n: int = 3, m: int = 0) -> str:
    """The first `n` words that mean something, the first `m` of them with a capital."""
    words = title_words(subject)[: max(n, 0)]
    if m > 0:
        words = [to_ascii(word, subject.description.language) for word in words]
    return " ".join(
        word[:1].upper() + word[1:] if place < m else word for place, word in enumerate(words)
    )


def journal(subject: Subject, abbrev: str = "abbrev+auto") -> str:
    """The journal's abbreviation if it is known and not refused, else its title."""
    description = subject.description
    if abbrev.startswith("abbrev") and description.container_title_short:
        return description.container_title_short
    return field_text(description, "container_title")


def first_page(subject: Subject) -> str:
    """Where the pages begin."""
    return re.split(r"[-\s,–]", subject.description.page or "", maxsplit=1)[0]


def last_page(subject: Subject) -> str:
    """Where the pages end."""
    return re.split(r"[-\s,–]", subject.description.page or "")[-1]


def keyword(subject: Subject, n: int) -> str:
    """One of the keywords in the order of the alphabet; the first is 0."""
    words = sorted(subject.description.keyword)
    return words[n] if 0 <= n < len(words) else ""


def type_of(subject: Subject, *allowed: str) -> str:
    """The type; or nothing, where it is one of those named. Raises `NotThisOne` where it is not."""
    kind = subject.description.type or "document"
    if not allowed:
        return kind
    if kind not in (_ZOTERO_TYPES.get(name.lower(), name.lower()) for name in allowed):
        raise NotThisOne
    return ""


def entry_type(subject: Subject) -> str:
    """The type of entry that BibTeX has for the work."""
    description = subject.description
    if description.type == "thesis":
        master = "master" in (description.genre or "").lower()
        return "MastersThesis" if master else "PhdThesis"
    return _ENTRY_TYPES.get(description.type or "", "Misc")


def language(subject: Subject, *names: str) -> str:
    """Nothing, for a work in one of these languages. Raises `NotThisOne` for any other.

    Where none is named, the two letters of the language.
    """
    mine = language_code(subject.description.language)
    if not names:
        return mine
    if not mine or mine not in (language_code(name) for name in names):
        raise NotThisOne
    return ""


def library(_: Subject) -> str:
    """Nothing: there is one library, and every work is in it."""
    return ""


def zotero(subject: Subject) -> str:
    """As Zotero's own export makes keys: `smith_rain_2020`."""
    family = subject.description.author or subject.description.editor
    name = family[0].full_family.lower().replace(" ", "_") if family else ""
    words = short_title(subject, 1).lower()
    return "_".join(part for part in (name, words, year(subject)) if part)


def named_extra(subject: Subject, variable: str) -> str:
    """A field that has no place of its own, by the name that its format has for it."""
    wanted = variable.lower().removeprefix("tex.")
    field = field_of(wanted)
    if field is not None and (text := field_text(subject.description, field)):
        return text
    found = (each.value for each in subject.description.extra if each.name.lower() == wanted)
    return next(found, "")[:MAX_TITLE]


FUNCTIONS = {
    function.name.lower(): function
    for function in (
        Function("year", year),
        Function("shortyear", short_year),
        Function("month", month),
        Function("day", day),
        Function("origyear", original_year),
        Function("origdate", original_date),
        Function("date", date_text, (Parameter("format", str, "%Y-%m-%d"),)),
        Function("title", title),
        Function("shorttitle", short_title, (Parameter("n", int, 3), Parameter("m", int, 0))),
        Function("veryshorttitle", short_title, (Parameter("n", int, 1), Parameter("m", int, 0))),
        Function("journal", journal, (Parameter("abbrev", str, "abbrev+auto"),)),
        Function("firstpage", first_page),
        Function("lastpage", last_page),
        Function("keyword", keyword, (Parameter("n", int, required=True),)),
        Function("type", type_of, rest=Parameter("type", str)),
        Function("typename", entry_type),
        Function("language", language, rest=Parameter("language", str)),
        Function("library", library),
        Function("zotero", zotero),
        Function("extra", named_extra, (Parameter("variable", str, required=True),)),
    )
}
"""Those of Better BibTeX's formulas, by their names in lower case."""
