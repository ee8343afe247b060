"""PICA XML, alone, in a `collection`, or inside the answer of a catalogue (SRU).

What the fields mean is `refman.crosswalk.pica`'s business; see `docs/formats/picaxml.md`.
"""

from __future__ import annotations

from refman.crosswalk.marc_fields import MarcRecord
from refman.crosswalk.pica import FORMAT, description_from_pica
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.catalogue_works import CatalogueImporter, field_start
from refman.ports import FormatInfo


class PicaXmlImporter(CatalogueImporter):
    """Reads `picaxml`."""

    info = FormatInfo(
        name=FORMAT,
        label="PICA XML",
        extensions=(".xml", ".pica"),
        media_type="application/xml",
        description="from K10plus, GVK, SWB and other German and Dutch catalogues",
    )
    namespace = "info:srw/schema/5/picaXML"
    title_field = field_start("021A", "003@")
    other = "MARC, not in PICA"

    def is_tag(self, tag: str) -> bool:
        """PICA's tags have four characters, MARC's three digits; a broken one is none of MARC's."""
        return len(tag) != 3

    def read_record(self, record: MarcRecord) -> ReadEntry:
        """What the fields of a record say."""
        return description_from_pica(record)


importer = PicaXmlImporter()
