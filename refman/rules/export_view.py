"""What an exporter is to see of a work: the fields that were asked for, in the form asked for.

The options that mean the same for all formats act here, on the work's description before the
exporter gets it; so exporters that know nothing of them, those of plug-ins too, fulfil them.

Fields are named as in `Description`; beside them `tags` and `collections` of the work, `extra` for
all that some format had and we have no field for, `FORMAT:NAME` for one of those, and `file` for
those that name a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from refman.model import FIELDS, Description, Extra, Work, stated
from refman.ports import ExportOptions, JournalForm
from refman.rules.journal_names import JournalNames

BESIDE_FIELDS = ("tags", "collections", "extra", "file")
"""Names that can be chosen or left out and are no fields of a description."""

_FILES = frozenset(
    "file files pdf local-url attachment attachments pdf-urls image-urls".split()
    + ["file attachments", "urls/pdf-urls", "urls/image-urls"]
)
_FILES_OF = {"ris": frozenset("l1 l2 l3 l4".split()), "enw": frozenset(("%>",))}
"""The fields that say where a file lies, in any format and in those that name none in words."""
_RESOLVER = "https://doi.org/"
_IN_A_PATH = "/:;()<>[],.-_~!$&'*+=@"


def view(work: Work, options: ExportOptions, journals: JournalNames) -> Work:
    """The work as the options want it shown. Its citation key and its type always stay."""
    described = work.description
    if options.journals is not None:
        described = _journal(described, options.journals, journals)
    chosen = set(options.fields)
    if options.doi_as_url:
        described = _doi_as_url(described)
        if "DOI" in chosen:
            chosen.add("URL")
    if chosen or options.omit:
        described = _selected(described, chosen, options.omit)
    tags = _kept("tags", chosen, options.omit)
    collections = _kept("collections", chosen, options.omit)
    if described is work.description and tags and collections:
        return work
    return replace(
        work,
        description=described,
        tags=work.tags if tags else (),
        collections=work.collections if collections else (),
    )


def left_out(options: ExportOptions) -> frozenset[str]:
    """The fields that a user does not want, of all that a description has."""
    if not options.fields:
        return options.omit
    return options.omit | frozenset(FIELDS).difference(options.fields)


def ordered(names: Sequence[str], options: ExportOptions, field_of: Mapping[str, str]) -> list[str]:
    """Names of a format's own, in the order that the user gave for our fields.

    `field_of` tells which field each stands for. Those that stand for none come last, as they
    came; where no order was asked for, all stay as they came.
    """
    if not options.fields:
        return list(names)
    places = {field: place for place, field in enumerate(options.fields)}
    return sorted(names, key=lambda name: places.get(field_of.get(name, ""), len(places)))


def _kept(name: str, chosen: Collection[str], omit: Collection[str]) -> bool:
    return name not in omit and (not chosen or name in chosen)


def _journal(description: Description, form: JournalForm, names: JournalNames) -> Description:
    if form is JournalForm.ABBREVIATED:
        title = names.abbreviated(description)
    else:
        title = names.full(description)
    if title is None:
        return description
    return _changed(description, container_title=title, container_title_short=None)


def _doi_as_url(description: Description) -> Description:
    """The DOI as an address, in place of both."""
    if description.DOI is None:
        return description
    address = _RESOLVER + quote(description.DOI, safe=_IN_A_PATH)
    return _changed(description, URL=address, DOI=None)


def _selected(
    description: Description, chosen: Collection[str], omit: Collection[str]
) -> Description:
    fields = {
        name: value
        for name, value in stated(description)
        if name not in omit and (not chosen or name in chosen or name in ("type", "extra"))
    }
    extra = tuple(
        one
        for one in fields.pop("extra", ())
        if not _names(one, omit) and (not chosen or "extra" in chosen or _names(one, chosen))
    )
    return Description(**fields, extra=extra)


def _names(extra: Extra, chosen: Collection[str]) -> bool:
    """Whether a field of some format is among the names."""
    name = extra.name.lower()
    if "file" in chosen and (name in _FILES or name in _FILES_OF.get(extra.format, ())):
        return True
    return f"{extra.format}:{name}" in chosen


def _changed(description: Description, **changes: Any) -> Description:
    return Description(**{**dict(stated(description)), **changes})
