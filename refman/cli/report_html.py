"""A report as one page: sums and pictures first, then every row.

Nothing is fetched and nothing is run: the pictures are SVG inside the page, the colours follow the
reader's dark or light setting, and rows that are out of sight are not drawn, so that a page of a
hundred thousand rows opens.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from refman.cli.plain import plain

if TYPE_CHECKING:
    from refman.services.tally import Summary

_CHUNK = 200
"""Rows that are drawn, or left undrawn, together."""
_MOST_YEARS = 80
_BAR_WIDTH = 260

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2126;--dim:#5d6770;--line:#d9dee3;--page:#fff;--band:#f5f7f9;
--found:#2f7d4f;--not_found:#b26a00;--failed:#b3372f;--other:#3c6e9f}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8eb;--dim:#9aa5ae;--line:#343c43;--page:#15191c;
--band:#1d2226;--found:#5fb583;--not_found:#dd9a3c;--failed:#e0736b;--other:#76a9da}}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:2rem auto;
max-width:86rem;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.05rem;margin:0 0 .6rem}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(21rem,1fr));gap:1.6rem 2.4rem;
margin-bottom:2.2rem;align-items:start}
svg{display:block;max-width:100%;height:auto}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}
svg .dim{fill:var(--dim)}svg .back{fill:var(--band)}
table{border-collapse:collapse;width:100%}
.sums td:last-child,.sums th:last-child{text-align:right;font-variant-numeric:tabular-nums}
td,th{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
th{font-weight:600;color:var(--dim)}
.rows{table-layout:fixed}
.rows thead th{position:sticky;top:0;background:var(--page)}
section.part{content-visibility:auto;contain-intrinsic-size:auto 6400px}
.s-found{color:var(--found)}.s-not_found{color:var(--not_found)}
.s-failed,.s-mismatch{color:var(--failed)}
@media print{section.part{content-visibility:visible}}
"""
_COLOURED = ("found", "not_found", "failed", "mismatch")


def page(
    columns: Sequence[str], rows: Iterable[Sequence[str]], summary: Summary | None
) -> Iterator[str]:
    """The page in pieces; the rows are taken as it goes."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>refman report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        "<h1>refman report</h1>\n"
    )
    if summary is not None:
        yield from _sums(summary)
    head = "".join(f"<th scope=col>{_text(column)}</th>" for column in columns)
    widths = "".join(f'<col style="width:{width}">' for width in _widths(columns))
    yield "<h2>Every row</h2>\n"
    status = columns.index("status") if "status" in columns else None
    taken = iter(rows)
    first = True
    while chunk := list(islice(taken, _CHUNK)):
        # Each part has its columns named, so that it can be read wherever one has scrolled to.
        yield (
            '<section class="part">\n<table class="rows">'
            if not first
            else ('<section class="part first">\n<table class="rows">')
        )
        first = False
        yield f"<colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead><tbody>\n"
        for row in chunk:
            yield _row(row, status)
        yield "</tbody></table>\n</section>\n"
    if first:
        yield f'<table class="rows"><thead><tr>{head}</tr></thead></table>\n'
    yield "</body>\n</html>\n"


def _row(row: Sequence[str], status: int | None) -> str:
    cells = []
    for place, cell in enumerate(row):
        mark = f' class="s-{cell}"' if place == status and cell in _COLOURED else ""
        cells.append(f"<td{mark}>{_text(cell)}</td>")
    return f"<tr>{''.join(cells)}</tr>\n"


_NARROW = {"row": "4.5rem", "status": "6.5rem", "source": "7rem"}


def _widths(columns: Sequence[str]) -> list[str]:
    return [_NARROW.get(column, "auto") for column in columns]


def _sums(summary: Summary) -> Iterator[str]:
    rows = sum(summary.outcomes.values())
    yield '<div class="sums">\n'
    title = f"Outcome of {rows:,} rows"
    yield _part(title, _bars(title, _named(summary.outcomes), rows, coloured=True))
    if summary.works:
        fields = _named(summary.fields)
        title = f"Completeness of {summary.works:,} works"
        yield _part(title, _bars(title, fields, summary.works))
    if summary.years:
        yield _part("Works by year", _years(summary.years))
    for title, name, counts in (
        ("Agency or source", "source", summary.sources),
        ("Type", "type", summary.types),
        ("Publisher", "publisher", summary.publishers),
    ):
        if counts:
            yield _part(title, _table(name, counts))
    if summary.retracted:
        yield _part("Retracted", f"<p>{summary.retracted:,} of the works are retracted.</p>")
    if summary.years:
        newest = dict(sorted(summary.years.items(), reverse=True)[:_MOST_YEARS])
        yield _part(
            "Year", f"<details><summary>{len(summary.years):,} years</summary>"
            f"{_table('year', {str(year): count for year, count in newest.items()})}</details>"
        )  # fmt: skip
    yield "</div>\n"


def _part(title: str, content: str) -> str:
    return f"<div><h2>{_text(title)}</h2>\n{content}</div>\n"


def _named(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(name, name.replace("_", " "), count) for name, count in counts.items()]


def _bars(
    title: str, counts: Sequence[tuple[str, str, int]], total: int, *, coloured: bool = False
) -> str:
    """A bar a line, with its number and its share."""
    lines = []
    for place, (name, label, count) in enumerate(counts):
        y = place * 24
        share = count / total if total else 0
        colour = name if coloured and name in _COLOURED[:3] else "other"
        lines.append(
            f'<text x="0" y="{y + 15}">{_text(label)}</text>'
            f'<rect class="back" x="120" y="{y + 3}" width="{_BAR_WIDTH}" height="16" rx="2"/>'
            f'<rect x="120" y="{y + 3}" width="{share * _BAR_WIDTH:.1f}" height="16" rx="2" '
            f'style="fill:var(--{colour})"/>'
            f'<text class="dim" x="{126 + _BAR_WIDTH}" y="{y + 15}">{count:,} · '
            f"{_percent(share)}</text>"
        )
    height = len(counts) * 24 or 1
    width = 250 + _BAR_WIDTH
    return (
        f'<svg role="img" aria-label="{title}" width="{width}" viewBox="0 0 {width} {height}">'
        f"{''.join(lines)}</svg>"
    )


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 1:
        return "under 1 %"
    return f"{min(99, round(percent)) if share < 1 else 100} %"


def _years(years: Mapping[int, int]) -> str:
    """A column a year; years before the last eighty are one column at the left."""
    last = max(years)
    begin = max(min(years), last - _MOST_YEARS + 1)
    counts = [years.get(year, 0) for year in range(begin, last + 1)]
    earlier = sum(count for year, count in years.items() if year < begin)
    labels = [str(year) for year in range(begin, last + 1)]
    if earlier:
        counts.insert(0, earlier)
        labels.insert(0, f"before {begin}")
    most = max(counts)
    step = min(28.0, 480 / len(counts))
    columns = "".join(
        f'<rect x="{place * step:.1f}" y="{130 - 120 * count / most:.1f}" '
        f'width="{max(1.0, step - 2):.1f}" height="{120 * count / most:.1f}" '
        f'style="fill:var(--other)"><title>{label}: {count:,}</title></rect>'
        for place, (label, count) in enumerate(zip(labels, counts, strict=True))
        if count
    )
    right = len(counts) * step
    end = (
        f'<text class="dim" x="{max(right, 110):.0f}" y="148" text-anchor="end">{labels[-1]}</text>'
        if len(labels) > 1
        else ""
    )
    return (
        f'<svg role="img" aria-label="Works by year" width="500" viewBox="0 0 500 152">{columns}'
        f'<text class="dim" x="0" y="148">{labels[0]}</text>{end}</svg>'
    )


def _table(name: str, counts: Mapping[str, int]) -> str:
    rows = "".join(
        f"<tr><td>{_text(key)}</td><td>{count:,}</td></tr>" for key, count in counts.items()
    )
    return (
        f"<table><thead><tr><th scope=col>{_text(name)}</th><th scope=col>works</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>\n"
    )


def _text(text: str) -> str:
    return html.escape(plain(text))
