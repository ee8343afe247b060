"""Formatted references in Markdown. See `refman.exporters.formatted`."""

from __future__ import annotations

from refman.crosswalk.bibliography import CiteFormat
from refman.exporters.formatted import FormattedExporter
from refman.ports import FormatInfo

exporter = FormattedExporter(
    FormatInfo(
        name="markdown",
        label="Markdown references",
        extensions=(".md",),
        media_type="text/markdown",
        description="a formatted list of references, in the style of --style",
        for_readers=True,
    ),
    CiteFormat.MARKDOWN,
)
