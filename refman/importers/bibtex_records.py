"""Records out of `.bib` files, whatever dialect they are in: for the importers of both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.bibtex import FORMAT, read_entry
from refman.crosswalk.bibtex_kept import kept_extras
from refman.crosswalk.sentence_case import in_sentence_case
from refman.importers.bibtex_blocks import MAX_RAW, Broken, RawEntry, read_blocks
from refman.importers.bibtex_inheritance import inherit
from refman.model import Origin, OriginKind, Record
from refman.ports import ImportOptions, Input, Problem, Sample
from refman.text.latex import clean

MAX_KEYS = 200_000
"""Keys remembered, to tell which come twice."""

_ENTRY = re.compile(
    r"^[ \t]*@[ \t]*([A-Za-z]{3,30})[ \t]*[{(]\s*(?:[^\s,{}()=\"]{1,200}[^,{}=\n]{0,100}\s*,|"
    r"[\w-]{1,100}\s*=)",
    re.MULTILINE,
)
_ONLY_STRINGS = re.compile(
    r"^[ \t]*@(?:string|preamble|comment)[ \t]*[{(]", re.MULTILINE | re.IGNORECASE
)
_HTML = re.compile(r"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)


def confidence(sample: Sample, extensions: tuple[str, ...]) -> float:
    """How sure it is that a sample is BibTeX of some kind: by `@type{key,` beginning a line."""
    named = sample.name.lower().endswith(extensions)
    if "@" not in sample.text or _HTML.match(sample.text):
        return 0.2 if named and not sample.text.strip() else 0.0
    if entry := _ENTRY.search(sample.text):
        return 0.9 if sample.text[: entry.start()].strip() else 0.99
    if _ONLY_STRINGS.search(sample.text):
        return 0.7
    return 0.2 if named else 0.0


def read_records(source: Input, options: ImportOptions, name: str) -> Iterator[Record | Problem]:
    """A record for each entry, in the order of the file but for those with a `crossref`.

    What was not taken as it stands comes as a partial problem right after its record. `name` is
    the importer's.
    """
    keys: set[int] = set()
    for block in inherit(read_blocks(source.lines())):
        if isinstance(block, Broken):
            yield Problem(reason=block.reason, line=block.line, raw=block.raw)
            continue
        if block.entry_type == "set":
            reason = "a @set is no work of its own; the entries in it are"
            yield Problem(reason=reason, line=block.line, raw=block.raw[:MAX_RAW])
            continue
        key = hash(block.key.lower())
        if block.key and key in keys:
            block.remarks.append("another entry before it has the same key")
        elif len(keys) < MAX_KEYS:
            keys.add(key)
        yield from _records(block, f"{source.name}:{block.line}", options, name)


def _records(
    entry: RawEntry, location: str, options: ImportOptions, name: str
) -> Iterator[Record | Problem]:
    key = clean(entry.key)
    kept = kept_extras(FORMAT, entry.before, entry.after) if entry.before or entry.after else ()
    reading = read_entry(entry.entry_type, key, entry.fields, kept)
    description, verbatim = reading.description, None
    if options.recase_titles:
        description, verbatim = in_sentence_case(description)
    yield Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=name, location=location),
        guessed=reading.guessed if verbatim is None else reading.guessed | {"title"},
        verbatim=() if verbatim is None else (("title", verbatim),),
        citation_key=key or None,
    )
    for remark in entry.remarks + reading.remarks:
        yield Problem(reason=remark, line=entry.line, raw=entry.raw[:MAX_RAW], partial=True)
