"""What a plug-in is: the interfaces of importers, exporters and sources, and the values they trade.

All of them are pure. An importer turns numbered lines of text into records and problems; an
exporter turns works into pieces of text and losses; a source says which requests to make and reads
the answers. Files, the network and the database belong to others.

Plug-ins are reached by entry point, in the groups `refman.importers`, `refman.exporters` and
`refman.sources`; each entry names an object that fulfils one of the protocols below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

from refman.model import Record, Work

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatInfo:
    """What a format is called and how its files look from outside."""

    name: str
    """As on the command line: `bibtex`."""
    label: str
    """As people say it: `BibTeX`."""
    extensions: tuple[str, ...] = ()
    """With the dot, the usual one first."""
    media_type: str = "text/plain"
    description: str = ""
    for_readers: bool = False
    """Whether what is written is for people, and not to be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing in the input that could not be read, or not whole.

    `line` is 1-based. `raw` is the text that was not understood; it is kept in the library, so
    that nothing is lost. With `partial`, a record was made of it all the same, and follows or
    precedes the problem: the problem then is only a remark.
    """

    reason: str
    line: int | None = None
    raw: str = ""
    partial: bool = False

    def __post_init__(self) -> None:
        """A reason often quotes the input: it is one line, of some length, and plain."""
        reason = " ".join(_UNSAFE.sub(" ", self.reason[:_LONGEST_REASON]).split())
        object.__setattr__(self, "reason", reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A field of a work that a format had no way to carry."""

    citation_key: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of an input, from which importers judge whether it is theirs."""

    name: str
    """The file's name, or `-`."""
    text: str
    """Up to 64 kilobytes, decoded; a byte order mark is gone."""
    head: bytes = b""


class Input(Protocol):
    """An input that is being read, once, from the beginning."""

    @property
    def name(self) -> str:
        """The file's name as the user gave it, or `-`."""

    def lines(self) -> Iterator[str]:
        """Lines with their line ends made `\\n`; the first one is line 1.

        Raises `InputError` where a line is too long to be text.
        """

    def text(self) -> str:
        """All of it, for formats that cannot be read in pieces. Raises `InputError` over 256 MB."""

    def binary(self) -> BinaryIO:
        """The bytes, for formats that are not text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the user may ask of any importer."""

    recase_titles: bool = True
    """Whether a title in capitals is put in sentence case."""


@runtime_checkable
class Importer(Protocol):
    """Reads one format."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""

    def recognise(self, sample: Sample) -> float:
        """How sure it is, from 0 (no) to 1 (certain), that the sample is its format.

        By content first: a file's name alone is worth 0.2 at the most.
        """

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """The records of an input, one after the other, and what could not be read.

        Memory is bounded: an importer holds a record or a chunk, never the file, where the format
        allows. It raises nothing for bad entries.
        """


class TextEncoding(StrEnum):
    """How characters outside ASCII are written by formats that have the choice."""

    UNICODE = "unicode"
    ASCII = "ascii"
    """As TeX commands in BibTeX, as escapes in JSON."""


class JournalForm(StrEnum):
    """How the names of journals are written."""

    FULL = "full"
    ABBREVIATED = "abbreviated"
    """As ISO 4 abbreviates them, or the user's own list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What the user may ask of any exporter.

    `omit`, `fields`, `journals` and `doi_as_url` have been seen to before an exporter gets the
    works (`refman.rules.export_view`); it may leave them alone, but for the order of `fields`. An
    option that means nothing to a format is passed over without a word.
    """

    encoding: TextEncoding = TextEncoding.UNICODE
    omit: frozenset[str] = frozenset()
    """Fields of `Description` to leave out."""
    fields: tuple[str, ...] = ()
    """The fields wanted, and no others, in this order where a format has an order of its own.

    Empty for all of them, in the order of the format.
    """
    journals: JournalForm | None = None
    """How journals are named; None for the way that each work has it."""
    doi_as_url: bool = False
    """Whether a DOI is written as an address, in place of it and of another address."""
    style: str | None = None
    """Of formatted references: a style of the CSL project by its name, or the path of one."""
    locale: str | None = None
    """The language of formatted references (`id-ID`); None for that of the style."""


@runtime_checkable
class Exporter(Protocol):
    """Writes one format."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """The text of an export in pieces, to be joined as they come, and what was lost.

        The works are taken one after the other; an empty iterable makes a valid empty file.
        """


class AnswerStatus(StrEnum):
    """How a source answered for one DOI."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    """It answered, but with nothing that could be used."""
    UNREACHED = "unreached"
    """It could not be asked, so the question stays open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a source says of one DOI that it was asked for."""

    DOI: str
    """As it was asked for."""
    status: AnswerStatus
    record: Record | None = None
    payload: bytes | None = None
    """The raw answer, to be kept."""
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    """Validators (RFC 9110, 8.8) of an answer that was all of a response, for asking whether it
    still holds."""

    @classmethod
    def not_found(cls, doi: str, reason: str | None = None) -> Answer:
        """The answer that the source has no record of the DOI."""
        return cls(DOI=doi, status=AnswerStatus.NOT_FOUND, reason=reason)

    @classmethod
    def failed(cls, doi: str, reason: str) -> Answer:
        """The answer that nothing usable was said of the DOI."""
        return cls(DOI=doi, status=AnswerStatus.FAILED, reason=reason)

    @classmethod
    def unreached(cls, doi: str, reason: str) -> Answer:
        """The answer for a DOI that could not be asked for."""
        return cls(DOI=doi, status=AnswerStatus.UNREACHED, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What a source has said of a DOI before: FOUND with its payload, or NOT_FOUND."""

    DOI: str
    """In the form that is compared (`refman.model.identifier.doi_key`)."""
    status: AnswerStatus
    retrieved: str
    """When it was given, as ISO 8601 in UTC."""
    payload: bytes | None = None
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    stale: bool = False
    """Whether a refresh has set out to ask again, and has not come to it yet."""


class Answers(Protocol):
    """Where earlier answers are kept."""

    def stored_answers(self, source: str, dois: Iterable[str]) -> Mapping[str, StoredAnswer]:
        """What a source has said of these DOIs before, each under the DOI's compared form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP GET that a source wants made.

    `dois` are those it asks for; `kind` is the rate-limit class that the service counts it in.
    """

    url: str
    dois: tuple[str, ...]
    kind: str = "single"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back for a request: status, headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""


class Limit(NamedTuple):
    """How often a service may be asked, until it says otherwise itself."""

    requests: float
    """In so many…"""
    seconds: float
    at_once: int
    """Most requests under way at a time."""


@runtime_checkable
class Limited(Protocol):
    """A source on the web that knows what its service allows."""

    @property
    def limits(self) -> Mapping[str, Limit]:
        """The limits by kind of request (`Request.kind`). Kinds not named go at Crossref's pace."""


@runtime_checkable
class WebSource(Protocol):
    """A service on the web, asked by DOI. It makes no request itself."""

    @property
    def name(self) -> str:
        """As on the command line: `crossref`."""

    @property
    def supplement(self) -> bool:
        """Whether it adds to what others hold, and so is asked for every DOI.

        The others are asked in turn, each for what the ones before do not hold.
        """

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """The requests that ask for these DOIs, in batches where the service allows."""

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """The answers in a response, and requests for what it left unanswered.

        Every DOI of the request comes back in exactly one answer or further request.
        """

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer for a DOI that the payload of an earlier FOUND answer gives.

        It is FAILED where the payload can no longer be read; nothing is raised.
        """


@runtime_checkable
class LocalSource(Protocol):
    """A file or folder of records, asked by DOI."""

    @property
    def name(self) -> str:
        """As on the command line: `crossref-snapshot`."""

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        """An answer for each DOI, in any order, as they are found."""


Source = WebSource | LocalSource
