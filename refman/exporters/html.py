"""Formatted references as a web page. See `refman.exporters.formatted`."""

from __future__ import annotations

from refman.crosswalk.bibliography import CiteFormat
from refman.exporters.formatted import FormattedExporter
from refman.ports import FormatInfo

exporter = FormattedExporter(
    FormatInfo(
        name="html",
        label="Web page of references",
        extensions=(".html", ".htm"),
        media_type="text/html",
        description="a formatted list of references, in the style of --style",
        for_readers=True,
    ),
    CiteFormat.HTML,
)
