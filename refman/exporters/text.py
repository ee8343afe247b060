"""Formatted references in plain text. See `refman.exporters.formatted`."""

from __future__ import annotations

from refman.crosswalk.bibliography import CiteFormat
from refman.exporters.formatted import FormattedExporter
from refman.ports import FormatInfo

exporter = FormattedExporter(
    FormatInfo(
        name="text",
        label="Plain references",
        extensions=(".txt",),
        media_type="text/plain",
        description="a formatted list of references, in the style of --style",
        for_readers=True,
    ),
    CiteFormat.TEXT,
)
