"""A document's own page on Garuda, as text.

Above `Article Info` stand title, authors and source line; below it labelled facts, each label on a
line of its own: `Publish Date`, `Abstract`, and under `Journal Info` `Abbrev`, `Publisher`,
`Subject`, `Description`. No such page was at hand; the labels are those that are known, and what
stands between them is read as loosely as that asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from refman.importers.garuda.authors import looks_like_authors, looks_like_name
from refman.importers.garuda.furniture import Kind, doi_of_links, kind_of, publisher_of
from refman.importers.garuda.result import Result
from refman.importers.garuda.source_line import MONTHS, looks_like_source
from refman.model import Date
from refman.text.markup import plain_text

__all__ = ["is_detail", "read_detail"]

_LABELS = (
    "article info", "publish date", "abstract", "abstrak", "copyrights", "copyright",
    "journal info", "abbrev", "publisher", "subject", "description", "doi", "issn", "e-issn",
    "keywords",
)  # fmt: skip
_AFFILIATION = re.compile(r"\s\([^()]{1,300}\)(?=\s*(?:;|$))")
_DAY = re.compile(r"(?P<day>\d{1,2})\s(?P<month>[A-Za-z]{3,9})\.?,?\s(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?")
_LINES_TO_JUDGE = 400
_MOST_LINES = 20_000


def is_detail(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether lines of text are such a page, and not a list of results."""
    texts = [plain_text(line[:200]).casefold().rstrip(" :") for _, line in lines[:_LINES_TO_JUDGE]]
    return "article info" in texts and ("journal info" in texts or "publish date" in texts)


def read_detail(lines: Iterable[tuple[int, str]]) -> Iterator[Result]:
    """The one result of such a page."""
    above: list[tuple[int, str]] = []
    facts: dict[str, list[str]] = {}
    links: list[str] = []
    label = ""
    for count, (number, raw) in enumerate(lines):
        text = plain_text(raw)
        if count >= _MOST_LINES:
            break
        name, rest = _label(text)
        if name and (name == "article info" or label):
            label = name
            facts.setdefault(label, [])
            if rest:
                facts[label].append(rest)
        elif kind_of(text) is Kind.LINKS:
            links.append(text)
        elif label:
            facts[label].append(text)
        elif kind_of(text) is Kind.PUBLISHER:
            facts["publisher"] = [publisher_of(text)]
        elif kind_of(text) is Kind.TEXT:
            above.append((number, text))
    if above:
        yield _result(above, facts, links)


def _label(text: str) -> tuple[str, str]:
    """The label that a line is, or begins with and a colon, and what follows it."""
    if text.casefold().rstrip(" :") in _LABELS:
        return text.casefold().rstrip(" :"), ""
    head, colon, rest = text.partition(":")
    if colon and head.strip().casefold() in ("publish date", "publisher", "abbrev", "doi"):
        return head.strip().casefold(), rest.strip()
    if text.casefold().startswith(("copyright ©", "copyrights ©")):
        return "copyrights", text
    return "", ""


def _result(above: list[tuple[int, str]], facts: dict[str, list[str]], links: list[str]) -> Result:
    source = next((text for _, text in above if looks_like_source(text)), "")
    others = [(number, text) for number, text in above if text != source]
    # The title comes first, and may end in brackets too.
    others[1:] = [(number, _bare(text)) for number, text in others[1:]]
    authors = [text for _, text in others if looks_like_authors(text)]
    rest = [(number, text) for number, text in others if text not in authors]
    number, title = max(rest or above, key=lambda item: len(item[1]))
    if not authors:
        after = [text for line, text in rest if line > number]
        authors = [text for text in after[:1] if looks_like_name(text)]
    doi = doi_of_links(" ".join(links)) or " ".join(facts.get("doi", [])).strip()
    abstract = facts.get("abstract") or facts.get("abstrak") or []
    return Result(
        line=number,
        title=title,
        authors=authors,
        glued=not authors,
        source=source,
        publisher=next((text for text in facts.get("publisher", []) if text), ""),
        doi=doi,
        abstract="\n".join(abstract).strip(),
        issued=_date(" ".join(facts.get("publish date", []))[:100]),
    )


def _bare(text: str) -> str:
    """A line of authors, ending in `;`, without the affiliations in brackets behind them."""
    bare = _AFFILIATION.sub("", text)
    is_names = all(looks_like_name(part) for part in bare.split(";") if part.strip())
    return f"{bare};" if bare != text and is_names else text


def _date(text: str) -> Date | None:
    if match := _ISO.search(text):
        return Date.of(int(match["year"]), int(match["month"]), int(match["day"] or 0) or None)
    match = _DAY.search(text)
    if match and (month := MONTHS.get(match["month"].lower())):
        return Date.of(int(match["year"]), month, int(match["day"]))
    return None
