"""RDF in XML as nodes with properties (RDF 1.1 XML Syntax), as far as bibliographies use it.

Node elements, typed or `rdf:Description`; properties with a text, with a node inside, or naming
one by `rdf:resource` or `rdf:nodeID`; `rdf:parseType`; containers (`rdf:Seq`, `rdf:Bag`). Names
are short: `dc:title`, whichever prefix a file gives the namespace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from refman.text.xml_elements import inner_xml

_NAMESPACES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/net/biblio#": "bib",
    "http://purl.org/ontology/bibo/": "bibo",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://prismstandard.org/namespaces/basic/2.1/": "prism",
    "http://prismstandard.org/namespaces/basic/3.0/": "prism",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://nwalsh.com/rdf/vCard#": "vcard",
    "http://www.w3.org/2006/vcard/ns#": "vcard",
    "http://purl.org/rss/1.0/modules/link/": "link",
    "http://www.zotero.org/namespaces/export#": "z",
    "http://purl.org/eprint/terms/": "eprints",
    "http://schema.org/": "schema",
    "https://schema.org/": "schema",
    "http://ogp.me/ns#": "og",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
}
_MAX_DEPTH = 30
_OVERHEAD = 200
"""About what a node or a value takes beside its text."""


@dataclass(slots=True)
class Node:
    """A thing with an address or none, its types, and its properties in their order."""

    about: str = ""
    types: list[str] = field(default_factory=list)
    properties: dict[str, list[Node | str]] = field(default_factory=dict)
    line: int = 0

    def add(self, name: str, value: Node | str) -> None:
        """One more value of a property."""
        self.properties.setdefault(name, []).append(value)


class Graph:
    """Nodes by their address; one that is named before it is described is the same node."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self.size = 0
        """About how many bytes of memory it takes, counting a character as one."""

    def read(self, element: etree._Element, line: int = 0) -> Node:
        """The node that a node element describes, with all that is inside."""
        return self._node(element, line, 0)

    def _node(self, element: etree._Element, line: int, depth: int) -> Node:
        self.size += _OVERHEAD
        name = short_name(element.tag)
        about = _attribute(element, "about") or _attribute(element, "ID", "#")
        node = self._named(about or _attribute(element, "nodeID", "_:"))
        node.line = node.line or line
        if name != "rdf:Description" and name not in node.types:
            node.types.append(name)
        for key, value in element.items():
            short = short_name(key)
            if ":" in short and not short.startswith("rdf:"):
                node.add(short, str(value))
        if depth < _MAX_DEPTH:
            for child in element:
                self._property(node, child, depth)
        return node

    def _named(self, about: str) -> Node:
        if not about:
            return Node()
        return self._nodes.setdefault(about, Node(about))

    def _property(self, node: Node, element: etree._Element, depth: int) -> None:
        self.size += _OVERHEAD
        name = short_name(element.tag)
        resource = _attribute(element, "resource") or _attribute(element, "nodeID", "_:")
        kind = _attribute(element, "parseType")
        if name == "rdf:type":
            kind_of = short_name(resource, uri=True)
            if kind_of not in node.types:
                node.types.append(kind_of)
        elif resource and not (element.text or "").strip():
            # A text beside it is what was meant: some write the datatype so.
            self.size += len(resource)
            node.add(name, self._named(resource))
        elif kind == "Resource":
            inner = Node()
            for child in element:
                self._property(inner, child, depth + 1)
            node.add(name, inner)
        elif len(element) and kind != "Literal":
            for child in element:
                node.add(name, self._node(child, 0, depth + 1))
        else:
            text = inner_xml(element) if len(element) else element.text or ""
            self.size += len(text)
            if text.strip():
                node.add(name, text)

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())


def members(values: Iterable[Node | str]) -> list[Node | str]:
    """Values, with those of containers (`rdf:Seq`) in place of the container."""
    found: list[Node | str] = []
    for value in values:
        if isinstance(value, Node) and {"rdf:Seq", "rdf:Bag", "rdf:Alt"} & set(value.types):
            listed = [
                (_number(name), place, one)
                for place, (name, ones) in enumerate(value.properties.items())
                for one in ones
                if name.startswith("rdf:")
            ]
            found += [one for _, _, one in sorted(listed, key=lambda item: item[:2])]
        else:
            found.append(value)
    return found


def _number(name: str) -> int:
    digits = name.removeprefix("rdf:_")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 0


def short_name(tag: object, *, uri: bool = False) -> str:
    """`dc:title` for `{http://purl.org/dc/elements/1.1/}title`; other names as they are."""
    text = str(tag)
    if uri:
        cut = max(text.rfind("#"), text.rfind("/")) + 1
        namespace, local = text[:cut], text[cut:]
    else:
        namespace, _, local = text.removeprefix("{").rpartition("}")
    prefix = _NAMESPACES.get(namespace)
    if prefix is not None:
        return f"{prefix}:{local}"
    return f"{namespace}{local}" if namespace else local


def _attribute(element: etree._Element, name: str, prefix: str = "") -> str:
    for key in (f"{{http://www.w3.org/1999/02/22-rdf-syntax-ns#}}{name}", name):
        value = element.get(key)
        if value:
            return prefix + str(value)
    return ""
