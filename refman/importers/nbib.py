"""MEDLINE format, which PubMed calls `nbib`, also as ERIC and KoreaMed write it.

A field is a line `TAG - value`, its tag padded to four characters, and goes on in lines that begin
with blanks; records are parted by empty lines. What the tags mean is `refman.crosswalk.medline`'s
business; see `docs/formats/nbib.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.medline import FORMAT, description_from_medline
from refman.crosswalk.tagged_records import to_record
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.tagged import Entry, Fault, Grammar, split

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,4})[ \t]{0,4}-(?=[ \t]|$)|([A-Z]{2,3})[ \t]{1,2}-")
_TIGHT_TAG = re.compile(r"(PMID|PMC|TI|AU|FAU|AB|DP|JT|TA|VI|IP|PG|AID|LID|PT|OWN|SO)-")
_LONG = frozenset(("AB", "OAB", "TI", "BTI", "CTI", "TT", "AD", "CI", "COIS", "GN", "SO", "CN"))
_ONCE = frozenset(("PMID", "PMC", "PMCR", "OWN", "STAT", "TI", "BTI", "DP", "JT", "TA", "SO", "VI"))
_PMID = re.compile(r"^PM(?:ID|C|CR) ?- ?(?:PMC)?\d", re.MULTILINE)
_ERIC = re.compile(r"^OWN ? ?- ?ERIC", re.MULTILINE)
_OF_MEDLINE = re.compile(
    r"^(OWN |STAT|FAU |JT  |TA  |DP  |VI  |IP  |PG  |PT  |LID |AID |JID |EDAT|PHST|MH  |OT  )- ",
    re.MULTILINE,
)
_RIS = re.compile(r"^TY  - ", re.MULTILINE)
_OVID = re.compile(r"^VN  - Ovid|^<\d+\. >", re.MULTILINE)


class NbibImporter:
    """Reads `nbib`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="MEDLINE (nbib)",
            extensions=(".nbib", ".medline", ".txt"),
            media_type="application/nbib",
            description="from PubMed, ERIC, KoreaMed",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 with a PubMed identifier or ERIC's mark, less for a number of MEDLINE's tags."""
        text = sample.text
        tags = len(set(_OF_MEDLINE.findall(text)))
        if _RIS.search(text) or _OVID.search(text):
            return 0.1 if _PMID.search(text) else 0.0
        if _PMID.search(text):
            return 0.97 if tags >= 2 else 0.9
        if _ERIC.search(text):
            return 0.97
        return 0.8 if tags >= 4 else 0.6 if tags == 3 else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in split(source.lines(), _GRAMMAR):
            if isinstance(item, Fault):
                yield Problem(reason=item.reason, line=item.line, raw=item.raw)
            else:
                yield _read(item, source.name, options)


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line) or _TIGHT_TAG.match(line)
    return (str(match.group(match.lastindex or 1)), line[match.end() :]) if match else None


def _goes_on(tag: str, line: str, apart: bool) -> bool:
    """Lines of a text that begin with no blank may have been wrapped by another program."""
    return line[0] in " \t" or (tag in _LONG and not apart)


_GRAMMAR = Grammar(
    tag=_tag, once=_ONCE, opens=frozenset(("PMID",)), goes_on=_goes_on
)  # fmt: skip


def _read(entry: Entry, name: str, options: ImportOptions) -> Record | Problem:
    found = description_from_medline([(field.tag, field.value) for field in entry.fields])
    return to_record(found, FORMAT, (name, entry.line), entry.raw, options)


importer = NbibImporter()
