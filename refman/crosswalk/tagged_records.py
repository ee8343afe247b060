"""The record that the tags of an entry come to: the last step of every importer of tagged lines."""

from __future__ import annotations

from refman.crosswalk.sentence_case import in_sentence_case
from refman.crosswalk.tags import ReadTags
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import ImportOptions, Problem

_SAY_NOTHING = frozenset(("type", "source", "extra"))


def to_record(
    found: ReadTags, origin: str, place: tuple[str, int], raw: str, options: ImportOptions
) -> Record | Problem:
    """A record of what was read, or the problem that it says nothing.

    `origin` is the format, `place` the file's name and the line. A title in capitals is put in
    sentence case if the options want it.
    """
    description, guessed, verbatim = found.description, found.guessed, dict(found.verbatim)
    name, line = place
    if all(field in _SAY_NOTHING for field, _ in stated(description)):
        return Problem(reason="a record that says nothing", line=line, raw=raw)
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed |= {"title"}
            verbatim.setdefault("title", title)
    return Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=origin, location=f"{name}:{line}"),
        guessed=guessed,
        verbatim=tuple(verbatim.items()),
        citation_key=found.citation_key,
    )
