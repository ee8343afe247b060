"""What stands inside the elements of a MODS record that were read, and was not read itself."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from refman.crosswalk.mods_names import is_role
from refman.crosswalk.words_said import Leaf, unsaid
from refman.text.xml_elements import attribute
from refman.text.xml_stream import local_name

READ = frozenset(
    (
        "titleInfo", "name", "typeOfResource", "genre", "originInfo", "language",
        "physicalDescription", "abstract", "tableOfContents", "note", "subject", "classification",
        "relatedItem", "identifier", "location", "accessCondition", "part", "recordInfo", "",
    )
)  # fmt: skip
"""The elements of a record that are read, at least in part."""

_MEANT_OTHERWISE = frozenset(
    (
        "relatedItem", "typeOfResource", "digitalOrigin", "issuance", "languageTerm", "scriptTerm",
        "start", "end", "recordInfo", "",
    )
)  # fmt: skip
"""What has become a type, a language or pages, is kept whole, or is about the record itself."""


def rest_of(item: etree._Element, words: frozenset[str]) -> Iterator[Leaf]:
    """The leaves of a `mods` or `relatedItem` with a word that is not among those given."""
    around = f"relatedItem {attribute(item, 'type')}" if local_name(item) == "relatedItem" else ""
    for one in item:
        for leaf in unsaid(one, words, _MEANT_OTHERWISE, around):
            if local_name(leaf.element) != "roleTerm" or not is_role(leaf.text):
                yield leaf
