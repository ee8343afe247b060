"""A Garuda page as text: copied from a browser and pasted, or saved as text.

A result is found by its `Publisher :` line or its row of links (`Show Abstract | … | Check in
Google Scholar | … | DOI: …`), whichever comes first. Above it stand title, authors and source
line, below it perhaps `Abstract` and the abstract. What lies between two results is divided from
its end: the next result's head is the last group of lines there.

Limits: where an abstract runs into the next title without an empty line, the last two lines (or
three, if one of them can only be authors) are taken for the next head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from refman.importers.garuda.authors import looks_like_authors, looks_like_name
from refman.importers.garuda.furniture import Kind, doi_of_links, kind_of, publisher_of
from refman.importers.garuda.result import Result
from refman.importers.garuda.source_line import begins_with_numbering, looks_like_source
from refman.importers.garuda.wrapping import unwrapped, wrap_width
from refman.text.markup import plain_text

__all__ = ["Line", "read_paste"]

_MOST_LINES = 20_000
"""Lines held between two results; of more, the older half goes."""
_PROSE = 150
_KEYWORDS = re.compile(r"(?:Key\s?words?|Kata\s?kunci)\b", re.IGNORECASE)
_LONE_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: its number, its text on one line, what it is, and how it came."""

    number: int
    text: str
    kind: Kind
    raw: str


def read_paste(lines: Iterable[tuple[int, str]]) -> Iterator[Result]:
    """The results of a page, in order, from its numbered lines."""
    reader = _Reader()
    for number, raw in lines:
        text = plain_text(raw)
        line = Line(number, text, kind_of(text), raw.strip())
        if (result := reader.take(line)) is not None:
            yield result
    if (result := reader.close()) is not None:
        yield result


class _Reader:
    """The result that is being read, and the lines since its last row."""

    def __init__(self) -> None:
        self.result: Result | None = None
        self.core: list[Line] = []
        self.between: list[Line] = []
        self.page_names: tuple[str, ...] = ()

    def take(self, line: Line) -> Result | None:
        """Read a line; the result that it shows to be complete, if it does."""
        if line.kind not in (Kind.PUBLISHER, Kind.LINKS) and not self._is_split_doi(line):
            self.between.append(line)
            if len(self.between) > _MOST_LINES:
                del self.between[: _MOST_LINES // 2]
            return None
        done = None
        if not self._goes_on(line):
            head, rest = _divide(self.between, bool(self.result))
            done = self._finished(rest)
            self._note_names(rest)
            self.core = []
            self.result = _begin(head, line, self.page_names)
        else:
            # What stood between is the rest of a publisher's name.
            self.core += [between for between in self.between if between.kind is Kind.TEXT]
        self.between = []
        self.core.append(line)
        return done

    def close(self) -> Result | None:
        """The last result."""
        return self._finished(self.between)

    def _is_split_doi(self, line: Line) -> bool:
        return (
            bool(self.core)
            and not self.between
            and self.core[-1].text.rstrip(" :").upper().endswith("DOI")
            and _LONE_DOI.fullmatch(line.text) is not None
        )

    def _goes_on(self, line: Line) -> bool:
        """Whether a row belongs to the result whose rows were read last."""
        if not self.core or line.kind is Kind.PUBLISHER:
            return False
        texts = [between for between in self.between if between.kind is not Kind.BLANK]
        if not texts:
            return True
        return (
            self.core[-1].kind is Kind.PUBLISHER
            and len(texts) == 1
            and texts[0].kind is Kind.TEXT
            and len(texts[0].text) <= _PROSE
            and texts[0].number == self.core[-1].number + 1
        )

    def _finished(self, rest: list[Line]) -> Result | None:
        result = self.result
        if result is None:
            return None
        publisher = [line for line in self.core if line.kind in (Kind.PUBLISHER, Kind.TEXT)]
        links = [line.text for line in self.core if line.kind is not Kind.PUBLISHER]
        if publisher and publisher[0].kind is Kind.PUBLISHER:
            names = [publisher_of(publisher[0].text), *(line.text for line in publisher[1:])]
            result.publisher = " ".join(name for name in names if not _LONE_DOI.fullmatch(name))
            result.publisher = result.publisher.strip()
        result.doi = doi_of_links(" ".join(links))
        result.abstract = _abstract(rest)
        return result

    def _note_names(self, lines: list[Line]) -> None:
        """Names above the results, as an author's page has them."""
        if any(line.text.casefold() == "claim missing document" for line in lines):
            self.page_names = tuple(
                line.text
                for line in lines[-40:]
                if line.kind is Kind.TEXT and len(line.text) < 80 and looks_like_name(line.text)
            )


def _begin(head: list[Line], anchor: Line, page_names: tuple[str, ...]) -> Result:
    title, authors, source = _parts(head)
    return Result(
        line=head[0].number if head else anchor.number,
        title=title,
        authors=authors,
        glued=not authors,
        source=source,
        page_names=page_names,
    )


def _parts(head: list[Line]) -> tuple[str, list[str], str]:
    """Title, authors and source line of the lines above a result's rows."""
    texts = [line.text for line in head]
    if not texts:
        return "", [], ""
    source_from = len(texts) - 1
    if source_from > 0 and (
        begins_with_numbering(texts[-1])
        or (source_from > 1 and not looks_like_source(texts[-1]) and looks_like_source(texts[-2]))
    ):
        source_from -= 1
    elif source_from == 0 and not looks_like_source(texts[-1]):
        source_from = 1
    source = " ".join(texts[source_from:])
    above = texts[:source_from]
    authors: list[str] = []
    while len(above) > 1 and _is_author_line(above, authors):
        authors.insert(0, above.pop())
    # The blanks of the page tell a title from the authors behind it.
    title = head[0].raw if len(above) == 1 else " ".join(above)
    return title, authors, source


def _is_author_line(above: list[str], below: list[str]) -> bool:
    line = above[-1]
    if looks_like_authors(line):
        return True
    if not looks_like_name(line):
        return False
    if below or above[-2].rstrip().endswith(";"):
        return True
    # A second line of a title in capitals may be a few words in capitals too.
    return not (line.isupper() and above[-2].isupper())


def _divide(lines: list[Line], after_result: bool) -> tuple[list[Line], list[Line]]:
    """The head of the result that comes next, and what is above it."""
    start = 0
    for index, line in enumerate(lines):
        if line.kind is Kind.FURNITURE:
            start = index + 1
    heading = next((i for i, line in enumerate(lines) if line.kind is Kind.ABSTRACT), None)
    has_abstract = after_result and heading is not None and heading >= start
    if has_abstract and heading is not None:
        start = max(start, heading + 1)
    groups = _groups(lines[start:])
    if not groups:
        return [], lines
    head = _head(groups, has_abstract or (after_result and _is_prose(groups[0][0])))
    first = head[0].number
    return head, [line for line in lines if line.number < first]


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Lines between empty ones, put together again where they were broken at a width."""
    width = wrap_width([line.text for line in lines])
    groups: list[list[Line]] = []
    broken: list[Line] = []
    current: list[Line] = []
    for line in [*lines, Line(0, "", Kind.BLANK, "")]:
        if line.kind is Kind.TEXT or line.kind is Kind.ABSTRACT:
            current.append(line)
        elif current:
            groups.append(_joined(current, width))
            broken, current = current, []
    if groups and len(groups[-1]) == 1 and len(broken) > 2:
        groups[-1] = _before_source(broken, width)
    return groups


def _before_source(lines: list[Line], width: int | None) -> list[Line]:
    """Lines that all seemed to be one, divided in front of the source line among them."""
    for index, line in enumerate(lines[1:], start=1):
        if looks_like_source(line.text) and not begins_with_numbering(line.text):
            return [*_joined(lines[:index], width), *_joined(lines[index:], width)]
    return _joined(lines, width)


def _joined(lines: list[Line], width: int | None) -> list[Line]:
    joined = []
    for indexes in unwrapped([line.text for line in lines], width):
        first = lines[indexes[0]]
        text = " ".join(lines[index].text for index in indexes)
        joined.append(first if len(indexes) == 1 else Line(first.number, text, first.kind, text))
    return joined


def _head(groups: list[list[Line]], follows_abstract: bool) -> list[Line]:
    """The lines of the next head: the last group, or as much of it and before it as it needs."""
    last = groups[-1]
    spare = len(groups) - (1 if follows_abstract else 0)
    if len(groups) == 1:
        return last[-_size(last) :] if follows_abstract else _without_prose(last)
    if len(last) > 1:
        return _without_prose(last)
    # Empty lines between title, authors and source line.
    head = list(last)
    for group in reversed(groups[max(0, len(groups) - spare) : -1] or groups[-2:-1]):
        if len(head) >= 2 and not (len(head) == 2 and _may_be_authors(head[0])):
            break
        if len(group) > 2 or _is_prose(group[0]):
            break
        head = [*group, *head]
    return head


def _may_be_authors(line: Line) -> bool:
    return looks_like_authors(line.text) or looks_like_name(line.text)


def _size(lines: list[Line]) -> int:
    """How many lines at the end are a head, where they hang on an abstract."""
    size = 2
    if len(lines) > 2 and begins_with_numbering(lines[-1].text):
        size += 1
    if len(lines) > size and (
        looks_like_authors(lines[-size].text) or _is_bare_head(lines[-size - 1 :])
    ):
        size += 1
    return min(size, len(lines))


def _is_bare_head(lines: list[Line]) -> bool:
    """Whether a title and one author without a comma come first: the abstract was left empty."""
    title, author = lines[0].text, lines[1].text
    return len(title) <= _PROSE and not title.endswith((".", "!", ";")) and looks_like_name(author)


def _without_prose(lines: list[Line]) -> list[Line]:
    """A group without the sentences and keywords of an abstract in front of the head."""
    if len(lines) <= 2:
        return lines
    start = 0
    for index, line in enumerate(lines[:-2]):
        if _is_prose(line) or _KEYWORDS.match(line.text):
            start = index + 1
    return lines[start:]


def _is_prose(line: Line) -> bool:
    return len(line.text) > 2 * _PROSE or (
        len(line.text) > _PROSE and line.text.rstrip(" \"'”’)").endswith((".", "!", "?"))
    )


def _abstract(lines: list[Line]) -> str:
    """The abstract in what follows a result's rows; page furniture ends it."""
    start = next((i for i, line in enumerate(lines) if line.kind is not Kind.BLANK), None)
    if start is None:
        return ""
    if lines[start].kind is Kind.ABSTRACT:
        start += 1
    elif not _is_prose(lines[start]):
        return ""
    kept = []
    for line in lines[start:]:
        if line.kind is Kind.FURNITURE:
            break
        kept.append(line.text)
    return "\n".join(kept).strip()
