"""MEDLINE format, which PubMed calls `nbib`, also as ERIC and KoreaMed write it.

A field is a line `TAG - value`, its tag padded to four characters, and goes on in lines that begin
with blanks; records are parted by empty lines. What the tags mean is `refman.crosswalk.medline`'s
business; see `docs/formats/nbib.md`.
"""

from __future__ import annotations

import re

from refman.crosswalk.medline import FORMAT, description_from_medline
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.tagged_works import TaggedImporter
from refman.ports import FormatInfo, Sample
from refman.text.tagged import Entry, Grammar

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


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line) or _TIGHT_TAG.match(line)
    return (str(match.group(match.lastindex or 1)), line[match.end() :]) if match else None


def _goes_on(tag: str, line: str, apart: bool) -> bool:
    """Lines of a text that begin with no blank may have been wrapped by another program."""
    return line[0] in " \t" or (tag in _LONG and not apart)


class NbibImporter(TaggedImporter):
    """Reads `nbib`."""

    info = FormatInfo(
        name=FORMAT,
        label="MEDLINE (nbib)",
        extensions=(".nbib", ".medline", ".txt"),
        media_type="application/nbib",
        description="from PubMed, ERIC, KoreaMed",
    )
    grammar = Grammar(tag=_tag, once=_ONCE, opens=frozenset(("PMID",)), goes_on=_goes_on)

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

    def read_entry(self, entry: Entry) -> ReadEntry:
        """What the tags of an entry say."""
        return description_from_medline([(field.tag, field.value) for field in entry.fields])


importer = NbibImporter()
