"""MARCXML, alone, in a `collection`, or inside the answer of a catalogue (SRU, OAI-PMH).

What the fields mean is `refman.crosswalk.marc`'s business; see `docs/formats/marcxml.md`.
"""

from __future__ import annotations

from refman.crosswalk.marc import FORMAT, description_from_marc
from refman.crosswalk.marc_fields import MarcRecord
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.catalogue_works import CatalogueImporter, field_start
from refman.ports import FormatInfo


class MarcXmlImporter(CatalogueImporter):
    """Reads `marcxml`."""

    info = FormatInfo(
        name=FORMAT,
        label="MARCXML",
        extensions=(".xml", ".marcxml"),
        media_type="application/marcxml+xml",
        description="MARC 21 and UNIMARC from library catalogues",
    )
    namespace = "http://www.loc.gov/MARC21/slim"
    title_field = field_start("245", "200")
    other = "PICA, not in MARC"

    def is_tag(self, tag: str) -> bool:
        """MARC's tags have three digits, PICA's four characters; a broken one is none of PICA's."""
        return len(tag) != 4

    def read_record(self, record: MarcRecord) -> ReadEntry:
        """What the fields of a record say."""
        return description_from_marc(record)


importer = MarcXmlImporter()
