"""What a PDF file says of itself, as a description.

Identifiers come first: a DOI in the metadata or on the first page, an arXiv number, an ISBN. Titles
and authors in the metadata often are those of a template or of a file, so they are believed only
where the first page shows them too, and else only where there is nothing better; all of it is a
guess, to be outranked by any source. PRISM's properties come from publishers and are believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from refman.crosswalk.ris_values import choose_date, note_lines, read_pages, read_serial_numbers
from refman.crosswalk.table_values import keywords
from refman.model import Description, Extra, Name
from refman.model.identifier import (
    find_dois,
    parse_arxiv,
    parse_doi,
    parse_isbn,
)
from refman.text.markup import plain_text
from refman.text.name_lists import parse_name_list
from refman.text.pdf_file import PdfFile
from refman.text.titles import fold

FORMAT = "pdf"
"""The format of what is kept in `extra`."""

_DOI_PROPERTIES = (
    "prism:doi", "pdfx:doi", "crossmark:DOI", "pdfx:DOI", "pdfx:WPS-ARTICLEDOI",
    "dcterms:identifier", "dc:identifier", "prism:url", "dc:source", "dc:description",
)  # fmt: skip
_DOI_ENTRIES = ("doi", "DOI", "WPS-ARTICLEDOI", "Subject", "Keywords", "Title")
_LABELLED = re.compile(
    r"(?:doi(?:\.org/|\s{0,3}[:.]?\s{0,3})|https?://[a-z.]{0,30}/(?:doi/(?:[a-z]{1,9}/)?)?)"
    r"(?=10\.\d{4})", re.IGNORECASE
)  # fmt: skip
_BROKEN = re.compile(r"(10\.\d{4,9}/[^\s]{0,200}[/\-_.(])\s{0,2}\n\s{0,4}([^\s]{2,100})")
_ARXIV = re.compile(r"arXiv\s?:\s?(\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?")
_ISBN = re.compile(
    r"(?:e-?)?ISBN(?:-1[03])?[\s:()a-z]{0,20}?([\d][\d\-–\s]{8,20}[\dXx])", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r".{0,300}\.(?:docx?|pdf|indd|tex|dvi|qxd|rtf|odt|pptx?|xlsx?|fm|ps|eps|jpe?g|tiff?|p65)\b.{0,20}"
    r"|microsoft (?:word|powerpoint).{0,300}|untitled.{0,50}|document\d*|pii\b.{0,100}"
    r"|slide \d.{0,50}|title|no title|judul|template.{0,40}|layout \d.{0,30}|[\W\d_]{0,300}"
    r"|doi:.{0,300}|10\.\d{4}.{0,300}",
    re.IGNORECASE | re.DOTALL,
)
_NO_AUTHOR = re.compile(
    r"(?:administrator|admin|user|owner|author|unknown|microsoft|hewlett|acer|asus|toshiba|"
    r"lenovo|dell|hp|pc|windows|elsevier|springer|wiley|adobe|latex|pdftex|scanner|[\w.-]{0,60}@.{0,60})\b.{0,100}",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE = 400
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""})
_TAKEN = frozenset(
    ("dc:title", "dc:creator", "dc:language", "dc:format", "prism:doi", "pdfx:doi",
     "crossmark:DOI", "prism:publicationName", "prism:volume", "prism:number",
     "prism:startingPage", "prism:endingPage",
     "prism:pageRange", "prism:issn", "prism:eIssn", "prism:isbn", "prism:coverDate",
     "prism:publicationDate", "dc:publisher", "dc:subject", "prism:keyword", "pdf:Keywords",
     "prism:coverDisplayDate")
)  # fmt: skip
_ABOUT_FILE = ("xmp:", "xmpMM:", "pdf:", "pdfx:", "xmpRights:")


class ReadPdf(NamedTuple):
    """A description, and the fields of it that were inferred."""

    description: Description
    guessed: frozenset[str]

    @property
    def is_bibliographic(self) -> bool:
        """Whether it says what a work could be found by."""
        said = self.description
        return bool(said.DOI or said.arXiv or said.ISBN or said.title)


def description_from_pdf(pdf: PdfFile, path: str) -> ReadPdf:
    """The description that a PDF file makes; `path` is where it is. Raises nothing."""
    return _Reader(pdf).read(path)


class _Reader:
    """One file on its way into a description."""

    def __init__(self, pdf: PdfFile) -> None:
        self._pdf = pdf
        self._first = pdf.texts[0] if pdf.texts else ""
        self._shown = f" {fold(self._first[:20_000])} "
        self._fields: dict[str, Any] = {}
        self._extra: list[Extra] = []

    def read(self, path: str) -> ReadPdf:
        self._identifiers()
        self._title()
        self._authors()
        said = self._published()
        self._subjects()
        self._set("language", plain_text(self._property("dc:language") or self._pdf.language))
        self._set("type", self._type())
        self._left()
        if path:
            self._extra.insert(0, Extra(FORMAT, "file", path))
        guessed = frozenset(self._fields) - said
        return ReadPdf(Description(**self._fields, extra=tuple(self._extra)), guessed)

    def _set(self, field: str, value: Any) -> None:
        if value:
            self._fields.setdefault(field, value)

    def _property(self, *names: str) -> str:
        """The first value of the first of these properties that has any."""
        return next((self._pdf.xmp[name][0] for name in names if self._pdf.xmp.get(name)), "")

    def _keep(self, name: str, value: str) -> None:
        if text := note_lines([plain_text(line) for line in value.split("\n")]):
            self._extra.append(Extra(FORMAT, name, text))

    # Fields

    def _identifiers(self) -> None:
        self._set("DOI", self._doi())
        shown = "\n".join(self._pdf.texts[:1])
        match = _ARXIV.search(shown) or _ARXIV.search(self._pdf.info.get("Title", ""))
        arxiv = parse_arxiv(match[1]) if match else None
        doi = str(self._fields.get("DOI", ""))
        if doi.lower().startswith("10.48550/arxiv."):
            arxiv = parse_arxiv(doi[15:]) or arxiv
        self._set("arXiv", arxiv)
        if arxiv is not None:
            # arXiv registers a DOI for every paper.
            self._set("DOI", f"10.48550/arXiv.{arxiv}")
        numbers = [plain_text(value) for value in self._pdf.xmp.get("prism:isbn", [])]
        if not doi and not arxiv:
            numbers += [match[1] for match in _ISBN.finditer("\n".join(self._pdf.texts)[:100_000])]
        found = (parse_isbn(number) for number in numbers)
        self._set("ISBN", tuple(dict.fromkeys(isbn for isbn in found if isbn is not None)))

    def _doi(self) -> str | None:
        for name in _DOI_PROPERTIES:
            for value in self._pdf.xmp.get(name, ()):
                if doi := _doi_in(value):
                    return doi
        for name in _DOI_ENTRIES:
            if doi := _doi_in(self._pdf.info.get(name, "")):
                return doi
        return _doi_on_page(self._first)

    def _title(self) -> None:
        candidates = [self._property("dc:title"), self._pdf.info.get("Title", "")]
        titles = [title for value in candidates if (title := _as_title(value))]
        identified = {"DOI", "arXiv", "ISBN"} & self._fields.keys()
        for title in titles:
            if f" {fold(title)} " in self._shown:
                self._set("title", title)
        if not identified or "ISBN" in identified:
            # A source cannot be asked, or not for certain: anything is better than nothing.
            for title in (*titles, _as_title(self._pdf.largest)):
                self._set("title", title)
        for name, value in zip(("dc:title", "Title"), candidates, strict=True):
            if value and plain_text(value) != self._fields.get("title"):
                self._keep(name, value)

    def _authors(self) -> None:
        listed = self._pdf.xmp.get("dc:creator", [])
        candidates = [";".join(listed), self._pdf.info.get("Author", "")]
        for value in candidates:
            names = [name for name in parse_name_list(plain_text(value)).names if _is_person(name)]
            if not names or _NO_AUTHOR.fullmatch(plain_text(value)):
                continue
            if any(f" {fold(name.family or '')} " in self._shown for name in names):
                self._set("author", tuple(names))
        if "author" not in self._fields:
            for name, value in zip(("dc:creator", "Author"), candidates, strict=True):
                if value:
                    self._keep(name, value)

    def _published(self) -> frozenset[str]:
        """What PRISM says of where it was published; the fields that it fills."""
        before = set(self._fields)
        texts = {
            "container_title": ("prism:publicationName",),
            "volume": ("prism:volume",),
            "issue": ("prism:number", "prism:issueIdentifier"),
            "publisher": ("dc:publisher",) if "DOI" in self._fields else (),
        }
        for field, names in texts.items():
            self._set(field, plain_text(self._property(*names)))
        start, end = self._property("prism:startingPage"), self._property("prism:endingPage")
        self._set("page", read_pages(start or self._property("prism:pageRange"), end or None))
        serial = [*self._pdf.xmp.get("prism:issn", []), *self._pdf.xmp.get("prism:eIssn", [])]
        self._set("ISSN", read_serial_numbers(serial).issn)
        dates = ("prism:coverDate", "prism:publicationDate", "prism:coverDisplayDate")
        date, _ = choose_date([(name, value) for name in dates if (value := self._property(name))])
        self._set("issued", date if date is not None and date.year is not None else None)
        if date is not None and date.is_bare_year:
            before.add("issued")
        return frozenset(set(self._fields) - before)

    def _subjects(self) -> None:
        listed = [*self._pdf.xmp.get("dc:subject", []), *self._pdf.xmp.get("prism:keyword", [])]
        text = self._property("pdf:Keywords") or self._pdf.info.get("Keywords", "")
        words = listed or keywords(text)
        plain = (plain_text(word) for word in words)
        self._set("keyword", tuple(dict.fromkeys(w for w in plain if w and not find_dois(w))))

    def _type(self) -> str | None:
        kind = self._property("prism:aggregationType").lower()
        if "container_title" in self._fields or kind == "journal":
            return "article-journal"
        if "ISBN" in self._fields:
            return "book"
        return "article" if "arXiv" in self._fields else None

    def _left(self) -> None:
        for name, values in self._pdf.xmp.items():
            if name not in _TAKEN and not name.startswith(_ABOUT_FILE):
                for value in values:
                    self._keep(name, value)
        for name in ("Subject", "Keywords"):
            value = self._pdf.info.get(name, "")
            if value and not all(word in str(self._fields) for word in value.split()):
                self._keep(name, value)
        if self._pdf.pages:
            self._keep("pages", str(self._pdf.pages))


def _doi_in(text: str) -> str | None:
    """The DOI in a piece of metadata, which may be bare, labelled or at the end of a citation."""
    text = plain_text(text[:5000])
    if "10." not in text:
        return None
    return next(iter(find_dois(text)), None)


def _doi_on_page(text: str) -> str | None:
    """The DOI of the work itself on its first page.

    One with a label, or in an address, before any other, unless it stands among references.
    """
    text = _BROKEN.sub(r"\1\2", text[:60_000])
    head = re.split(r"\n\s{0,9}(?:References|REFERENCES|Daftar Pustaka|DAFTAR PUSTAKA)\b", text)[0]
    for match in _LABELLED.finditer(head):
        doi = parse_doi(head[match.end() :].split(None, 1)[0])
        if doi is not None:
            return doi
    found = find_dois(head)
    return found[0] if len(found) == 1 else None


def _as_title(value: str) -> str | None:
    """A title, if what stands for one can be one."""
    title = plain_text(value[:2000].translate(_LIGATURES))
    words = title.split()
    if len(words) < 3 or not 10 <= len(title) <= _LONGEST_TITLE or _NO_TITLE.fullmatch(title):
        return None
    return title


def _is_person(name: Name) -> bool:
    return bool(name.family) and name.literal is None


def entries_of(pdf: PdfFile) -> Iterator[tuple[str, str]]:
    """All that the file says of itself, for a message."""
    yield from pdf.info.items()
    for name, values in pdf.xmp.items():
        yield from ((name, value) for value in values)
