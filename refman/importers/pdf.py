"""PDF files of articles and books: the identifier found in them makes a record, to be enriched.

Looked at are the metadata (XMP with PRISM, the information dictionary) and the text of the first
pages; see `refman.crosswalk.pdf_reading` and `docs/formats/pdf.md`. The file's path is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refman.crosswalk.pdf_reading import FORMAT, description_from_pdf, entries_of
from refman.crosswalk.read_entry import ReadEntry, record_of
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.pdf_file import MAX_FILE, is_pdf, read_pdf

_MAX_RAW = 10_000


class PdfImporter:
    """Reads `pdf`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="PDF",
            extensions=(".pdf",),
            media_type="application/pdf",
            description="a paper or book, by the DOI, arXiv number or ISBN in it",
        )

    def recognise(self, sample: Sample) -> float:
        """1.0 where the first kilobyte says that it is one."""
        return 1.0 if is_pdf(sample.head) else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """The record of a file, or the problem that it says nothing of what it is."""
        data = source.binary().read(MAX_FILE + 1)
        if not is_pdf(data[:1024]):
            yield Problem(reason="it is no PDF file", line=1)
            return
        pdf = read_pdf(data)
        path = "" if source.name == "-" else str(Path(source.name).absolute())
        read = description_from_pdf(pdf, path)
        if not read.is_bibliographic:
            reason = pdf.fault or _why_nothing(pdf.texts)
            raw = "\n".join(f"{name}: {value}" for name, value in entries_of(pdf))[:_MAX_RAW]
            yield Problem(reason=reason, line=1, raw=raw)
            return
        yield record_of(ReadEntry(*read), FORMAT, f"{source.name}:1", options)
        if pdf.fault is not None:
            yield Problem(reason=pdf.fault, line=1, partial=True)


importer = PdfImporter()
"""What the entry point `pdf` names."""


def _why_nothing(texts: tuple[str, ...]) -> str:
    if not any(text.strip() for text in texts):
        return "no DOI, ISBN or title in it: its pages hold pictures, no text"
    return "no DOI, arXiv number, ISBN or title was found in it"
