"""Pairs for measuring the guard against wrong DOIs, made from Crossref records.

The right ones are a record beside itself as importers deliver it, spoilt in one way or in one of
each kind; a spoiling that changes nothing makes no pair. The wrong ones are a record beside one of
its nearest neighbours: of the same journal and year, the same author, the likest title, its own
erratum, the next part of its series, the book that it is a chapter of.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from anyascii import anyascii
from rapidfuzz import fuzz, process

from refman.model import Date, Description, Name
from refman.rules.evidence import PARTS
from refman.rules.likeness import bare_title
from refman.text.markup import strip_markup

Pair = tuple[str, Description, Description, bool]
Spoiling = Callable[[Description, random.Random], Description]


# How entries are spoilt. Each takes a description and gives one of the same work.


def _title(work: Description, change: Callable[[str], str]) -> Description:
    return replace(work, title=change(work.title or "") or work.title)


def _cut(title: str, rng: random.Random) -> str:
    title = strip_markup(title)
    words = title.split()
    if len(words) < 7:
        return title
    return " ".join(words[: rng.randint(max(4, len(words) // 2), len(words) - 1)])


def _cut_in_word(title: str, rng: random.Random) -> str:
    title = strip_markup(title)
    if len(title) < 45:
        return title
    return title[: rng.randint(30, len(title) - 4)] + rng.choice(("", "…", "..."))


def _no_subtitle(title: str) -> str:
    main = re.split(r"[:.?] ", strip_markup(title), maxsplit=1)[0]
    return main if len(main.split()) >= 3 else title


def _slip(title: str, rng: random.Random) -> str:
    places = [m.start() for m in re.finditer(r"(?<=[a-z]{3})[a-z](?=[a-z]{2})", title)]
    if not places:
        return title
    at = rng.choice(places)
    return title[:at] + rng.choice(("", title[at] * 2, "e")) + title[at + 1 :]


def _no_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _retracted(title: str, rng: random.Random) -> str:
    marks = ("RETRACTED: ", "Retracted: ", "RETRACTED ARTICLE: ", "[Retracted] ", "WITHDRAWN: ")
    return rng.choice(marks) + title


def _joints(title: str, rng: random.Random) -> str:
    return title.replace("-", rng.choice((" ", "", "–")))


def _names(work: Description, change: Callable[[tuple[Name, ...]], Iterable[Name]]) -> Description:
    return replace(work, author=tuple(change(work.author)))


def _initials(name: Name, joint: str) -> Name:
    if not name.given:
        return name
    return replace(name, given=joint.join(part[0] + "." for part in name.given.split()))


def _swapped(name: Name) -> Name:
    return replace(name, family=name.given, given=name.family) if name.given else name


def _capitals(name: Name) -> Name:
    def up(text: str | None) -> str | None:
        return text.upper() if text else text

    return replace(name, family=up(name.family), given=up(name.given), literal=up(name.literal))


def _years_on(work: Description, step: int) -> Description:
    if work.issued is None or work.issued.year is None:
        return work
    return replace(
        work,
        issued=Date(work.issued.year + step),
        published_print=None,
        published_online=None,
        event_date=None,
    )


def _mojibake(text: str) -> str:
    """The text as it looks where its UTF-8 was read as Windows-1252."""
    return "".join(
        char if char.isascii() else char.encode().decode("cp1252", "ignore") for char in text
    )


def _marked(title: str) -> str:
    """With HTML in it, as search results have it: a word stressed, the rest escaped."""
    words = title.replace("&", "&amp;").split(" ")
    middle = len(words) // 2
    return " ".join((*words[:middle], f"<em>{words[middle]}</em>", *words[middle + 1 :]))


def _written(people: Iterable[Name], rng: random.Random) -> str:
    """A list of names as pages print it."""
    names = list(people)
    style = rng.choice(("Rizkika Dwi; Ayu Lestari", "Rizkika Dwi, Ayu Lestari", "Dwi, R."))
    if style == "Dwi, R.":
        return ", ".join(_initials(name, " ").inverted for name in names)
    return ("; " if ";" in style else ", ").join(name.display for name in names)


def _glued(work: Description, rng: random.Random, *, authors_first: bool) -> Description:
    """Title and authors in one line, and no authors beside it."""
    people = _written(work.author or work.editor, rng)
    if not people:
        return work
    title = strip_markup(work.title or "")
    joint = rng.choice((". ", " ", ": "))
    line = f"{people}{joint}{title}" if authors_first else f"{title}{joint}{people}"
    return replace(work, title=line, author=(), editor=())


def _as_reference(work: Description, rng: random.Random) -> Description:
    """The whole reference as the title, and nothing else."""
    year = work.issued.year if work.issued else None
    people = _written(work.author or work.editor, rng)
    title = strip_markup(work.title or "")
    head = f"{people} ({year}). {title}." if rng.random() < 0.5 else f"{people}. {title}. {year}."
    volume = f" {work.volume}({work.issue})" if work.issue else f" {work.volume or ''}"
    place = f" {work.container_title or work.publisher or ''},{volume}: {work.page or work.number}"
    tail = rng.choice(("", f". doi:{work.DOI}"))
    return Description(title=head + place.removesuffix(": None") + tail, DOI=work.DOI)


def _other_script(work: Description) -> Description:
    title = work.title or ""
    plain = anyascii(title)
    return (
        work
        if title.isascii() or len(plain) < 1.3 * len(title)
        else replace(work, title=plain, original_title=None, title_short=None)
    )


TITLES: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "in capitals": lambda w, _: _title(w, lambda t: strip_markup(t).upper()),
    "in lower case": lambda w, _: _title(w, str.lower),
    "cut after a word": lambda w, r: _title(w, lambda t: _cut(t, r)),
    "cut in a word": lambda w, r: _title(w, lambda t: _cut_in_word(t, r)),
    "no subtitle": lambda w, _: _title(w, _no_subtitle),
    "subtitle by dash": lambda w, _: _title(w, lambda t: t.replace(": ", " - ", 1)),
    "no marks": lambda w, _: _title(w, strip_markup),
    "no accents": lambda w, _: _title(w, _no_accents),
    "slip of the pen": lambda w, r: _title(w, lambda t: _slip(t, r)),
    "retracted": lambda w, r: _title(w, lambda t: _retracted(t, r)),
    "hyphens": lambda w, r: _title(w, lambda t: _joints(t, r)),
    "escaped": lambda w, _: _title(w, lambda t: t.replace("&", "&amp;").replace("'", "&#39;")),
    "HTML marks": lambda w, _: _title(w, _marked),
    "mojibake": lambda w, _: _names(
        _title(w, _mojibake),
        lambda a: (
            replace(n, family=_mojibake(n.family), given=_mojibake(n.given or "") or None)
            if n.family
            else n
            for n in a
        ),
    ),
    "missing": lambda w, _: replace(w, title=None),
    "the original's": lambda w, _: replace(
        w, title=w.original_title or w.title, original_title=None
    ),
    "in another script": lambda w, _: _other_script(w),
}
LINES: dict[str, Spoiling] = {
    "title, then authors": lambda w, r: _glued(w, r, authors_first=False),
    "authors, then title": lambda w, r: _glued(w, r, authors_first=True),
    "the whole reference": _as_reference,
}
PEOPLE: dict[str, Spoiling] = {
    "as they are": lambda w, _: w,
    "literal": lambda w, _: _names(w, lambda a: (Name(literal=n.display) for n in a)),
    "literal, turned": lambda w, _: _names(w, lambda a: (Name(literal=n.inverted) for n in a)),
    "initials": lambda w, _: _names(w, lambda a: (_initials(n, " ") for n in a)),
    "initials joined": lambda w, _: _names(w, lambda a: (_initials(n, "") for n in a)),
    "swapped": lambda w, _: _names(w, lambda a: (_swapped(n) for n in a)),
    "capitals": lambda w, _: _names(w, lambda a: (_capitals(n) for n in a)),
    "first and others": lambda w, _: _names(w, lambda a: (*a[:1], Name(literal="others"))),
    "last missing": lambda w, _: _names(w, lambda a: a[:-1] if len(a) > 1 else a),
    "other order": lambda w, _: _names(w, lambda a: a[::-1]),
    "no accents": lambda w, _: _names(
        w,
        lambda a: (
            replace(n, family=_no_accents(n.family), given=_no_accents(n.given or "") or None)
            if n.family
            else n
            for n in a
        ),
    ),
    "missing": lambda w, _: replace(w, author=(), editor=()),
}
YEARS: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "bare": lambda w, _: _years_on(w, 0),
    "a year later": lambda w, _: _years_on(w, 1),
    "a year earlier": lambda w, _: _years_on(w, -1),
    "two years later": lambda w, _: _years_on(w, 2),
    "missing": lambda w, _: replace(
        w, issued=None, published_print=None, published_online=None, event_date=None
    ),
}
PLACES: dict[str, Spoiling] = {
    "as it is": lambda w, _: w,
    "first page": lambda w, _: replace(w, page=re.split("[-–]", w.page)[0] if w.page else None),
    "missing": lambda w, _: replace(
        w, container_title=None, container_title_short=None, volume=None, issue=None, page=None,
        number=None, ISSN=(), ISBN=(), type=None,
    ),
}  # fmt: skip
GROUPS = {"title": TITLES, "people": PEOPLE, "year": YEARS, "place": PLACES}


def same(works: Sequence[Description], rng: random.Random) -> Iterator[Pair]:
    """Each record beside itself, spoilt in one way, and in one way of each kind."""
    for work in works:
        for group, spoilings in {**GROUPS, "in one line:": LINES}.items():
            for name, spoil in spoilings.items():
                spoilt = spoil(work, rng)
                if spoilt != work or name.startswith("as "):
                    yield f"{group} {name}", spoilt, work, True
        if work.original_title and work.original_title != work.title:
            known = replace(work, original_title=None, title_short=None)
            yield "title translated", replace(known, title=work.original_title), known, True
        for _ in range(5):
            yield "all at once", _spoil(work, rng), work, True


def _spoil(work: Description, rng: random.Random) -> Description:
    for spoilings in GROUPS.values():
        work = rng.choice(list(spoilings.values()))(work, rng)
    return work


def _is_known(entry: Description) -> bool:
    """Whether spoiling left something by which it can be told from another work."""
    return bool(entry.title or ((entry.author or entry.editor) and entry.issued))


def different(works: Sequence[Description], rng: random.Random) -> Iterator[Pair]:
    """Each record beside another one's: any, and each kind of near neighbour."""
    for pair in _neighbours(works, rng):
        yield pair
        kind, ours, theirs, _ = pair
        spoilt = _spoil(ours, rng)
        if _is_known(spoilt):
            yield f"{kind}, spoilt", spoilt, theirs, False
        if kind != "any other":
            yield f"{kind}, in one line", _as_reference(ours, rng), theirs, False
    for work in works:
        yield from _sequels(work)
        yield from _notices(work, rng)
        yield from _books(work)


def _neighbours(works: Sequence[Description], rng: random.Random) -> Iterator[Pair]:
    titles = [bare_title(work.title or "") for work in works]
    groups: dict[str, dict[object, list[int]]] = {
        kind: defaultdict(list)
        for kind in ("any other", "same journal and year", "same first author", "same book")
    }
    for index, work in enumerate(works):
        for kind, key in _groups_of(work):
            groups[kind][key].append(index)
    for index, work in enumerate(works):
        for kind, key in _groups_of(work):
            others = [i for i in groups[kind][key] if _may_differ(works, titles, index, i)]
            if others:
                yield kind, work, works[rng.choice(others)], False
        best = process.extract(titles[index], titles, scorer=fuzz.token_sort_ratio, limit=4)
        near = next((i for _, _, i in best if _may_differ(works, titles, index, i)), None)
        if near is not None:
            yield "likest title", work, works[near], False


def _groups_of(work: Description) -> Iterator[tuple[str, object]]:
    yield "any other", None
    if work.container_title and work.type not in PARTS:
        yield "same journal and year", (work.container_title, work.year)
    if work.container_title and work.type in PARTS:
        yield "same book", work.container_title
    if work.author and work.author[0].family:
        yield "same first author", work.author[0].family.lower()


def _may_differ(works: Sequence[Description], titles: list[str], one: int, other: int) -> bool:
    """Whether two records are of two works: some works have two DOIs."""
    a, b = works[one], works[other]
    if titles[one] == titles[other] or a.DOI == b.DOI:
        return False
    begin = titles[one].startswith(titles[other]) or titles[other].startswith(titles[one])
    return not (begin and a.page == b.page and a.author and a.author == b.author)


def _notices(work: Description, rng: random.Random) -> Iterator[Pair]:
    """What was published about the work later, in the same journal: its own title is in there."""
    title = work.title or ""
    if len(bare_title(title)) < 15:
        return
    notice = replace(
        work, page="901-902", number=None, page_first=None, original_title=None, title_short=None
    )
    head = rng.choice(("Erratum: ", "Correction to: ", "Corrigendum to: ", "Erratum to “"))
    correction = replace(notice, title=head + title)
    yield "erratum and original", correction, work, False
    yield "original and erratum", work, correction, False
    reply = rng.choice(("Reply to: ", "Comment on: ", "Commentary on: ", "Response to "))
    others = (Name(family="Okonkwo-Lindqvist", given="P."),)
    comment = replace(notice, title=reply + title, author=others, editor=())
    yield "comment and original", comment, work, False
    yield "original and comment", work, comment, False


def _books(work: Description) -> Iterator[Pair]:
    """A chapter beside its book, whose record is made from what the chapter's says of it."""
    if work.type not in PARTS or not work.container_title:
        return
    book = Description(
        type="book",
        title=work.container_title,
        editor=work.editor or (Name(family="Okonkwo-Lindqvist", given="P."),),
        issued=work.issued,
        publisher=work.publisher,
        ISBN=work.ISBN,
    )
    if bare_title(work.title or "") == bare_title(book.title or ""):
        return
    yield "chapter and its book", work, book, False
    yield "book and its chapter", book, work, False
    by_one = replace(book, author=work.author, editor=())
    yield "chapter and its author's book", work, by_one, False


def _sequels(work: Description) -> Iterator[Pair]:
    """Another part of the same series, by the same people in the same year."""
    if len(bare_title(work.title or "")) < 15:
        return
    work = replace(work, original_title=None, title_short=None)
    other = replace(work, page="901-910", number=None, page_first=None)
    for one, two in (("Part I", "Part II"), ("2", "3"), ("A", "B")):
        mine = replace(work, title=f"{work.title}. {one}")
        yield "part I and part II", mine, replace(other, title=f"{work.title}. {two}"), False
        yield (
            "part I and part II, no pages",
            replace(mine, page=None, number=None, page_first=None),
            replace(other, title=f"{work.title}. {two}", page=None),
            False,
        )
