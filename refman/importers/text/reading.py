"""The records of a text, whether a portal's page or a list of references."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from refman.crosswalk.reference import FORMAT, ReadReference, read_reference, without_marker
from refman.crosswalk.sentence_case import in_sentence_case
from refman.importers.text.blocks import Block, split_blocks
from refman.importers.text.likely import is_furniture, is_likely, is_read
from refman.importers.text.portals import Portal, portal_of
from refman.model import Description, Origin, OriginKind, Record
from refman.ports import ImportOptions, Input, Problem

PEEK = 400
"""Lines that show what a text is."""
_PEEK_BLOCKS = 40
_NO_REFERENCE = "no reference, as far as its form shows"


def read_text(source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
    """A record for each reference, in the order of the text, and a problem for what is none."""
    lines = enumerate(source.lines(), start=1)
    peeked = list(islice(lines, PEEK))
    head = [line[:2_000] for _, line in peeked]
    portal = portal_of(head)
    every = chain(peeked, lines)
    if portal is not None:
        yield from _read_portal(portal, every, source.name, options)
        return
    for block in split_blocks(every, head):
        yield from _read_block(block, source.name, options)


def confidence(lines: list[str]) -> float:
    """How sure it is that lines are a portal's page or a list of references: at most 0.4.

    A list of a person's works, which stands in columns only at the end of every third line, is
    told from a table with certainty: 0.95.
    """
    portal = portal_of(lines)
    if portal is not None:
        return 0.95 if portal.in_columns else 0.4
    blocks = list(islice(split_blocks(enumerate(lines, start=1), lines), _PEEK_BLOCKS))
    wanted = [block for block in blocks if not is_furniture(block.text)]
    if len(lines) == PEEK and len(wanted) > 1:
        wanted = wanted[:-1]
    read = [
        block for block in wanted
        if (found := read_reference(block.text)).form is not None and is_read(found)
    ]  # fmt: skip
    likely = len(read) + sum(block not in read and is_likely(block.text) for block in wanted)
    if not read or 10 * likely < 6 * len(wanted):
        return 0.0
    return min(0.35, 0.25 + 0.02 * len(read))


def _read_portal(
    portal: Portal, lines: Iterator[tuple[int, str]], name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    for found in portal.read(lines):
        description, guessed = found.result
        if description.title is None:
            yield Problem(reason=_NO_REFERENCE, line=found.line, raw=found.raw)
            continue
        yield _record(description, guessed, name, found.line, options)


def _read_block(block: Block, name: str, options: ImportOptions) -> Iterator[Record | Problem]:
    if is_furniture(block.text):
        return
    read = read_reference(block.text)
    if is_read(read):
        yield _record(read.description, read.guessed, name, block.line, options)
    elif is_likely(block.text):
        description, guessed = _whole(read)
        yield _record(description, guessed, name, block.line, options)
        reason = "not all of this reference could be read; a search for its DOI may help"
        yield Problem(reason=reason, line=block.line, raw=block.raw, partial=True)
    else:
        yield Problem(reason=_NO_REFERENCE, line=block.line, raw=block.raw)


def _whole(read: ReadReference) -> tuple[Description, frozenset[str]]:
    """A reference of which too little was read goes by its line, until it is found elsewhere."""
    said = read.description
    if said.title or said.container_title:
        return said, read.guessed
    line = without_marker(said.extra[0].value)
    whole = Description(title=line, issued=said.issued, extra=said.extra)
    return whole, frozenset(("title",))


def _record(
    description: Description,
    guessed: frozenset[str],
    name: str,
    line: int,
    options: ImportOptions,
) -> Record:
    verbatim: tuple[tuple[str, str], ...] = ()
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            verbatim = (("title", title),)
    return Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{line}"),
        guessed=guessed,
        verbatim=verbatim,
    )
