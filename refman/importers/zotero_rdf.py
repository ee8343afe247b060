"""Zotero RDF, and other bibliographies in RDF/XML: BIBO, Dublin Core with PRISM, schema.org.

A record is spread over several nodes (its journal, its notes, its files), which may come before it
or after, so the whole graph is held; files over a bound are not read to their end. What the
properties mean is `refman.crosswalk.rdf_reading`'s business; see `docs/formats/zotero-rdf.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.rdf_reading import FORMAT, description_from_node
from refman.crosswalk.rdf_types import is_no_work, of_nodes
from refman.crosswalk.read_entry import Place, to_record
from refman.importers.xml_works import told
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.rdf_xml import Graph, Node
from refman.text.xml_stream import XmlFault, xml_children

MAX_GRAPH = 256 * 1024 * 1024
"""Largest graph, in bytes of memory, that is held."""

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?RDF[\s>]")
_BIBLIOGRAPHIC = re.compile(
    r"zotero\.org/namespaces|purl\.org/net/biblio|ontology/bibo|prismstandard\.org|"
    r"purl\.org/dc/|schema\.org|purl\.org/eprint"
)
_SAY_NOTHING = frozenset(("type", "extra", "URL"))
_TITLES = frozenset(("dc:title", "dcterms:title", "schema:name", "schema:headline"))
_PARTS = (
    "dcterms:isPartOf", "schema:isPartOf", "bib:presentedAt", "link:link", "dcterms:creator",
    "dcterms:isReferencedBy", "dc:publisher", "schema:publisher", "schema:author",
)  # fmt: skip


class ZoteroRdfImporter:
    """Reads `zotero-rdf`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Zotero RDF",
            extensions=(".rdf", ".xml"),
            media_type="application/rdf+xml",
            description="from Zotero, EPrints and others (BIBO, Dublin Core, PRISM, schema.org)",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 for RDF/XML of Zotero's, 0.8 for other bibliographic ontologies; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<") or not _ROOT.search(text):
            return 0.0
        if "zotero.org/namespaces" in text:
            return 0.97
        return 0.8 if _BIBLIOGRAPHIC.search(text) else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each node that is a work, in the order of the file."""
        graph = Graph()
        nodes: dict[int, Node] = {}
        for item in xml_children(source.binary(), "RDF"):
            if isinstance(item, XmlFault):
                yield told(item)
                continue
            node = graph.read(item.element, item.line)
            nodes[id(node)] = node
            if graph.size > MAX_GRAPH:
                reason = f"more than {MAX_GRAPH >> 20} MB of memory; the rest is not read"
                yield Problem(reason=reason, line=item.line)
                break
        parts = {id(value) for node in (*graph, *nodes.values()) for value in _parts_of(node)}
        for node in nodes.values():
            if _is_work(node, id(node) in parts):
                yield _read(node, source.name, options)


def _parts_of(node: Node) -> Iterator[Node]:
    for name in _PARTS:
        for value in node.properties.get(name, ()):
            if isinstance(value, Node):
                yield value


def _is_work(node: Node, is_part: bool) -> bool:
    if is_part or is_no_work(node.types):
        return False
    return (
        "z:itemType" in node.properties
        or of_nodes(node.types, ()) is not None
        or not _TITLES.isdisjoint(node.properties)
    )


def _read(node: Node, name: str, options: ImportOptions) -> Record | Problem:
    place = Place(node.line or 1, node.about)
    return to_record(description_from_node(node), FORMAT, name, place, options, _SAY_NOTHING)


importer = ZoteroRdfImporter()
