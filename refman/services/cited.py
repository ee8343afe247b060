"""Which works a manuscript cites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from refman.errors import InputError
from refman.model import Description, Work
from refman.rules import match
from refman.rules.query import Term
from refman.store import Reader
from refman.text.citations import Citation, Cited, CitesAll, Included
from refman.text.markup import strip_markup
from refman.text.markup_citations import (
    markdown_citations,
    notebook_citations,
    org_citations,
    rst_citations,
)
from refman.text.tex_citations import aux_citations, bcf_citations, tex_citations
from refman.text.titles import fold
from refman.text.typst_citations import typst_citations

_MAX_BYTES = 64 * 1024 * 1024
_MAX_ALL = 4 * _MAX_BYTES
_MAX_FILES = 1000
_MAX_DEPTH = 50
_CANDIDATES = 100
_LONGEST_TITLE = 300

_READERS: Mapping[str, Callable[[str], Iterator[Citation]]] = {
    ".tex": tex_citations,
    ".ltx": tex_citations,
    ".rnw": tex_citations,
    ".aux": aux_citations,
    ".bcf": bcf_citations,
    ".md": markdown_citations,
    ".markdown": markdown_citations,
    ".qmd": lambda text: markdown_citations(text, quarto=True),
    ".rmd": markdown_citations,
    ".ipynb": notebook_citations,
    ".org": org_citations,
    ".rst": rst_citations,
    ".typ": typst_citations,
}
_WORD = (".docx", ".docm", ".dotx")


@dataclass(slots=True)
class Manuscript:
    """What a manuscript cites, each once and in order, with the files that it is made of."""

    cited: list[Cited] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Files that it includes and that are not there, in a sentence each."""
    cites_all: bool = False
    """Whether it asks for all that a bibliography holds."""


def cited_keys(path: Path) -> list[str]:
    """The citation keys in a manuscript, each once, in order.

    Raises `InputError` for a file that cannot be read or is of another kind.
    """
    return [cited.key for cited in read_manuscript(path).cited if cited.key]


def read_manuscript(path: Path) -> Manuscript:
    """What a manuscript cites, in the files that it includes as well.

    Raises `InputError` for a file that cannot be read or is of another kind.
    """
    reading = _Reading(path.parent)
    reading.take(path)
    manuscript = reading.manuscript
    seen: set[str] = set()
    cited = []
    for each in manuscript.cited:
        name = each.key or repr(sorted((each.item or {}).items(), key=str))
        if name not in seen:
            seen.add(name)
            cited.append(each)
    manuscript.cited = cited
    return manuscript


class _Reading:
    """A manuscript and what it includes, under way."""

    def __init__(self, folder: Path) -> None:
        self.manuscript = Manuscript()
        self._folder = folder
        self._seen: set[Path] = set()
        self._left = _MAX_ALL

    def take(self, path: Path, depth: int = 0) -> None:
        """Read a file, and what it includes where that stands."""
        suffix = path.suffix.lower()
        if suffix not in _READERS and suffix not in _WORD:
            known = ", ".join([*_READERS, ".docx"])
            raise InputError(
                f"{path} is of no kind whose citations refman reads.",
                hint=f"It reads {known} files.",
            )
        self._seen.add(path.resolve())
        self.manuscript.files.append(path)
        for citation in _citations(path, suffix, self):
            if isinstance(citation, Cited):
                self.manuscript.cited.append(citation)
            elif isinstance(citation, CitesAll):
                self.manuscript.cites_all = True
            else:
                self._include(citation, path, depth)

    def text(self, path: Path) -> str:
        """The text of a file. Raises `InputError`."""
        try:
            with path.open("rb") as stream:
                data = stream.read(min(_MAX_BYTES, self._left))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        self._left -= len(data)
        text = data.decode("utf-8-sig", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _include(self, included: Included, path: Path, depth: int) -> None:
        found = self._find(included, path)
        if found is None:
            self.manuscript.missing.append(f"{path} includes {included.name}, which is not there.")
            return
        many = len(self.manuscript.files) >= _MAX_FILES or depth >= _MAX_DEPTH or self._left <= 0
        if not many and found.resolve() not in self._seen and found.suffix.lower() in _READERS:
            self.take(found, depth + 1)

    def _find(self, included: Included, path: Path) -> Path | None:
        """The file that is meant: sought from the main one's folder, then from the other's."""
        suffix = path.suffix
        for folder in (self._folder, path.parent):
            base = folder / included.folder / included.name
            names = [base] if base.suffix else [base.with_name(base.name + suffix), base]
            names.append(base.with_name(base.name + suffix))
            for name in names:
                try:
                    if name.is_file():
                        return name
                except (OSError, ValueError):
                    continue
        return None


def _citations(path: Path, suffix: str, reading: _Reading) -> Iterable[Citation]:
    if suffix in _WORD:
        # Loaded here: it brings a parser of XML with it.
        from refman.text.word_citations import word_citations  # noqa: PLC0415

        try:
            with path.open("rb") as stream:
                return list(word_citations(stream))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise InputError(f"{path} cannot be read: {error}.") from error
    text = reading.text(path)
    try:
        return list(_READERS[suffix](text))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error


def find_cited(reader: Reader, cited: Cited) -> Work | None:
    """The work that a citation is of: by its key, else by what is said of the work."""
    work_id = reader.find(cited.key) if cited.key else None
    if work_id is not None:
        return reader.work(work_id)
    return None if cited.item is None else _described(reader, cited.item)


def _described(reader: Reader, item: Mapping[str, Any]) -> Work | None:
    # Loaded here, for most citations are keys.
    from refman.crosswalk.csljson import description_from_item  # noqa: PLC0415

    description, _ = description_from_item(item)
    keys = match.keys(description)
    title_keys = [] if keys.title_key is None else [keys.title_key]
    by_identifier, by_title = reader.candidates(keys.identifiers, title_keys)
    ids = [id_ for hits in (*by_identifier.values(), *by_title.values()) for id_ in hits]
    works = reader.works(list(dict.fromkeys(ids))[:_CANDIDATES])
    if not works and description.title:
        # A title of few words leads to no works by itself.
        works = list(reader.iterate(_titled(description.title), limit=_CANDIDATES))
    verdicts = [(work, match.same_work(work.description, description)) for work in works]
    same = [work for work, verdict in verdicts if verdict is match.Verdict.SAME]
    likely = [
        work
        for work, verdict in verdicts
        if verdict is match.Verdict.UNSURE and _says_as_much(work.description, description)
    ]
    return same[0] if same else likely[0] if len(likely) == 1 else None


def _titled(title: str) -> Term:
    return Term(strip_markup(title)[:_LONGEST_TITLE], "title", phrase=True)


def _says_as_much(a: Description, b: Description) -> bool:
    """Whether two descriptions have title, year and first author in common, word for word."""
    return (
        fold(a.title or "") == fold(b.title or "")
        and a.year == b.year is not None
        and bool(a.author and b.author)
        and fold(a.author[0].full_family) == fold(b.author[0].full_family)
    )


def cited_works(reader: Reader, cited: Iterable[Cited], missing: list[str]) -> Iterator[Work]:
    """The works that are cited, under the keys that they are cited by; `missing` gets the others.

    A manuscript may cite a work by a key that it had before; written under its present one, the
    citation would be undefined.
    """
    given: set[tuple[int, str]] = set()
    for each in cited:
        work = find_cited(reader, each)
        if work is None:
            missing.append(name_of(each))
            continue
        if each.item is None:
            work = replace(work, citation_key=each.key)
        if (work.id, work.citation_key) not in given:
            given.add((work.id, work.citation_key))
            yield work


def name_of(cited: Cited) -> str:
    """What a citation is called in a message: its key, or its author, year and title."""
    if cited.key or cited.item is None:
        return cited.key
    from refman.crosswalk.csljson import description_from_item  # noqa: PLC0415

    description, _ = description_from_item(cited.item)
    authors = description.author
    said = (
        authors[0].full_family if authors else "",
        str(description.year or ""),
        description.title or description.DOI or "",
    )
    return ", ".join(part for part in said if part) or "a work that is not described"
