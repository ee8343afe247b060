"""CSV: a row a work, for spreadsheets. What stands where: `refman.crosswalk.table`.

It is for reading and counting, not for bringing works from one program into another: what has no
column is told as a loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refman.crosswalk.table import (
    COLUMNS,
    cells_from_description,
    csv_line,
    lost_fields,
    safe_cell,
)
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss

FORMAT = "csv"


class CsvExporter:
    """Writes `csv`; fulfils `refman.ports.Exporter`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="CSV",
            extensions=(".csv",),
            media_type="text/csv",
            description="a row a work, for spreadsheets",
        )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A header, then a row a work; of chosen fields, a column each, in their order.

        The letters are those of UTF-8 in any case.
        """
        all_of_them = ("DOI", *COLUMNS)
        columns = [name for name in options.fields if name in all_of_them] or all_of_them
        yield csv_line(("citation_key", *columns))
        for work in works:
            description = without(work.description, options.omit)
            cells = dict(zip(COLUMNS, cells_from_description(description)))
            cells["DOI"] = safe_cell(description.DOI or "")
            yield csv_line((safe_cell(work.citation_key), *(cells[name] for name in columns)))
            for field in lost_fields(description):
                yield Loss(
                    citation_key=work.citation_key,
                    field=field,
                    reason="a table has no column for it",
                )


exporter = CsvExporter()
