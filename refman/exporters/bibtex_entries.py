"""`.bib` files put together from entries: for the exporters of both dialects."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from refman.crosswalk.biblatex_annotations import bare_name
from refman.crosswalk.bibtex import FORMAT, Written
from refman.crosswalk.bibtex_fields import VARIABLE_OF
from refman.crosswalk.bibtex_kept import is_definition, is_kept_block, write_kept
from refman.model import Description, Work, without
from refman.ports import ExportOptions, Loss, TextEncoding
from refman.rules.export_view import left_out, ordered
from refman.text.latex import encode_signs

_NOT_IN_KEYS = re.compile(r"[\s,{}()\"#%'=\\~@\x00-\x1f\x7f-\x9f]+")

WriteEntry = Callable[[Description, str, bool, Collection[str]], Written]
"""A description, its key, whether characters outside ASCII may stand, and what was left out."""


def write_works(
    works: Iterable[Work], options: ExportOptions, write_entry: WriteEntry
) -> Iterator[str | Loss]:
    """One entry a work, a blank line between; what found no place follows its entry.

    What stood in a file before or after an entry stands there again; a definition that several
    works came with, once.
    """
    unicode = options.encoding is TextEncoding.UNICODE
    absent = left_out(options)
    separator = ""
    defined: set[str] = set()
    for work in works:
        key = _key(work.citation_key)
        description = work.description
        if options.omit:
            description = without(description, options.omit)
        written = write_entry(description, key, unicode, absent)
        before, after = _kept(description, defined, unicode=unicode)
        lines = [f"  {name} = {value}" for name, value in _in_order(written, options)]
        body = ",\n".join(lines)
        entry = f"@{written.entry_type}{{{key},\n{body}\n}}"
        yield separator + "\n\n".join([*before, entry, *after]) + "\n"
        separator = "\n"
        if key != work.citation_key:
            reason = f"BibTeX allows no such key; it was written as {key}"
            yield Loss(citation_key=work.citation_key, field="citation_key", reason=reason)
        for field, reason in written.losses:
            yield Loss(citation_key=work.citation_key, field=field, reason=reason)


def _in_order(written: Written, options: ExportOptions) -> list[tuple[str, str]]:
    """The fields in the order of the format, or in that which was asked for."""
    if not options.fields:
        return written.fields
    values = dict(written.fields)
    field_of = {name: VARIABLE_OF.get(bare_name(name), "") for name in values}
    return [(name, values[name]) for name in ordered(list(values), options, field_of)]


def _kept(
    description: Description, defined: set[str], *, unicode: bool
) -> tuple[list[str], list[str]]:
    """What stood before the entry and after it, without definitions that were written before."""
    extras = [
        extra for extra in description.extra if extra.format == FORMAT and is_kept_block(extra.name)
    ]
    if not extras:
        return [], []
    before, after = (
        [text if unicode else encode_signs(text) for text in blocks]
        for blocks in write_kept(extras)
    )
    fresh = [
        [block for block in blocks if not (is_definition(block) and block in defined)]
        for blocks in (before, after)
    ]
    defined.update(block for blocks in fresh for block in blocks if is_definition(block))
    return fresh[0], fresh[1]


def _key(key: str) -> str:
    """The key as it is, but for what would end it in the file."""
    return _NOT_IN_KEYS.sub("_", key).strip("_") or "unnamed" if _NOT_IN_KEYS.search(key) else key
